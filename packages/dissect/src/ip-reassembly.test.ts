import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode } from './decode/decode.ts'
import { Packet } from './decode/packet.ts'
import type { Dissector, Observation } from './dissector.ts'
import { Engine } from './engine.ts'
import type { FlowRecord } from './flow-report.ts'
import { IpReassembly } from './ip-reassembly.ts'
import {
  address,
  be16,
  be32,
  bytesOf,
  CLIENT,
  hex,
  ipv4,
  ipv6,
  SERVER,
  tcp,
  udp,
} from './testing/frames.ts'

const RAW_IP = 101
/** Microseconds between two frames. */
const STEP = 1000
const SECOND = 1e6

/** Tells what it is shown, and of which message of its flow: `say ` and any text. */
function saying(over: 'tcp' | 'udp'): Dissector {
  return {
    protocol: 'saying',
    over,
    ports: [7001],
    looksLike: (message) => (message.startsWith('say ') ? 'strong' : 'no'),
    *dissect(message, context) {
      const count = typeof context.state === 'number' ? context.state + 1 : 1
      context.state = count
      const text = message.skip(4).text(message.remaining)
      yield { subject: context.from, field: 'saying.text', value: `${count} ${text}` }
    },
  }
}

function run(packets: readonly Uint8Array[], isFlushed = true, step = STEP) {
  const observations: Observation[] = []
  const flows: FlowRecord[] = []
  const engine = new Engine({
    dissectors: [saying('tcp'), saying('udp')],
    onObservation: (observation) => observations.push(observation),
    onFlow: (flow) => flows.push(flow),
  })
  for (const [at, packet] of packets.entries()) {
    engine.frame(packet, 0, packet.length, packet.length, RAW_IP, at * step)
  }
  if (isFlushed) engine.flush()
  const said = () =>
    observations.filter(({ field }) => field === 'saying.text').map(({ value }) => value)
  return { engine, observations, flows, said, counters: () => engine.counters }
}

interface Part {
  readonly offset: number
  readonly end: number
}

/** Fragments of a payload that is cut at these offsets. */
function partsOf(payload: Uint8Array, cuts: readonly number[]): Part[] {
  const ends = [...cuts, payload.length]
  return ends.map((end, at) => ({ offset: at === 0 ? 0 : ends[at - 1]!, end }))
}

function fragment4(payload: Uint8Array, { offset, end }: Part, id = 7, protocol = 17): Uint8Array {
  const more = end < payload.length
  return ipv4({ protocol, id, fragment: { offset, more } }, payload.slice(offset, end))
}

function fragment6(payload: Uint8Array, { offset, end }: Part, id = 7, protocol = 17): Uint8Array {
  const more = end < payload.length ? 1 : 0
  const header = bytesOf(protocol, 0, be16(offset | more), be32(id))
  return ipv6({ protocol: 44 }, bytesOf(header, payload.slice(offset, end)))
}

const TEXT = 'abcdefghijklmnopqrstuvwxyz0123456789'
const DATAGRAM = udp({ to: 7001 }, bytesOf('say ', TEXT))
const PARTS = partsOf(DATAGRAM, [16, 32])

test.each([
  ['IPv4', fragment4],
  ['IPv6', fragment6],
])('a datagram in fragments of %s is read whole, in whatever order they come', (_, fragment) => {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]
  for (const order of orders) {
    const { engine, said, observations, counters } = run(
      order.map((at) => fragment(DATAGRAM, PARTS[at]!)),
      false,
    )
    expect(said()).toEqual([`1 ${TEXT}`])
    // It is told of the frame that made it whole.
    expect(observations.at(-1)).toMatchObject({ frame: 3, time: 2 * STEP })
    expect(counters()).toMatchObject({ reassembledPackets: 1 })
    engine.flush()
    expect(counters()).toMatchObject({ abandonedPackets: 0, reassemblyBytes: 0 })
  }
})

test('fragments that a mirror shows twice make one datagram, also where all packets have one number', () => {
  const others = ['KLMNOPQRSTUVWXYZ', '01234567890123456789'].map((text) =>
    udp({ to: 7001 }, bytesOf('say ', text)),
  )
  const twice = [DATAGRAM, ...others, DATAGRAM].flatMap((datagram) =>
    partsOf(datagram, [16]).flatMap((part) => [
      fragment4(datagram, part),
      fragment4(datagram, part),
    ]),
  )
  const { said, flows, counters } = run(twice)
  expect(said()).toEqual([`1 ${TEXT}`, '2 KLMNOPQRSTUVWXYZ', '3 01234567890123456789', `4 ${TEXT}`])
  expect(flows[0]).toMatchObject({ packets: [16, 0], protocol: 'saying' })
  expect(counters()).toMatchObject({ reassembledPackets: 4, abandonedPackets: 0 })
  // The last fragment first, as some senders have it.
  const backwards = [DATAGRAM, ...others].flatMap((datagram) =>
    partsOf(datagram, [16])
      .toReversed()
      .map((part) => fragment4(datagram, part)),
  )
  expect(run(backwards).said()).toHaveLength(3)
})

