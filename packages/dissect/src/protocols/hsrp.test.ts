import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  ADVERTISEMENT,
  HELLO,
  HELLO_2,
  HELLO_V6,
  hsrpBlock,
  hsrpGroup,
  hsrpMessage,
  INTERFACE,
  MD5,
  SIGNED_HELLO,
} from '../testing/samples/hsrp.ts'
import { hsrp } from './hsrp.ts'

const linesOf = (message: Uint8Array) => converse(hsrp, [['client', message]]).lines

test('a router says which address it shares, and how it stands', () => {
  expect(linesOf(HELLO)).toEqual([
    'client hsrp.version 1',
    'client hsrp.group 1',
    'client hsrp.state active',
    'client hsrp.priority 100',
    'client hsrp.address 192.168.10.1',
    'client hsrp.authentication none',
  ])
  expect(linesOf(ADVERTISEMENT)).toEqual(['client hsrp.version 1'])
})

test('version 2 says the same, also for IPv6', () => {
  expect(linesOf(HELLO_2)).toEqual([
    'client hsrp.version 2',
    'client hsrp.group 920',
    'client hsrp.state active',
    'client hsrp.priority 110',
    'client hsrp.address 10.52.253.126',
    'client hsrp.authentication cleartext',
  ])
  expect(linesOf(HELLO_V6)).toEqual([
    'client hsrp.version 2',
    'client hsrp.group 920',
    'client hsrp.state standby',
    'client hsrp.priority 110',
    'client hsrp.address fe80::5:73ff:fea0:398',
    'client hsrp.authentication md5',
  ])
  expect(linesOf(INTERFACE)).toEqual(['client hsrp.version 2'])
})

test.each([
  ['the default, which is no password', HELLO, 'none'],
  ['zeros', hsrpMessage(0, 16, '\0'.repeat(8)), 'none'],
  ['a password', hsrpMessage(0, 16, 'PLANTED\0'), 'cleartext'],
  ['a digest', SIGNED_HELLO, 'md5'],
  [
    'the default in version 2',
    bytesOf(HELLO_2.subarray(0, 42), hsrpBlock(3, 'cisco\0\0\0')),
    'none',
  ],
])('authentication by %s', (_case, message, kind) => {
  expect(linesOf(message).at(-1)).toBe(`client hsrp.authentication ${kind}`)
  expect(linesOf(message).join()).not.toContain('PLANTED')
})

test('an address that is still to be learnt is none', () => {
  const learning = bytesOf(hsrpMessage(0, 1).subarray(0, 16), [0, 0, 0, 0])
  expect(linesOf(learning).join()).not.toContain('hsrp.address')
})

test.each([
  ['version 1', HELLO, 1985, 'strong'],
  ['version 1 with a digest', SIGNED_HELLO, 1985, 'strong'],
  ['an advertisement', ADVERTISEMENT, 1985, 'strong'],
  ['version 2', HELLO_2, 1985, 'strong'],
  ['version 2 for IPv6', HELLO_V6, 2029, 'strong'],
  ['the same elsewhere', HELLO, 9999, 'no'],
  ['a state that is none', hsrpMessage(0, 3), 1985, 'no'],
  ['an operation that is none', hsrpMessage(4, 16), 1985, 'no'],
  ['more behind', bytesOf(HELLO, 0), 1985, 'no'],
  ['version 2 cut', HELLO_2.subarray(0, 41), 1985, 'no'],
  ['version 2 with an unknown state', hsrpGroup(7, 4, '10.0.0.1'), 1985, 'no'],
  ['a digest alone', MD5, 1985, 'no'],
  ['an advertisement of another length', bytesOf(ADVERTISEMENT, 0), 1985, 'no'],
])('%s', (_case, message, serverPort, likeness) => {
  expect(readMessage(hsrp, message, testContext({ serverPort })).likeness).toBe(likeness)
})
