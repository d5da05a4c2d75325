import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { be16, bytesOf } from '../testing/frames.ts'
import { JOINS, JOINS_MANY } from '../testing/samples/neighbors.ts'
import { igmp } from './igmp.ts'

const said = (message: Uint8Array) =>
  readMessage(igmp, message).facts.map(({ field, value }) => `${field} ${value}`)

test('a host says which groups it listens to', () => {
  expect(said(JOINS)).toEqual(['igmp.group 239.255.255.250'])
  // Two of four records leave their groups.
  expect(said(JOINS_MANY)).toEqual(['igmp.group 224.0.0.251', 'igmp.group 239.1.1.3'])
})

test('leaving a group tells nothing', () => {
  expect(said(bytesOf(0x17, JOINS.subarray(1)))).toEqual([])
})

test.each([
  ['1', bytesOf([0x11, 0], be16(0), [0, 0, 0, 0])],
  ['2', bytesOf([0x11, 100], be16(0), [0, 0, 0, 0])],
  ['3', bytesOf([0x11, 100], be16(0), [0, 0, 0, 0], [2, 125, 0, 0])],
])('a querier of version %s', (version, message) => {
  expect(said(message)).toEqual([`igmp.querier ${version}`])
})

test.each([
  ['a report', JOINS, 'strong'],
  ['cut short', JOINS.subarray(0, 7), 'no'],
  ['another type', bytesOf(0x13, JOINS.subarray(1)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(igmp, message).likeness).toBe(likeness)
})