test('a packet whose fragments do not all come is counted, and not read in part', () => {
  const { said, flows, counters } = run([
    fragment4(DATAGRAM, PARTS[0]!),
    fragment4(DATAGRAM, PARTS[2]!),
    fragment4(DATAGRAM, PARTS[1]!, 8),
  ])
  expect(said()).toEqual([])
  expect(flows.map(({ server, packets }) => [server.port, packets[0]])).toEqual([
    [7001, 2],
    [0, 1],
  ])
  expect(counters()).toMatchObject({
    abandonedPackets: 2,
    reassembledPackets: 0,
    reassemblyBytes: 0,
  })
})

test('fragments that are half a minute apart are of two packets', () => {
  const { engine, said } = run([], false)
  const frame = (part: Part, time: number) => {
    const packet = fragment4(DATAGRAM, part)
    engine.frame(packet, 0, packet.length, packet.length, RAW_IP, time)
  }
  frame(PARTS[0]!, 0)
  frame(PARTS[1]!, 29e6)
  frame(PARTS[2]!, 31e6)
  expect(said()).toEqual([])
  frame(PARTS[0]!, 40e6)
  frame(PARTS[1]!, 50e6)
  expect(said()).toEqual([`1 ${TEXT}`])
})

test('a packet may have the number of one that was never whole', () => {
  const [one, other] = ['first', 'other'].map((text) =>
    udp({ to: 7001 }, bytesOf('say ', text.repeat(4))),
  )
  const parts = partsOf(one!, [16])
  const { said } = run([
    fragment4(one!, parts[0]!),
    fragment4(other!, parts[0]!),
    fragment4(other!, parts[1]!),
  ])
  expect(said()).toEqual([`1 ${'other'.repeat(4)}`])
})

test.each<[string, readonly Uint8Array[]]>([
  [
    'overlap',
    [
      fragment4(DATAGRAM, PARTS[0]!),
      fragment4(DATAGRAM, { offset: 8, end: 32 }),
      fragment4(DATAGRAM, PARTS[2]!),
    ],
  ],
  [
    'say something else the second time',
    [
      fragment4(DATAGRAM, PARTS[0]!),
      fragment4(DATAGRAM, PARTS[1]!),
      fragment4(new Uint8Array(DATAGRAM.length), PARTS[1]!),
      fragment4(DATAGRAM, PARTS[2]!),
    ],
  ],
  [
    'go on behind their end',
    [
      fragment4(DATAGRAM.slice(0, 32), PARTS[1]!),
      fragment4(DATAGRAM, PARTS[2]!),
      fragment4(DATAGRAM, PARTS[0]!),
    ],
  ],
  [
    'end before one of them',
    [
      fragment4(DATAGRAM, PARTS[0]!),
      fragment4(bytesOf(DATAGRAM, DATAGRAM), { offset: 32, end: 40 }),
      fragment4(DATAGRAM.slice(0, 32), PARTS[1]!),
    ],
  ],
  [
    'are not of whole words',
    [
      fragment4(DATAGRAM, PARTS[0]!),
      ipv4({ protocol: 17, id: 7, fragment: { offset: 16, more: true } }, DATAGRAM.slice(16, 31)),
      fragment4(DATAGRAM, PARTS[2]!),
    ],
  ],
  [
    'are the last and then are not',
    [
      fragment4(DATAGRAM.slice(0, 32), PARTS[1]!),
      fragment4(DATAGRAM, PARTS[1]!),
      fragment4(DATAGRAM, PARTS[0]!),
    ],
  ],
  [
    'are longer than a packet may be',
    [
      fragment4(DATAGRAM, PARTS[0]!),
      ipv4({ protocol: 17, id: 7, fragment: { offset: 65_528, more: false } }, new Uint8Array(16)),
    ],
  ],
])('fragments that %s are not put together', (_, packets) => {
  const { said, counters } = run(packets)
  expect(said()).toEqual([])
  expect(counters()).toMatchObject({ reassembledPackets: 0, reassemblyBytes: 0, defects: 0 })
  expect(counters()['abandonedPackets']).toBeGreaterThan(0)
})

test('of a packet that was refused no more is taken, and it is counted once', () => {
  const rest = partsOf(DATAGRAM, [16, 24, 32, 40]).slice(1)
  const { said, counters } = run([
    fragment4(DATAGRAM, PARTS[0]!),
    fragment4(DATAGRAM, { offset: 8, end: 32 }),
    ...rest.map((part) => fragment4(DATAGRAM, part)),
  ])
  expect(said()).toEqual([])
  expect(counters()).toMatchObject({
    abandonedPackets: 1,
    reassembledPackets: 0,
    reassemblyBytes: 0,
  })
})

