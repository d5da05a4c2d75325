import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { ANSWER, FIND, HELLO, message } from '../testing/samples/mongodb.ts'
import { mongodb } from './mongodb.ts'

test('driver and server say their versions, documents stay unread', () => {
  const said = converse(
    mongodb,
    [
      ['client', HELLO],
      ['server', ANSWER],
      ['client', FIND],
    ],
    {},
    11,
  )
  expect(said.lines).toEqual([
    'client mongodb.driver PyMongo 3.8',
    'server mongodb.replica-set pacs',
    'server mongodb.version 4.4.1',
  ])
})

test.each([
  ['a query', HELLO, 'strong'],
  ['a message', ANSWER, 'strong'],
  ['an old insert', message(2002, new Uint8Array(8)), 'weak'],
  ['the same with more behind', bytesOf(message(2002, new Uint8Array(8)), 0), 'no'],
  ['an operation that none has', message(2999, new Uint8Array(20)), 'no'],
  ['a query without a name', message(2004, new Uint8Array(40)), 'no'],
])('%s', (_case, bytes, likeness) => {
  expect(readMessage(mongodb, bytes).likeness).toBe(likeness)
})
