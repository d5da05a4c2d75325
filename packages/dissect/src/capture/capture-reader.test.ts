import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pcap, pcapng, pcapngBlocks } from '../testing/captures.ts'
import { be16, be32, bytesOf, le16, le32 } from '../testing/frames.ts'
import { CaptureReader } from './capture-reader.ts'

interface Seen {
  readonly data: readonly number[]
  readonly original: number
  readonly linkType: number
  readonly time: number
}

function read(file: Uint8Array, sizes: readonly number[] = [file.length || 1], limits = {}) {
  const seen: Seen[] = []
  const reader = new CaptureReader(
    {
      frame(bytes, offset, captured, original, linkType, time) {
        const data = [...bytes.subarray(offset, offset + captured)]
        seen.push({ data, original, linkType, time })
      },
    },
    limits,
  )
  for (let at = 0, turn = 0; at < file.length; turn++) {
    const size = sizes[turn % sizes.length]!
    reader.push(file.subarray(at, at + size))
    at += size
  }
  return { seen, problem: reader.end() }
}

const START = 1_700_000_000_000_000
const FRAMES = [bytesOf(1, 2, 3), new Uint8Array(0), bytesOf(new Uint8Array(300).fill(7))]
const EXPECTED = FRAMES.map((frame, at) => ({
  data: [...frame],
  original: frame.length,
  linkType: 1,
  time: START + at * 1000,
}))

test.each(['little', 'big'] as const)('reads pcap of %s byte order', (byteOrder) => {
  expect(read(pcap(FRAMES, { byteOrder }))).toEqual({ seen: EXPECTED, problem: undefined })
  expect(read(pcap(FRAMES, { byteOrder, perSecond: 1e9 })).seen).toEqual(EXPECTED)
})

test('reads the modified pcap with its longer frame headers', () => {
  const header = [le32(0xa1b2cd34), le16(2), le16(4), le32(0), le32(0), le32(65_535), le32(1)]
  const record = [
    le32(1_700_000_000),
    le32(5),
    le32(3),
    le32(60),
    le32(2),
    le16(0),
    [0, 0],
    [7, 8, 9],
  ]
  const file = bytesOf(header.flat(), record.flat(), record.flat())
  const frame = { data: [7, 8, 9], original: 60, linkType: 1, time: START + 5 }
  expect(read(file, [5])).toEqual({ seen: [frame, frame], problem: undefined })
})

test.each(['little', 'big'] as const)('reads pcapng of %s byte order', (byteOrder) => {
  expect(read(pcapng(FRAMES, { byteOrder }))).toEqual({ seen: EXPECTED, problem: undefined })
})

test('reads sections, interfaces and packet blocks of every kind', () => {
  const little = pcapngBlocks('little')
  const big = pcapngBlocks('big')
  const nano = bytesOf(little.option(2, bytesOf('eth0')), little.option(9, bytesOf(9)))
  const binary = bytesOf(
    big.option(9, bytesOf(0x80 | 10)),
    big.option(14, bytesOf(be32(0), be32(100))),
    big.option(0, new Uint8Array(0)),
    big.option(9, bytesOf(3)),
  )
  const file = bytesOf(
    little.section(),
    little.interface(1, nano),
    little.interface(113),
    little.enhanced(0, 1_700_000_000_123_456_000, bytesOf(1)),
    little.block(10, le32(0x544c534b), new Uint8Array(4096)),
    little.block(4, new Uint8Array(16)),
    little.block(0x40000bad, new Uint8Array(64)),
    little.enhanced(1, 5, bytesOf(2)),
    little.simple(bytesOf(3, 3)),
    little.enhanced(9, 5, bytesOf(99)),
    big.section(),
    big.interface(101, binary),
    big.obsolete(0, 3 * 1024 + 512, bytesOf(4)),
  )
  for (const size of [1, 7, 64, 1e6]) {
    const { seen, problem } = read(file, [size])
    expect(problem).toBeUndefined()
    expect(seen.map(({ data, linkType, time }) => [data[0], linkType, time])).toEqual([
      [1, 1, 1_700_000_000_123_456],
      [2, 113, 5],
      [3, 1, 5],
      [4, 101, 103_500_000],
    ])
  }
})

