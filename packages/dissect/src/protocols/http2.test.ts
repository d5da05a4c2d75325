import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { frame, PREFACE, REQUEST, SETTINGS } from '../testing/samples/http2.ts'
import { http2 } from './http2.ts'

test('fields in plain text are read, others passed over', () => {
  const stream = bytesOf(PREFACE, SETTINGS, REQUEST)
  expect(converse(http2, [['client', stream]], {}, 7).lines).toEqual([
    'server http2.authority pacs.ward.example',
    'client http2.user-agent viewer/2',
  ])
})

test.each([
  ['a preface', PREFACE, 'client', 'strong'],
  ['its start', PREFACE.subarray(0, 9), 'client', 'incomplete'],
  ['settings of a server', SETTINGS, 'server', 'weak'],
  ['settings of a client alone', SETTINGS, 'client', 'no'],
  ['settings of no number', frame(4, 0, 0, [1, 2, 3, 4]), 'server', 'no'],
] as const)('%s', (_case, bytes, from, likeness) => {
  expect(readMessage(http2, bytes, testContext({ from })).likeness).toBe(likeness)
})
