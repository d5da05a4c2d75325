import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { DATA, INITIATION, RESPONSE } from '../testing/samples/wireguard.ts'
import { wireguard } from './wireguard.ts'

test('an answer must be to the question', () => {
  const context = testContext()
  expect(readMessage(wireguard, INITIATION, context).facts).toEqual([
    { subject: 'client', field: 'wireguard.message', value: 'initiation' },
  ])
  readMessage(wireguard, RESPONSE, context)
  expect(context.hasDoubt).toBe(false)
  const other = testContext({ state: 5 })
  readMessage(wireguard, RESPONSE, other)
  expect(other.hasDoubt).toBe(true)
})

test.each([
  ['an initiation', INITIATION, 'weak'],
  ['a response', RESPONSE, 'weak'],
  ['data', DATA, 'weak'],
  ['an initiation of another length', bytesOf(INITIATION, 0), 'no'],
  ['data that are not padded', bytesOf(DATA, 0), 'no'],
  ['something in the reserved bytes', bytesOf(1, 1, INITIATION.subarray(2)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(wireguard, message).likeness).toBe(likeness)
})
