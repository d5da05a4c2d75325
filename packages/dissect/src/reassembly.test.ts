import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Reassembler, type ReassemblyLimits, Stream } from './reassembly.ts'

const LIMITS: ReassemblyLimits = { streamBytes: 4096, messageBytes: 8192, totalBytes: 65_536 }

/** Takes messages of `size` bytes, or whatever comes when it is zero. */
function assemble(size = 0, limits: Partial<ReassemblyLimits> = {}) {
  const counters = {
    retransmittedSegments: 0,
    earlySegments: 0,
    gaps: 0,
    lostBytes: 0,
    reassemblyDrops: 0,
  }
  const messages: string[] = []
  const sources: Uint8Array[] = []
  const stream = new Stream()
  stream.isStarted = true
  stream.next = START
  const reassembler = new Reassembler(
    {
      consume(_stream, bytes, start, end) {
        let at = start
        const length = size === 0 ? end - start : size
        for (; end - at >= length && at < end; at += length) {
          messages.push(String.fromCharCode(...bytes.subarray(at, at + length)))
          sources.push(bytes)
        }
        return at
      },
    },
    { ...LIMITS, ...limits },
    counters,
  )
  return {
    stream,
    reassembler,
    counters,
    messages,
    sources,
    offer(at: number, text: string, wireBytes = text.length) {
      const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
      reassembler.offer(stream, (START + at) | 0, bytes, 0, bytes.length, wireBytes)
      return bytes
    },
  }
}

/** Near the end of the number space, so that sequence numbers wrap. */
const START = 0xfffffffa | 0

test('hands on segments in order where they lie', () => {
  const { offer, messages, sources, reassembler } = assemble()
  const first = offer(0, 'abc')
  offer(3, 'defghijk')
  expect(messages).toEqual(['abc', 'defghijk'])
  expect(sources[0]).toBe(first)
  expect(reassembler.held).toBe(0)
})

test('keeps only what a message lacks', () => {
  const { offer, messages, reassembler, stream } = assemble(4)
  offer(0, 'abcdef')
  expect([messages, stream.length]).toEqual([['abcd'], 2])
  offer(6, 'ghij')
  expect([messages, stream.length]).toEqual([['abcd', 'efgh'], 2])
  expect(reassembler.held).toBeGreaterThan(0)
  reassembler.release(stream)
  expect(reassembler.held).toBe(0)
})

test('puts early segments in their place', () => {
  const { offer, messages, counters, reassembler } = assemble()
  offer(6, 'ghi')
  offer(3, 'def')
  expect(messages).toEqual([])
  offer(0, 'abc')
  expect(messages).toEqual(['abc', 'def', 'ghi'])
  expect(counters).toMatchObject({ earlySegments: 2, gaps: 0 })
  expect(reassembler.held).toBe(0)
})

test('uses each byte once when segments overlap or come again', () => {
  const { offer, messages, counters } = assemble()
  offer(0, 'abcd')
  offer(0, 'abcd')
  offer(2, 'cdef')
  offer(8, 'ij')
  offer(5, 'fghij')
  expect(messages.join('')).toBe('abcdefghij')
  expect(counters.retransmittedSegments).toBe(1)
})

test('gives a gap up when too much waits behind it', () => {
  const { offer, messages, counters, stream } = assemble()
  for (let at = 0; at < 9; at++) offer(10 + at * 2, 'xy')
  expect(messages.join('')).toBe('xy'.repeat(9))
  expect(counters).toMatchObject({ gaps: 1, lostBytes: 10 })
  expect(stream.isLost).toBe(true)
})

test('reads on behind gaps when nothing more will come', () => {
  const { offer, messages, reassembler, stream } = assemble()
  offer(5, 'late')
  offer(20, 'later')
  reassembler.flush(stream)
  expect(messages).toEqual(['late', 'later'])
  expect(reassembler.held).toBe(0)
})

test('counts bytes that the snap length cut off as lost', () => {
  const { offer, messages, counters } = assemble(4)
  offer(0, 'abcdef', 10)
  offer(10, 'klmn')
  expect(messages).toEqual(['abcd', 'klmn'])
  expect(counters).toMatchObject({ gaps: 1, lostBytes: 4 })
})

test('passes over what is to be skipped, gaps in it included', () => {
  const { offer, messages, counters, stream } = assemble()
  stream.skip = 8
  offer(0, 'abc')
  offer(5, 'fgh')
  offer(8, 'ij')
  offer(10, 'rest')
  expect(messages).toEqual([])
  for (let at = 0; at < 6; at++) offer(14 + at, 'z')
  expect(messages.join('')).toBe('ijrestzzzzzz')
  expect(counters.gaps).toBe(1)
  expect(stream.isLost).toBe(false)
})

test('keeps no more than the bound of a direction', () => {
  const { offer, counters, stream, reassembler } = assemble(100_000)
  for (let at = 0; at < 8; at++) offer(at * 1000, 'x'.repeat(1000))
  expect(counters.reassemblyDrops).toBe(1)
  expect(stream.isLost).toBe(true)
  expect(reassembler.held).toBeLessThanOrEqual(4096)
})

test('yields the stream as it was sent, however it was cut, repeated and shuffled', () => {
  const text = Array.from({ length: 120 }, (_, at) => String.fromCharCode(65 + (at % 50))).join('')
  const piece = fc.tuple(fc.nat(119), fc.integer({ min: 1, max: 40 }))
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 7 }),
      fc.integer({ min: 0, max: 9 }),
      (pieces, size) => {
        const { offer, messages, counters, reassembler, stream } = assemble(size)
        for (const [at, length] of pieces) offer(at, text.slice(at, at + length))
        offer(0, text)
        const whole = messages.join('')
        expect(whole).toBe(text.slice(0, whole.length))
        expect(whole.length).toBe(size === 0 ? 120 : 120 - (120 % size))
        expect(counters.gaps).toBe(0)
        reassembler.release(stream)
        expect(reassembler.held).toBe(0)
      },
    ),
    { numRuns: 500 },
  )
})
