import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { LOGIN } from '../testing/samples/iscsi.ts'
import { iscsi } from './iscsi.ts'

test('both ends are named, the user is not', () => {
  expect(converse(iscsi, [['client', LOGIN]], {}, 13).lines).toEqual([
    'client iscsi.initiator-name iqn.1993-08.org.debian:01:pacs',
    'server iscsi.target-name iqn.2026-01.example:store',
  ])
})

test.each([
  ['a login', LOGIN, 'strong'],
  ['a login without keys', bytesOf(LOGIN.subarray(0, 5), [0, 0, 0], new Uint8Array(40)), 'no'],
  ['with an additional header', bytesOf(LOGIN.subarray(0, 4), 1, LOGIN.subarray(5)), 'no'],
  ['something else', new Uint8Array(60), 'no'],
])('%s', (_case, bytes, likeness) => expect(readMessage(iscsi, bytes).likeness).toBe(likeness))