test('gives the same frames however the stream is split', () => {
  const files = [pcap(FRAMES), pcapng(FRAMES, { byteOrder: 'big' })]
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 9 }),
      (file, sizes) => {
        expect(read(file, sizes)).toEqual({ seen: EXPECTED, problem: undefined })
      },
    ),
  )
})

test.each([
  ['pcap', pcap(FRAMES), 24 + 19 + 16],
  ['pcapng', pcapng(FRAMES), 28 + 20 + 36 + 32],
])('uses a cut %s up to the cut and says where', (_kind, file, offset) => {
  for (const size of [file.length, 11]) {
    const { seen, problem } = read(file.subarray(0, -5), [size])
    expect(seen).toEqual(EXPECTED.slice(0, 2))
    expect(problem).toMatchObject({ kind: 'cut', offset })
  }
})

test.each([
  ['nothing', new Uint8Array(0), 'empty'],
  ['gzip', bytesOf(0x1f, 0x8b, 8, 0), 'gzip'],
  ['zstd', bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0, 0), 'Zstandard'],
  ['a page', bytesOf('\n<!DOCTYPE html><p>404'), 'HTML'],
  ['an LFS pointer', bytesOf('version https://git-lfs.github.com/spec/v1'), 'Git LFS'],
  ['prose', bytesOf('hello there'), 'text'],
  ['noise', bytesOf(1, 2, 3, 4, 5, 6), 'no capture'],
])('refuses %s in words', (_case, file, words) => {
  const { seen, problem } = read(file, [3])
  expect(seen).toEqual([])
  expect(problem).toMatchObject({ kind: 'unreadable', offset: 0 })
  expect(problem?.reason).toContain(words)
})

test('stops at a frame or block of absurd length, with the frames before it', () => {
  const record = bytesOf(le32(1), le32(1), le32(0x7fffffff), le32(0x7fffffff))
  const inPcap = read(bytesOf(pcap(FRAMES), record, new Uint8Array(99)), [50])
  expect(inPcap.seen).toHaveLength(3)
  expect(inPcap.problem).toMatchObject({ kind: 'unreadable', offset: pcap(FRAMES).length })
  const block = bytesOf(le32(6), le32(0x7ffffff0), new Uint8Array(99))
  const inPcapng = read(bytesOf(pcapng(FRAMES), block), [50])
  expect(inPcapng.seen).toHaveLength(3)
  expect(inPcapng.problem).toMatchObject({ kind: 'unreadable', offset: pcapng(FRAMES).length })
})

test.each([
  ['a section without byte order', bytesOf(be32(0x0a0d0d0a), le32(28), new Uint8Array(20))],
  [
    'a frame longer than its block',
    (() => {
      const write = pcapngBlocks('big')
      const packet = write.enhanced(0, 1, bytesOf(1, 2, 3, 4))
      packet.set(be16(0x7f), 20)
      return bytesOf(write.section(), write.interface(1), packet)
    })(),
  ],
  [
    'two lengths that differ',
    (() => {
      const write = pcapngBlocks('big')
      const packet = write.enhanced(0, 1, bytesOf(1, 2, 3, 4))
      packet.set(be32(40), packet.length - 4)
      return bytesOf(write.section(), write.interface(1), packet)
    })(),
  ],
])('stops at %s', (_case, file) => {
  const { seen, problem } = read(file)
  expect(seen).toEqual([])
  expect(problem?.kind).toBe('unreadable')
})

test('never throws on damaged captures', () => {
  const files = [pcap(FRAMES), pcapng(FRAMES), pcapng(FRAMES, { byteOrder: 'big' })]
  const damage = fc.array(fc.tuple(fc.nat(500), fc.nat(255)), { maxLength: 8 })
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      damage,
      fc.integer({ min: 1, max: 99 }),
      (file, at, size) => {
        const broken = file.slice()
        for (const [where, value] of at) broken[where % broken.length] = value
        const { seen } = read(broken, [size])
        expect(seen.length).toBeLessThan(9)
      },
    ),
    { numRuns: 500 },
  )
})
