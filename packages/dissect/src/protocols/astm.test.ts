import { expect, test } from 'vitest'
import { pcap } from '../testing/captures.ts'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf, type Said, tcpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import {
  astmFrame,
  CUT_HEADER,
  FRAMES,
  HEADER,
  ONE_FRAME,
  PASSWORD,
  RAW,
  RECORDS,
  SAMPLES,
} from '../testing/samples/astm.ts'
import { astm } from './astm.ts'

const linesOf = (bytes: Uint8Array, piece = Infinity) =>
  converse(astm, [['client', bytes]], {}, piece).lines.filter((line) => !/cleartext/.test(line))

const EXPECTED = [
  'client astm.sender Examplemed Chem 9 ^ 3.2.1 ^ SN55',
  'client astm.sender-name Examplemed Chem 9',
  'client astm.sender-version 3.2.1',
  'client astm.receiver LIS ^ HOST',
  'client astm.processing P',
  'client astm.version E 1394-97',
]

test.each([
  ['in frames', FRAMES],
  ['in one frame', ONE_FRAME],
  ['without frames', RAW],
])('a header names the analyser, %s', (_case, bytes) => {
  for (const piece of [Infinity, 3]) expect(linesOf(bytes, piece)).toEqual(EXPECTED)
})

test('a header cut in two tells what its first part holds, and the rest is taken for no record', () => {
  expect(linesOf(CUT_HEADER)).toEqual([
    'client astm.sender Examplemed Chem 9 ^ 3.2.1 ^ SN55',
    'client astm.sender-name Examplemed Chem 9',
    'client astm.sender-version 3.2.1',
  ])
})

test('a password in a header is told of, not told', () => {
  expect(linesOf(PASSWORD)).toEqual([
    'client astm.login password',
    'client astm.sender ABX',
    'client astm.sender-name ABX',
  ])
})

test('no planted patient reaches a fact, wherever bytes are lost or changed', () => {
  for (const { bytes } of SAMPLES) {
    for (let at = 0; at < bytes.length; at++) {
      for (const middle of [[], [0x7c], [0x0d], [bytes[at]! ^ 1]]) {
        const broken = bytesOf(bytes.subarray(0, at), middle, bytes.subarray(at + 1))
        expect(linesOf(broken).join('\n')).not.toMatch(/PLANTED|JANE/)
      }
    }
  }
})

test('a session is known by its first frame, after enquiry and answer', () => {
  const said: Said[] = [
    ['client', bytesOf(0x05)],
    ['server', bytesOf(0x06)],
    ['client', astmFrame(1, HEADER)],
    ['server', bytesOf(0x06)],
  ]
  const [flow] = observe(pcap(tcpFrames({ server: { port: 5555 } }, said)))
  expect(flow?.protocol).toBe('astm')
  expect(flow?.values.get('astm.sender-name')).toEqual(['Examplemed Chem 9'])
})

test.each([
  ['an enquiry', bytesOf(0x05), 'incomplete'],
  ['an answer', bytesOf(0x06), 'incomplete'],
  ['a frame with a header', astmFrame(1, HEADER), 'strong'],
  ['a frame with another record', astmFrame(3, RECORDS[0]!), 'strong'],
  ['one with a wrong check sum', astmFrame(3, RECORDS[0]!).with(10, 0x41), 'no'],
  ['a header without a frame', bytesOf(HEADER), 'strong'],
  ['SOCKS', bytesOf([5, 1, 0]), 'no'],
  ['HTTP', bytesOf('HEAD / HTTP/1.1\r\n'), 'no'],
] as const)('the likeness of %s', (_case, message, likeness) => {
  expect(readMessage(astm, message).likeness).toBe(likeness)
})
