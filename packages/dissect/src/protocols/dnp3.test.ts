import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { ATTRIBUTES, READ, RESTART, SEGMENTS, UNSOLICITED } from '../testing/samples/dnp3.ts'
import { dnp3, dnp3Udp } from './dnp3.ts'

const ASKED = [
  'client dnp3.master-address 1',
  'server dnp3.outstation-address 10',
  'client dnp3.function read',
]
const TOLD = [
  'server dnp3.indication restarted',
  'server dnp3.vendor Schweitzer Engineering Laboratories',
  'server dnp3.model SEL-3505',
  'server dnp3.serial 1171630123',
  'server dnp3.software-version R141-V0',
]

test.each([Infinity, 7])('tells addresses, requests and attributes, in pieces of %d', (piece) => {
  const { lines } = converse(
    dnp3,
    [
      ['client', READ],
      ['server', ATTRIBUTES],
    ],
    {},
    piece,
  )
  expect(lines).toEqual([...ASKED, 'server dnp3.outstation-address 10', ...TOLD])
})

test('puts segments together', () => {
  const { lines } = converse(dnp3, [
    ['server', SEGMENTS[0]],
    ['server', SEGMENTS[1]],
  ])
  expect(lines.slice(2)).toEqual(TOLD)
})

test('a segment without its beginning tells nothing', () => {
  expect(converse(dnp3, [['server', SEGMENTS[1]]]).lines).toEqual([
    'server dnp3.outstation-address 10',
  ])
})

test('tells commands, and several frames of a datagram', () => {
  expect(converse(dnp3, [['client', RESTART]]).lines).toContain('client dnp3.function cold-restart')
  const { lines } = converse(dnp3Udp, [['server', bytesOf(UNSOLICITED, ATTRIBUTES)]])
  expect(lines).toContain('server dnp3.sends unsolicited responses')
  expect(lines).toContain('server dnp3.model SEL-3505')
})

test.each([
  ['a frame', READ, 'strong'],
  ['its first bytes', READ.slice(0, 6), 'incomplete'],
  ['a frame whose check is wrong', READ.map((byte, at) => (at === 4 ? byte ^ 1 : byte)), 'no'],
] as const)('%s', (_case, message, likeness) => {
  expect(readMessage(dnp3, message).likeness).toBe(likeness)
  expect(readMessage(dnp3Udp, message).likeness).toBe(likeness)
})
