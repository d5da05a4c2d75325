import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { IPFIX, V5, V9 } from '../testing/samples/netflow.ts'
import { netflow } from './netflow.ts'

test.each([
  [V5, ['client netflow.version 5']],
  [V9, ['client netflow.version 9', 'client netflow.domain 42']],
  [IPFIX, ['client netflow.version ipfix', 'client netflow.domain 43']],
])('version and domain', (message, lines) => {
  expect(readMessage(netflow, message).likeness).toBe('strong')
  expect(converse(netflow, [['client', message]]).lines).toEqual(lines)
})

test.each([
  ['a record too few', V5.subarray(0, 72)],
  ['a set that does not fit', bytesOf(V9, 0)],
  ['a time before there was any', V5.map((byte, at) => (at === 8 ? 0 : byte))],
  ['another length', bytesOf(IPFIX, 0)],
])('%s: no', (_case, message) => expect(readMessage(netflow, message).likeness).toBe('no'))
