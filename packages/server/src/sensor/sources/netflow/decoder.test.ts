import { expect, test } from 'vitest'
import { NetflowDecoder } from './decoder.ts'
import type { ExportedFlow } from './record.ts'
import { bytesOf, ip, ipfix, setOf, templateOf, v5, v5Record, v9 } from '../testing/netflow.ts'

function decode(...datagrams: readonly Uint8Array[]) {
  const flows: ExportedFlow[] = []
  const decoder = new NetflowDecoder((flow) => flows.push(flow))
  for (const datagram of datagrams) decoder.datagram(datagram)
  return { flows, counters: decoder.counters }
}

const FIELDS = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [2, 4],
  [1, 4],
  [22, 4],
  [21, 4],
] as const
const TEMPLATE = templateOf(256, FIELDS)
const record = (packets = 10, bytes = 1000) =>
  bytesOf(
    ip('10.1.0.7'),
    ip('10.1.0.9'),
    [40_000, 2],
    [104, 2],
    [6, 1],
    [packets, 4],
    [bytes, 4],
    [90_000, 4],
    [95_000, 4],
  )

const EXPECTED = {
  source: '10.1.0.7',
  destination: '10.1.0.9',
  sourcePort: 40_000,
  destinationPort: 104,
  protocol: 6,
  packets: [10, 0],
  bytes: [1000, 0],
}

test('v5: addresses, ports, counts, and times from the uptime', () => {
  const { flows, counters } = decode(
    v5(1, [v5Record('10.1.0.7', '10.1.0.9', [40_000, 104], [10, 1000])]),
  )
  expect(flows).toMatchObject([
    { ...EXPECTED, start: 1_714_550_390_500_000, end: 1_714_550_395_500_000 },
  ])
  expect(counters).toMatchObject({ records: 1, malformed: 0, lost: 0 })
})

test('v9: records by their template, which is kept; padding is no record', () => {
  const { flows, counters } = decode(
    v9(1, [setOf(0, TEMPLATE), setOf(256, record(), [0, 3])]),
    v9(2, [setOf(256, record(), record())]),
  )
  expect(flows).toHaveLength(3)
  expect(flows[0]).toMatchObject({
    ...EXPECTED,
    start: 1_714_550_390_000_000,
    end: 1_714_550_395_000_000,
  })
  expect(counters).toMatchObject({ records: 3, templates: 1, lost: 0, malformed: 0 })
})

test('v9: a flow that began before the uptime started anew', () => {
  const early = Buffer.from(record())
  early.writeUInt32BE(0xffff_ff00, 21)
  early.writeUInt32BE(100, 25)
  const { flows } = decode(
    v9(1, [setOf(0, TEMPLATE), setOf(256, early)], { uptime: 1000, seconds: 1000 }),
  )
  expect(flows).toMatchObject([{ start: 1_000_000_000 - 1_256_000, end: 999_100_000 }])
})

test('data before its template is counted; a template of another domain does not help', () => {
  const { flows, counters } = decode(
    ipfix(0, [setOf(2, TEMPLATE)], 8),
    ipfix(0, [setOf(256, record())]),
    ipfix(5, [setOf(2, TEMPLATE), setOf(256, record())]),
  )
  expect(flows).toHaveLength(1)
  // How many records the first message held is unknown, so nothing can be called lost.
  expect(counters).toMatchObject({ setsWithoutTemplate: 1, lost: 0, records: 1 })
})

test('IPFIX: absolute times, lengths in the record, fields of others, both directions', () => {
  const enterprise = (element: number, length: number, number: number) =>
    bytesOf([element | 0x8000, 2], [length, 2], [number, 4])
  const template = bytesOf(
    [300, 2],
    [10, 2],
    templateOf(0, [
      [27, 16],
      [28, 16],
      [82, 65_535],
      [4, 1],
      [152, 8],
      [155, 8],
      [2, 8],
      [1, 2],
    ]).subarray(4),
    enterprise(2, 4, 29_305),
    enterprise(7, 2, 9),
  )
  const { flows } = decode(
    ipfix(0, [
      setOf(2, template),
      setOf(
        300,
        Buffer.from('20010db8000000000000000000000001', 'hex'),
        Buffer.from('20010db8000000000000000000000002', 'hex'),
        [4, 1],
        Buffer.from('eth0'),
        [17, 1],
        [1_714_550_000_125, 8],
        [1_714_550_001 + 2_208_988_800, 4],
        [0x8000_0000, 4],
        [3, 8],
        [300, 2],
        [2, 4],
        [4711, 2],
      ),
    ]),
  )
  expect(flows).toMatchObject([
    {
      source: '2001:db8::1',
      destination: '2001:db8::2',
      start: 1_714_550_000_125_000,
      end: 1_714_550_001_500_000,
      packets: [3, 2],
      bytes: [300, 0],
      isBiflow: true,
    },
  ])
})

