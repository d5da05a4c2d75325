import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { COMMAND, DENIED, INFO, SIGN_IN } from '../testing/samples/redis.ts'
import { redis } from './redis.ts'

test('version and sign-in, without the password', () => {
  const said = converse(redis, [
    ['client', COMMAND],
    ['server', DENIED],
    ['client', SIGN_IN],
    ['server', INFO],
  ])
  expect(said.lines).toEqual([
    'server redis.authentication required',
    'server redis.authentication password',
    'server redis.version 6.0.9',
    'server redis.mode standalone',
    'server redis.os Linux 5.4 x86_64',
  ])
})

test.each([
  ['*1\r\n$4\r\nPING\r\n', 'strong'],
  ['*1\r\n$', 'incomplete'],
  ['*1\r\n$9\r\nPING\r\n', 'no'],
  ['*** Welcome\r\n', 'no'],
])('%j is %s', (text, likeness) => expect(readMessage(redis, text).likeness).toBe(likeness))
