import { expect, test } from 'vitest'
import { pcap } from '../testing/captures.ts'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { type Said, tcpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import {
  ABORT,
  ACKNOWLEDGED,
  CONTROL_FILE,
  DATA_FILE,
  ENDLESS_FILE,
  RECEIVE,
  REMOVE,
  STATE,
  STATE_TOLD,
} from '../testing/samples/lpd.ts'
import { lpd } from './lpd.ts'

const OF_A_JOB = ['client lpd.command receive-job', 'server lpd.queue raw']
const SENT: readonly Said[] = [
  ['client', RECEIVE],
  ['server', ACKNOWLEDGED],
  ['client', CONTROL_FILE],
  ['server', ACKNOWLEDGED],
  ['client', DATA_FILE],
]

test('command and queue are told, files are let go by', () => {
  for (const piece of [Infinity, 1, 7]) {
    expect(converse(lpd, SENT, {}, piece).lines).toEqual(OF_A_JOB)
    expect(
      converse(lpd, [...SENT.slice(0, 3), ['client', ABORT], ['client', REMOVE]], {}, piece).lines,
    ).toEqual([...OF_A_JOB, 'client lpd.command remove-jobs', 'server lpd.queue raw'])
    const endless: Said[] = [
      ['client', RECEIVE],
      ['client', ENDLESS_FILE],
    ]
    expect(converse(lpd, endless, {}, piece).lines).toEqual(OF_A_JOB)
  }
})

test('who is asked for, and what the printer answers, is not told', () => {
  expect(
    converse(lpd, [
      ['client', STATE],
      ['server', STATE_TOLD],
    ]).lines,
  ).toEqual(['client lpd.command queue-state-long', 'server lpd.queue raw'])
})

test.each([
  [515, [['client', STATE]], 'lpd'],
  [515, SENT, 'lpd'],
  // A byte and a line of text are the frame of many a device behind a serial gateway.
  [40_404, SENT, undefined],
  [
    40_404,
    [
      ['client', RECEIVE],
      ['server', ACKNOWLEDGED],
    ],
    undefined,
  ],
  [
    515,
    [
      ['client', RECEIVE],
      ['client', 'GET / HTTP/1.1\r\n\r\n'],
    ],
    'http',
  ],
] as const)('known on its port alone, on port %i', (port, said, protocol) => {
  const [flow] = observe(pcap(tcpFrames({ server: { port } }, said)))
  expect(flow?.protocol).toBe(protocol)
})

test.each([
  ['\x02raw\n', 'weak'],
  ['\x03raw \n', 'weak'],
  ['\x02raw', 'incomplete'],
  ['\x02\n', 'no'],
  ['\x02raw queue\n', 'no'],
  ['\x02raw\n\x02', 'no'],
  ['\x02r\x01w\n', 'no'],
  [`\x02${'x'.repeat(65)}`, 'no'],
  [`\x04raw ${'x'.repeat(1100)}`, 'no'],
  ['\x06raw\n', 'no'],
])('%j is %s', (text, likeness) => expect(readMessage(lpd, text).likeness).toBe(likeness))