test('a sampled exporter: v5 says so in its header, v9 and IPFIX in their options', () => {
  const mode = 1 << 14
  const old = decode(v5(0, [v5Record('10.1.0.7', '10.1.0.9', [1, 2], [10, 1000])], mode | 100))
  expect(old.flows).toMatchObject([{ packets: [1000, 0], bytes: [100_000, 0], isSampled: true }])

  const options = bytesOf(
    [257, 2],
    [4, 2],
    [8, 2],
    [1, 2],
    [4, 2],
    [48, 2],
    [1, 2],
    [34, 2],
    [4, 2],
  )
  const nine = decode(
    v9(1, [
      setOf(0, TEMPLATE),
      setOf(1, options),
      setOf(257, [7, 4], [1, 1], [64, 4]),
      setOf(256, record()),
    ]),
  )
  expect(nine.flows).toMatchObject([{ packets: [640, 0] }])
  expect(nine.counters.sampledRecords).toBe(1)

  const selector = bytesOf(
    [257, 2],
    [3, 2],
    [1, 2],
    [302, 2],
    [8, 2],
    [305, 2],
    [4, 2],
    [306, 2],
    [4, 2],
  )
  const ten = decode(
    ipfix(0, [
      setOf(2, TEMPLATE),
      setOf(3, selector),
      setOf(257, [1, 8], [1, 4], [9, 4]),
      setOf(256, record()),
    ]),
  )
  expect(ten.flows).toMatchObject([{ packets: [100, 0] }])
})

const one = v5Record('10.1.0.7', '10.1.0.9', [1, 2], [1, 100])
test.each([
  ['v5 flows', [v5(0, [one, one]), v5(5, [one])], 3],
  ['v9 datagrams', [v9(1, []), v9(4, [])], 2],
  ['IPFIX records', [ipfix(0, [setOf(2, TEMPLATE), setOf(256, record())]), ipfix(9, [])], 8],
  ['a late datagram is not lost', [v9(1, []), v9(3, []), v9(2, []), v9(4, [])], 0],
  ['a number that wraps around', [v9(0xffff_ffff, []), v9(0, [])], 0],
  ['an exporter that was restarted', [v9(900_000_000, []), v9(1, [])], 0],
])('lost: %s', (_case, datagrams, lost) => {
  expect(decode(...datagrams).counters.lost).toBe(lost)
})

test('an exporter that counts its own records in is understood, and its loss still seen', () => {
  const message = (number: number, count: number) =>
    ipfix(number, [
      setOf(2, TEMPLATE),
      setOf(256, ...Array.from({ length: count }, () => record())),
    ])
  const whole = [message(3, 3), message(5, 2), message(6, 1), message(10, 4)]
  expect(decode(...whole).counters.lost).toBe(0)
  expect(decode(whole[0]!, whole[1]!, whole[3]!).counters.lost).toBe(1)
})

test('what is no NetFlow, or breaks off, is counted and does no harm', () => {
  const whole = v9(1, [setOf(0, TEMPLATE), setOf(256, record())])
  const { counters } = decode(
    Buffer.from('GET / HTTP/1.1\r\n'),
    Buffer.alloc(0),
    v5(0, []).subarray(0, 20),
    whole.subarray(0, whole.length - 5),
    v9(2, [bytesOf([256, 2], [0, 2])]),
  )
  expect(counters).toMatchObject({ datagrams: 5, malformed: 5, records: 0 })
})

test('templates without fields, with empty records or without end are refused', () => {
  const endless = bytesOf([256, 2], [60_000, 2], [8, 2], [4, 2])
  const empty = templateOf(256, [[8, 0]])
  const { counters } = decode(
    v9(1, [setOf(0, endless)]),
    v9(2, [setOf(0, empty), setOf(256, [0, 9])]),
  )
  expect(counters).toMatchObject({ templates: 0, records: 0, setsWithoutTemplate: 1 })
})

test('a million random changes do not make it throw', () => {
  let state = 7
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
  const seeds = [
    v5(0, [one, one]),
    v9(1, [setOf(0, TEMPLATE), setOf(256, record(), record())]),
    ipfix(0, [setOf(2, TEMPLATE), setOf(256, record())]),
  ]
  const decoder = new NetflowDecoder(() => {})
  for (let round = 0; round < 50_000; round++) {
    const bytes = Buffer.from(seeds[random(3)]!)
    for (let flips = 0; flips < 20; flips++) bytes[random(bytes.length)] = random(256)
    decoder.datagram(bytes.subarray(0, random(bytes.length + 1)))
  }
  expect(decoder.counters.datagrams).toBe(50_000)
})
