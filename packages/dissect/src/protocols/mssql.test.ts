import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { LOGIN, LOGIN_ANSWER, packet, PRELOGIN, PRELOGIN_ANSWER } from '../testing/samples/mssql.ts'
import { mssql } from './mssql.ts'

test('both sides say what they are, the user stays unsaid', () => {
  const { lines } = converse(
    mssql,
    [
      ['client', PRELOGIN],
      ['server', PRELOGIN_ANSWER],
      ['client', LOGIN],
      ['server', LOGIN_ANSWER],
    ],
    {},
    21,
  )
  expect(lines).toEqual([
    'client mssql.encryption off',
    'server mssql.version 15.0.2000',
    'server mssql.encryption not-supported',
    'client mssql.client-host PACS-2',
    'client mssql.application Viewer 2',
    'server mssql.server-name DB-1',
    'client mssql.library ODBC',
    'server mssql.product Microsoft SQL Server',
    'server mssql.version 15.0.2000',
  ])
})

/** ALL_HEADERS with a transaction descriptor. */
const REQUEST_HEADERS = bytesOf([22, 0, 0, 0, 18, 0, 0, 0, 2, 0], '\0'.repeat(12), 'p')

test.each([
  ['a prelogin', PRELOGIN, 'strong'],
  ['a login', LOGIN, 'strong'],
  ['a query', packet(1, 'select'), 'weak'],
  ['a procedure call with its headers', packet(3, REQUEST_HEADERS), 'strong'],
  ['headers longer than the call', packet(3, bytesOf(99, REQUEST_HEADERS.subarray(1))), 'weak'],
  ['a query with something behind', bytesOf(packet(1, 'select'), 1), 'no'],
  ['a login of another length', bytesOf(LOGIN.subarray(0, 8), 1, LOGIN.subarray(9)), 'no'],
  ['an unknown type', packet(0x55, 'x'), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(mssql, message).likeness).toBe(likeness)
})
