import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf, type Said } from '../testing/frames.ts'
import { ALIVE, bccBlock, GET, VALUES } from '../testing/samples/bcc.ts'
import { bcc } from './bcc.ts'

const SAID: readonly Said[] = [
  ['client', ALIVE],
  ['server', bytesOf(0x06)],
  ['client', GET],
  ['server', VALUES],
]

test('a block is made as the published example has it', () => {
  expect(String.fromCharCode(...ALIVE)).toBe('\u000100031\u00021/1/1>ADMIN:ALIVE\u000300061\u0004')
})

test.each([Infinity, 6])('pumps of a rack are known by serial number, in pieces of %d', (piece) => {
  const { lines } = converse(bcc, SAID, {}, piece)
  expect(lines.filter((line) => !line.endsWith(' cleartext'))).toEqual([
    'client bcc.request ADMIN:ALIVE',
    'client bcc.request MEM:GET',
    'server bcc.rack-state 00051',
    'server bcc.serial 123456',
    'server bcc.device-type 123456 6144',
    'server bcc.rate 123456 12.50',
    'server bcc.drug 123456 Dopamine 250',
    'server bcc.run-state 123456 1',
  ])
})

test('a block whose sum is wrong tells nothing', () => {
  expect(readMessage(bcc, GET.with(20, 0x41))).toMatchObject({ facts: [], isConsumed: false })
})

test.each([
  ['a request', GET, 'strong'],
  ['values', VALUES, 'strong'],
  ['the start of one', VALUES.subarray(0, 9), 'incomplete'],
  ['an answer alone', bytesOf(0x06), 'incomplete'],
  ['a length that is none', bytesOf(0x01, '0003x', 0x02), 'no'],
  ['something else behind STX', bytesOf(0x01, '00031', 0x02, 'x'.repeat(64)), 'no'],
  ['a block without an address', bccBlock('y'.repeat(60)), 'no'],
] as const)('the likeness of %s', (_case, message, likeness) => {
  expect(readMessage(bcc, message).likeness).toBe(likeness)
})
