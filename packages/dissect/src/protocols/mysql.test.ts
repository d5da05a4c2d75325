import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { DENIED, GREETING, packet, SIGN_IN, TLS_REQUEST } from '../testing/samples/mysql.ts'
import { mysql } from './mysql.ts'

test('a server greets with its version', () => {
  const { lines, became } = converse(
    mysql,
    [
      ['server', GREETING],
      ['client', SIGN_IN],
    ],
    {},
    9,
  )
  expect(lines).toEqual([
    'server mysql.version 5.7.33-log',
    'server mysql.tls offered',
    'server mysql.authentication mysql_native_password',
  ])
  expect(became).toEqual([])
})

test('a client that wants TLS gets it', () => {
  expect(
    converse(mysql, [
      ['server', GREETING],
      ['client', TLS_REQUEST],
    ]).became,
  ).toEqual(['tls'])
})

test('a server that refuses says why by number', () => {
  expect(converse(mysql, [['server', DENIED]]).lines).toEqual(['server mysql.error 1130'])
})

test.each([
  ['a greeting', GREETING, 'strong'],
  ['a refusal', DENIED, 'strong'],
  ['a version that is none', packet(0, 10, 'welcome to this place\0', new Uint8Array(30)), 'no'],
  ['another number', bytesOf(GREETING.subarray(0, 3), 1, GREETING.subarray(4)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(mysql, message, testContext({ from: 'server' })).likeness).toBe(likeness)
})
