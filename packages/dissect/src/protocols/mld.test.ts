import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { address, be16 } from '../testing/frames.ts'
import { icmp6, LISTENS, LISTENS_TO_MANY } from '../testing/samples/neighbors.ts'
import { mld } from './mld.ts'

const said = (message: Uint8Array) =>
  readMessage(mld, message).facts.map(({ field, value }) => `${field} ${value}`)

const query = (...rest: readonly number[]) => icmp6(130, be16(1000), be16(0), address('::'), rest)

test('a host says which groups it listens to, but for those that its addresses bring', () => {
  expect(said(LISTENS)).toEqual(['mld.group ff02::fb'])
  // One record leaves a group, one is of an address.
  expect(said(LISTENS_TO_MANY)).toEqual(['mld.group ff02::fb', 'mld.group ff3e::8000:1'])
})

test('whoever asks is the querier, of the version that its length tells', () => {
  expect(said(query())).toEqual(['mld.querier 1'])
  expect(said(query(2, 125, 0, 0))).toEqual(['mld.querier 2'])
})

test('a count that lies ends with the message', () => {
  const lie = LISTENS_TO_MANY.slice(0, 28)
  lie.set(be16(0xffff), 6)
  expect(said(lie)).toEqual(['mld.group ff02::fb'])
})

test.each([
  ['a report', LISTENS, 'strong'],
  ['cut short', LISTENS.subarray(0, 23), 'no'],
  ['an advertisement of a router', icmp6(134, new Uint8Array(28)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(mld, message).likeness).toBe(likeness)
})
