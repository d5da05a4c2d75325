import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { CONNECT, packet, REFUSE } from '../testing/samples/oracle.ts'
import { oracle } from './oracle.ts'

test('what connects to which service; who, stays unsaid', () => {
  const { lines } = converse(
    oracle,
    [
      ['client', CONNECT],
      ['server', REFUSE],
    ],
    {},
    21,
  )
  expect(lines).toEqual([
    'server oracle.service pacs',
    'client oracle.program viewer.exe',
    'client oracle.client-host WS-12',
    'server oracle.version 19.0.0.0',
    'server oracle.error 12514',
  ])
})

test.each([
  ['a connection on any port', CONNECT, 9999, 'strong'],
  ['data on its port', packet(6, 'x'), 1521, 'weak'],
  ['data elsewhere', packet(6, 'x'), 9999, 'no'],
  [
    'something where zeros must be',
    bytesOf(CONNECT.subarray(0, 6), 1, CONNECT.subarray(7)),
    1521,
    'no',
  ],
])('%s', (_case, message, serverPort, likeness) => {
  expect(readMessage(oracle, message, testContext({ serverPort })).likeness).toBe(likeness)
})
