import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { ANSWER, ASK, finsFrame, NODE, overTcp, WRITE } from '../testing/samples/fins.ts'
import { fins, finsTcp } from './fins.ts'

const LINES = [
  'client fins.command controller-data-read',
  'server fins.model CJ2M-CPU33',
  'server fins.version 02.01',
  'client fins.command memory-write',
]

test('tells model, version and commands', () => {
  const { lines } = converse(fins, [
    ['client', ASK],
    ['server', ANSWER],
    ['client', WRITE],
  ])
  expect(lines).toEqual(LINES)
})

test.each([Infinity, 9])('the same over TCP, in pieces of %d', (piece) => {
  const said = [
    ['client', NODE],
    ['client', overTcp(2, ASK)],
    ['server', overTcp(2, ANSWER)],
    ['client', overTcp(2, WRITE)],
  ] as const
  expect(converse(finsTcp, said, {}, piece).lines).toEqual(LINES)
})

test('a refusal tells nothing', () => {
  expect(converse(fins, [['server', finsFrame(0xc0, 0x0501, [4, 1])]]).lines).toEqual([])
})

test.each([
  ['a command', fins, ASK, 'weak'],
  ['an unknown command', fins, finsFrame(0x80, 0x7777), 'no'],
  ['voice over RTP', fins, bytesOf([0x80, 0, 0x12, 0x34], new Uint8Array(30)), 'no'],
  ['a session', finsTcp, NODE, 'strong'],
  ['its first bytes', finsTcp, NODE.slice(0, 3), 'incomplete'],
  ['text', finsTcp, bytesOf('FINE and dandy, thanks'), 'no'],
] as const)('%s', (_case, dissector, message, likeness) => {
  expect(readMessage(dissector, message).likeness).toBe(likeness)
})