test('a fragment of which the capture holds a part is not waited for', () => {
  const { engine, said } = run([], false)
  const first = fragment4(DATAGRAM, PARTS[0]!)
  engine.frame(first, 0, first.length - 2, first.length, RAW_IP, 0)
  // As any datagram that is cut off.
  expect(said()).toEqual(['1 ab'])
  for (const [at, part] of PARTS.entries()) {
    const packet = fragment4(DATAGRAM, part, 9)
    engine.frame(packet, 0, packet.length - (at === 1 ? 1 : 0), packet.length, RAW_IP, STEP)
  }
  expect(said()).toEqual(['1 ab'])
})

/** The checksum of RFC 768: what is left to a multiple of 65535. */
function checksumOf(payload: Uint8Array, addresses: readonly number[], protocol: number): number {
  const bytes = [...addresses, 0, protocol, ...be16(payload.length), ...payload, 0]
  let sum = 0
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes[at]! * 256 + bytes[at + 1]!
  return 0xffff - (sum % 0xffff)
}

test.each<[string, (payload: Uint8Array, part: Part) => Uint8Array, string, string]>([
  ['IPv4', fragment4, CLIENT.ip, SERVER.ip],
  ['IPv6', fragment6, 'fe80::1', 'fe80::2'],
])('what came slowly over %s must have its checksum', (_, fragment, from, to) => {
  for (const text of [TEXT, `${TEXT}!`]) {
    const datagram = udp({ to: 7001 }, bytesOf('say ', text))
    const sum = checksumOf(datagram, [...address(from), ...address(to)], 17)
    datagram.set(be16(sum), 6)
    // Links fill packets up.
    const filled = bytesOf(datagram, 1, 2, 3)
    const packets = partsOf(filled, [16, 32]).map((part) => fragment(filled, part))
    expect(run(packets, true, SECOND).said()).toEqual([`1 ${text}`])
    // The head of one packet, and the rest of another that had its number.
    const others = packets.with(1, fragment(filled.with(20, 0x2d), PARTS[1]!))
    const late = run(others, true, SECOND)
    expect(late.said()).toEqual([])
    expect(late.counters()).toMatchObject({ reassembledPackets: 0, abandonedPackets: 1 })
    // Nor where the clock of the capture went back meanwhile.
    expect(run(others, true, -SECOND).said()).toEqual([])
    // At once it is the capture that had its addresses changed.
    expect(run(others).said()).toEqual([`1 ${text.slice(0, 8)}-${text.slice(9)}`])
  }
})

test('a segment of TCP that came slowly must have its checksum, too', () => {
  const segment = tcp({ to: 7001, seq: 1 }, bytesOf('say ', TEXT))
  segment.set(be16(checksumOf(segment, [...address(CLIENT.ip), ...address(SERVER.ip)], 6)), 16)
  const packets = partsOf(segment, [24, 40]).map((part) => fragment4(segment, part, 7, 6))
  expect(run(packets, true, SECOND).said()).toEqual([`1 ${TEXT}`])
  const mixed = fragment4(segment.with(30, 0x2d), { offset: 24, end: 40 }, 7, 6)
  expect(run(packets.with(1, mixed), true, SECOND).said()).toEqual([])
})

test('a segment of TCP in fragments leaves no gap in its stream', () => {
  const part = (seq: number, text: string) => tcp({ to: 7001, seq }, bytesOf(text))
  const split = part(11, `say ${TEXT}`)
  const packets = [
    ipv4({ protocol: 6 }, tcp({ to: 7001, seq: 0, flags: 'S' })),
    ipv4({ protocol: 6 }, part(1, 'say before')),
    ...partsOf(split, [24, 40]).map((each) => fragment4(split, each, 3, 6)),
    ipv4({ protocol: 6 }, part(11 + 4 + TEXT.length, 'say after')),
  ]
  const { said, counters } = run(packets)
  expect(said()).toEqual(['1 before', `2 ${TEXT}`, '3 after'])
  expect(counters()).toMatchObject({ tcpGaps: 0, gaps: 0 })
})

