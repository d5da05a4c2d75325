import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  ASK,
  CYCLIC,
  CYCLIC_ANSWER,
  MELSOFT_ASK,
  MELSOFT_MODEL,
  MODEL,
  slmp,
  STOP,
} from '../testing/samples/melsec.ts'
import { cclink, melsec, melsecUdp } from './melsec.ts'

test.each([Infinity, 8])('tells the CPU and commands, in pieces of %d', (piece) => {
  const { lines } = converse(
    melsec,
    [
      ['client', ASK],
      ['server', MODEL],
      ['client', STOP],
      ['client', MELSOFT_ASK],
      ['server', MELSOFT_MODEL],
    ],
    {},
    piece,
  )
  expect(lines).toEqual([
    'client melsec.command read-cpu-model',
    'server melsec.model Q03UDECPU',
    'client melsec.command remote-stop',
    'client melsec.command melsoft',
    'server melsec.model FX5U-32MT/ES',
  ])
})

test('cyclic data tells master and stations', () => {
  const { lines } = converse(cclink, [
    ['client', CYCLIC],
    ['server', CYCLIC_ANSWER],
  ])
  expect(lines).toEqual(['client cclink.role master', 'server cclink.role station'])
})

test.each([
  ['a request', melsec, ASK, 'strong'],
  ['a request of 4E', melsecUdp, STOP, 'strong'],
  ['an answer', melsecUdp, MODEL, 'weak'],
  ['an unknown command', melsec, slmp(0x50, [0, 0, 0x99, 0x99, 0, 0]), 'no'],
  ['MELSOFT', melsecUdp, MELSOFT_MODEL, 'strong'],
  ['with something behind it', melsecUdp, bytesOf(ASK, 0), 'no'],
  ['text', melsec, bytesOf('POST / HTTP/1.1\r\n'), 'no'],
  ['cyclic data', melsec, CYCLIC, 'no'],
  ['cyclic data', cclink, CYCLIC, 'strong'],
  ['a request', cclink, ASK, 'no'],
] as const)('%s', (_case, dissector, message, likeness) => {
  const context = testContext({ serverPort: 40_000 })
  expect(readMessage(dissector, message, context).likeness).toBe(likeness)
})
