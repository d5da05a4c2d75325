import { expect, test } from 'vitest'
import type { Side } from '../dissector.ts'
import { pcap } from '../testing/captures.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf, type Said, tcpFrames, udpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import { DATAGRAM, message } from '../testing/samples/teamviewer.ts'
import { teamviewer, teamviewerUdp } from './teamviewer.ts'

const overTcp = (port: number, said: readonly Said[]) =>
  observe(pcap(tcpFrames({ server: { port } }, said))).map(({ protocol }) => protocol)
const overUdp = (port: number, said: readonly Said[]) =>
  observe(pcap(udpFrames({ server: { port } }, said))).map(({ protocol }) => protocol)

test('over TCP one message is enough on the port, elsewhere nothing is', () => {
  expect(overTcp(5938, [['client', message(0x0a)]])).toEqual(['teamviewer'])
  expect(
    overTcp(9999, [
      ['client', message(0x0a)],
      ['client', message(0x0b)],
    ]),
  ).toEqual([undefined])
  const both: Said[] = [
    ['client', message(0x0a)],
    ['server', message(0x2a, '1130')],
  ]
  expect(overTcp(9999, both)).toEqual([undefined])
})

test('an end that begins otherwise speaks against it, a piece of a long message does not', () => {
  const context = testContext({ serverPort: 5938 })
  const isConsumed = (from: Side, bytes: Uint8Array) => {
    Object.assign(context, { from, hasDoubt: false })
    return readMessage(teamviewer, bytes, context).isConsumed
  }
  expect(isConsumed('client', message(0x0a))).toBe(true)
  expect(context.hasDoubt).toBe(false)
  expect(isConsumed('client', new Uint8Array(40))).toBe(true)
  expect(context.hasDoubt).toBe(true)
  expect(isConsumed('server', new Uint8Array(40))).toBe(false)
})

test('over UDP one datagram is enough on the port, elsewhere four are', () => {
  const said = (count: number): Said[] => Array.from({ length: count }, () => ['client', DATAGRAM])
  expect(overUdp(5938, said(1))).toEqual(['teamviewer'])
  expect(overUdp(9999, said(3))).toEqual([undefined])
  expect(overUdp(9999, said(4))).toEqual(['teamviewer'])
  const stranger: Said = ['server', new Uint8Array(40)]
  const recognised = (before: number) => {
    const [flow] = observe(pcap(udpFrames({ server: { port: 5938 } }, [...said(before), stranger])))
    return flow!.confidence === 'content'
  }
  expect([recognised(1), recognised(2)]).toEqual([false, true])
})

test.each([
  ['the older mark', message(1), 'weak'],
  ['the newer mark', message(1, '1130'), 'weak'],
  ['half a mark', bytesOf(0x17), 'incomplete'],
  ['a mark without its command', message(1).subarray(0, 2), 'incomplete'],
  ['a record of TLS', bytesOf(0x17, 3, 3, 0, 16), 'no'],
])('over TCP, %s', (_case, bytes, likeness) => {
  expect(readMessage(teamviewer, bytes).likeness).toBe(likeness)
})

test.each([
  ['a datagram', DATAGRAM, 'weak'],
  ['one cut behind its mark', DATAGRAM.subarray(0, 13), 'no'],
  ['one that begins otherwise', bytesOf(1, DATAGRAM.subarray(1)), 'no'],
  ['one of another mark', bytesOf(DATAGRAM.subarray(0, 11), [0x11, 0x30], new Uint8Array(9)), 'no'],
])('over UDP, %s', (_case, bytes, likeness) => {
  expect(readMessage(teamviewerUdp, bytes).likeness).toBe(likeness)
})
