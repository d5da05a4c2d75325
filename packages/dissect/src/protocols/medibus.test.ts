import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf, type Said } from '../testing/frames.ts'
import {
  ASK_IDENTITY,
  IDENTITY,
  INITIALIZE,
  medibusMessage,
  TEXTS,
} from '../testing/samples/medibus.ts'
import { medibus } from './medibus.ts'

const SAID: readonly Said[] = [
  ['client', INITIALIZE],
  ['server', medibusMessage(0x01, 'Q')],
  ['client', ASK_IDENTITY],
  ['server', IDENTITY],
  ['server', TEXTS],
]

test.each([Infinity, 4])('a ventilator names itself and its revision, in pieces of %d', (piece) => {
  const { lines } = converse(medibus, SAID, {}, piece)
  expect(lines.filter((line) => !line.endsWith(' cleartext'))).toEqual([
    'client medibus.command initialize',
    'client medibus.command device identification',
    'server medibus.device-id 8210',
    'server medibus.device Ventio 500',
    'server medibus.revision 02.30',
    'server medibus.version 06.00',
  ])
})

test('realtime data between the bytes of a message are left out', () => {
  const mixed = bytesOf(IDENTITY.subarray(0, 5), [0xd0, 0x81], IDENTITY.subarray(5))
  expect(converse(medibus, [['server', mixed]]).lines).toContain('server medibus.device Ventio 500')
})

test.each([
  ['a command', ASK_IDENTITY, 'strong'],
  ['an answer', IDENTITY, 'strong'],
  ['a wrong sum', IDENTITY.with(6, 0x42), 'no'],
  ['the start of one', IDENTITY.subarray(0, 9), 'incomplete'],
  ['a terminal', bytesOf(0x1b, '[2J\r\n'), 'no'],
] as const)('the likeness of %s', (_case, message, likeness) => {
  expect(readMessage(medibus, message).likeness).toBe(likeness)
})
