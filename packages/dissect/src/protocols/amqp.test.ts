import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { frame, HEADER, START } from '../testing/samples/amqp.ts'
import { amqp } from './amqp.ts'

test('a broker says what it is', () => {
  expect(
    converse(
      amqp,
      [
        ['client', HEADER],
        ['server', START],
      ],
      {},
      5,
    ).lines,
  ).toEqual([
    'client amqp.version 0.9.1',
    'server amqp.product RabbitMQ',
    'server amqp.product-version 3.8.9',
  ])
})

test.each([
  ['a header', HEADER, 'strong'],
  ['its start', HEADER.subarray(0, 3), 'incomplete'],
  ['a frame', frame(3, 'body'), 'strong'],
  ['a frame without its end', frame(3, 'body').subarray(0, 11), 'no'],
  ['a frame of no type', frame(5, 'body'), 'no'],
])('%s', (_case, bytes, likeness) => expect(readMessage(amqp, bytes).likeness).toBe(likeness))
