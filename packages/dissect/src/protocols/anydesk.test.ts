import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { ANNOUNCEMENT, announcement } from '../testing/samples/anydesk.ts'
import { anydesk } from './anydesk.ts'

test('a host says its name and number, and its user is not read', () => {
  expect(converse(anydesk, [['client', ANNOUNCEMENT]]).lines).toEqual([
    'client anydesk.host-name ward3-pc7',
    'client anydesk.id 123456789',
  ])
  expect(converse(anydesk, [['client', announcement(0, 'x')]]).lines).toEqual([
    'client anydesk.host-name x',
  ])
})

test('a message of another form tells nothing', () => {
  const other = readMessage(anydesk, bytesOf([0x3e, 0xd1, 1, 9]))
  expect(other).toMatchObject({ facts: [], isConsumed: true })
  expect(readMessage(anydesk, bytesOf([0x3e, 0xd1, 2])).isConsumed).toBe(false)
})

const OTHER = bytesOf([0x3e, 0xd1, 1], new Uint8Array(30).fill(9))

test.each([
  ['an announcement on any port', ANNOUNCEMENT, 9999, false, 'strong'],
  ['one that is cut', ANNOUNCEMENT.subarray(0, 40), 9999, false, 'no'],
  ['one with more behind', bytesOf(ANNOUNCEMENT, 0), 9999, false, 'no'],
  ['one without a host', announcement(1, ''), 9999, false, 'no'],
  ['one whose host is too long', announcement(1, 'x'.repeat(256)), 9999, false, 'no'],
  ['another message to everybody on its port', OTHER, 50_002, true, 'strong'],
  ['another message on its port', OTHER, 50_002, false, 'weak'],
  ['another magic', bytesOf([0x3e, 0xd1, 2], OTHER), 50_001, true, 'no'],
])('%s', (_case, message, serverPort, isMulticast, likeness) => {
  const context = testContext({ serverPort, isMulticast })
  expect(readMessage(anydesk, message, context).likeness).toBe(likeness)
})
