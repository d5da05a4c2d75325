import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { be32, bytesOf } from '../testing/frames.ts'
import { ANSWERS, START, TLS_REQUEST } from '../testing/samples/postgresql.ts'
import { postgresql } from './postgresql.ts'

test('a client starts, a server says how to sign in and what it is', () => {
  const { lines } = converse(
    postgresql,
    [
      ['client', START],
      ['server', ANSWERS],
    ],
    {},
    6,
  )
  expect(lines).toEqual([
    'client postgresql.application pacs-writer 2',
    'server postgresql.authentication md5',
    'server postgresql.version 13.4 (Debian)',
  ])
})

test('TLS follows a yes, and only that', () => {
  const yes = converse(postgresql, [
    ['client', TLS_REQUEST],
    ['server', 'S'],
  ])
  expect(yes).toMatchObject({ lines: ['server postgresql.tls yes'], became: ['tls'] })
  const no = converse(postgresql, [
    ['client', TLS_REQUEST],
    ['server', 'N'],
    ['client', START],
  ])
  expect(no.became).toEqual([])
  expect(no.lines).toContain('client postgresql.application pacs-writer 2')
})

test.each([
  ['a start', START, 'strong'],
  ['a request for TLS', TLS_REQUEST, 'strong'],
  ['the same, longer than it can be', bytesOf(be32(12), be32(80_877_103), be32(0)), 'no'],
  ['four bytes', START.subarray(0, 4), 'incomplete'],
  ['SMB', bytesOf(be32(50), '\u00ffSMB'), 'no'],
])('%s', (_case, bytes, likeness) => {
  expect(readMessage(postgresql, bytes).likeness).toBe(likeness)
})
