import { expect, test } from 'vitest'
import { CaptureReader } from '../capture/capture-reader.ts'
import { Engine } from '../engine.ts'
import { pcap } from '../testing/captures.ts'
import { readMessage } from '../testing/facts.ts'
import { type Said, udpFrames } from '../testing/frames.ts'
import { rtpPacket } from '../testing/samples/rtp.ts'
import { rtp } from './rtp.ts'

/** What the engine calls a flow of these datagrams, and what it observes. */
function recognise(said: readonly Said[]) {
  const values: string[] = []
  let protocol: string | undefined
  const engine = new Engine({
    dissectors: [rtp],
    onObservation: ({ field, value }) => void values.push(`${field} ${value}`),
    onFlow: (flow) => void (protocol = flow.protocol),
  })
  const reader = new CaptureReader(engine)
  reader.push(pcap(udpFrames({}, said)))
  reader.end()
  engine.flush()
  return { protocol, values: values.filter((value) => value.startsWith('rtp.')) }
}

test('three packets of one source in order are RTP', () => {
  expect(recognise([1, 2, 3].map((at) => ['client', rtpPacket(at)]))).toEqual({
    protocol: 'rtp',
    values: ['rtp.payload-type PCMA'],
  })
})

test.each<[string, readonly Said[]]>([
  ['one packet', [['client', rtpPacket(1)]]],
  [
    'one packet of each side',
    [
      ['client', rtpPacket(1)],
      ['server', rtpPacket(1)],
    ],
  ],
  [
    'two packets',
    [
      ['client', rtpPacket(1)],
      ['client', rtpPacket(2)],
    ],
  ],
  ['sources that change', [1, 2, 3, 4].map((at) => ['client', rtpPacket(at, 0xcafe + at)])],
  ['numbers that jump', [1, 900, 4000, 70].map((at) => ['client', rtpPacket(at)])],
  ['one number', [1, 1, 1, 1].map((at) => ['client', rtpPacket(at)])],
])('%s: not believed', (_case, said) => {
  expect(recognise(said)).toEqual({ protocol: undefined, values: [] })
})

test.each([
  ['a packet', rtpPacket(1), 'weak'],
  ['a payload type that none has', rtpPacket(1, 7, 77), 'no'],
  ['a header without payload', rtpPacket(1).subarray(0, 12), 'no'],
  ['more sources than octets', Uint8Array.of(0x8f, ...rtpPacket(1).subarray(1, 60)), 'no'],
  ['control', rtpPacket(1, 7, 200), 'no'],
])('%s: %s', (_case, message, likeness) => {
  expect(readMessage(rtp, message).likeness).toBe(likeness)
})
