import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { request, VERSIONS } from '../testing/samples/kafka.ts'
import { kafka } from './kafka.ts'

test('a client says what it is', () => {
  expect(converse(kafka, [['client', VERSIONS]], {}, 6).lines).toEqual([
    'client kafka.client-id pump-feed',
    'client kafka.client-software apache-kafka-java 2.8.0',
  ])
})

test.each([
  ['a request', VERSIONS, 'weak'],
  ['a request without an id, on its port', request(2, 0, '', [1, 2, 3]), 'weak'],
  ['more than it says', bytesOf(VERSIONS, 0), 'no'],
  ['a key that none has', request(99, 1, 'x', [1, 2, 3]), 'no'],
  ['an id that is none', request(3, 1, '\x01\x02', [1, 2, 3]), 'no'],
])('%s', (_case, bytes, likeness) => expect(readMessage(kafka, bytes).likeness).toBe(likeness))

test('without an id, another port is not enough', () => {
  const context = testContext({ serverPort: 9999 })
  expect(readMessage(kafka, request(2, 0, '', [1, 2, 3]), context).likeness).toBe('no')
})