test('a tunnel in fragments is entered with all that it carries, which may be fragments, too', () => {
  const inner = partsOf(DATAGRAM, [32]).map((each) => fragment4(DATAGRAM, each))
  const outer = inner.map((packet) =>
    udp(
      { from: 40_000, to: 4789 },
      bytesOf(hex('0800000000002a00'), hex('020000000002020000000001 0800'), packet),
    ),
  )
  const packets = outer.flatMap((datagram, at) =>
    partsOf(datagram, [24, 48]).map((each) => fragment4(datagram, each, 20 + at)),
  )
  const { said, flows, counters } = run(packets)
  expect(said()).toEqual([`1 ${TEXT}`])
  expect(flows.map(({ server, packets: count }) => [server.port, count[0]])).toEqual([
    [4789, 6],
    [7001, 2],
  ])
  expect(counters()).toMatchObject({
    reassembledPackets: 3,
    abandonedPackets: 0,
    orphanFragments: 0,
  })
})

test('what has headers of its own before the transport is read to its first fragment', () => {
  // A destination option in the fragment: its length is no part of the transport's payload.
  const payload = bytesOf(17, 0, [1, 4, 0, 0, 0, 0], DATAGRAM)
  const packets = partsOf(payload, [24]).map((each) => fragment6(payload, each, 5, 60))
  const { said, flows, counters } = run(packets)
  expect(said()).toEqual(['1 abcd'])
  expect(flows.map(({ server, packets: count }) => [server.port, count[0]])).toEqual([[7001, 2]])
  expect(counters()).toMatchObject({ reassembledPackets: 0, orphanFragments: 0 })
})

test('an authentication header stands in the first fragment, and all belong to one flow', () => {
  const payload = bytesOf(hex('1104 0000 00000001 00000001 000000000000000000000000'), DATAGRAM)
  // What stands in the later one must not be taken for a header.
  const packets = partsOf(payload, [40]).map((part) => fragment4(payload, part, 5, 51))
  const { said, flows, counters } = run(packets)
  expect(said()).toEqual(['1 abcd'])
  expect(flows).toMatchObject([{ transport: 'udp', packets: [2, 0] }])
  expect(counters()).toMatchObject({ orphanFragments: 0 })
  // Of the later one alone nothing is known, whatever its bytes look like.
  const like = fragment4(
    bytesOf(payload.slice(0, 40), 6, new Uint8Array(39)),
    { offset: 40, end: 80 },
    6,
    51,
  )
  expect(run([like]).flows).toMatchObject([{ transport: 'other', packets: [1, 0] }])
})

test('however a datagram is cut and shuffled, what is put together is what was sent', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 400 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 49 }), { maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      (content, cuts, random) => {
        const datagram = udp({ to: 7001 }, content)
        const inside = cuts
          .map((words) => words * 8)
          .filter((cut) => cut < datagram.length)
          .toSorted((one, other) => one - other)
        if (inside.length === 0) return
        const order = partsOf(datagram, inside)
          .map((part) => ({ part, at: random.next().value as number }))
          .toSorted((one, other) => one.at - other.at)
        const counters = { reassembledPackets: 0, abandonedPackets: 0 }
        const reassembly = new IpReassembly(counters)
        const wholes = order.map(({ part }) => {
          const p = new Packet()
          const packet = fragment4(datagram, part)
          decode(p, packet, 0, packet.length, packet.length, RAW_IP)
          return reassembly.take(p, 0)
        })
        const [whole, ...others] = wholes.filter((each) => each !== undefined)
        expect(others).toEqual([])
        expect(wholes.at(-1)).toBe(whole)
        expect(whole!.bytes.slice(whole!.payload, whole!.payloadEnd)).toEqual(content)
        reassembly.end()
        expect(reassembly.held).toBe(0)
        expect(counters).toEqual({ reassembledPackets: 1, abandonedPackets: 0 })
      },
    ),
  )
})

test('what is kept is bounded in bytes, whoever sends fragments without end', () => {
  const counters = { reassembledPackets: 0, abandonedPackets: 0 }
  const reassembly = new IpReassembly(counters)
  const payload = udp({ to: 7001 }, new Uint8Array(60_000))
  const p = new Packet()
  let most = 0
  for (let id = 0; id < 500; id++) {
    const packet = fragment4(payload, { offset: 0, end: 40_000 }, id)
    decode(p, packet, 0, packet.length, packet.length, RAW_IP)
    reassembly.take(p, id)
    most = Math.max(most, reassembly.held)
  }
  expect(most).toBeGreaterThan(3 << 20)
  expect(most).toBeLessThanOrEqual(4 << 20)
  reassembly.end()
  expect(counters).toEqual({ reassembledPackets: 0, abandonedPackets: 500 })
})

test('a packet in more fragments than a link needs is given up', () => {
  const payload = udp({ to: 7001 }, bytesOf('say ', new Uint8Array(1000).fill(0x61)))
  const cuts = Array.from({ length: 100 }, (_, at) => (at + 1) * 8)
  const { counters, said } = run(partsOf(payload, cuts).map((part) => fragment4(payload, part)))
  expect(counters()).toMatchObject({ reassembledPackets: 0, reassemblyBytes: 0 })
  expect(said()).toEqual([])
})
