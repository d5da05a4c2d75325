import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gunzip, inflate } from './inflate.ts'

const TEXT = Buffer.from(
  Array.from({ length: 400 }, (_, at) => `<row n="${at % 37}">${at * at}</row>`).join(''),
)

test.each([
  ['stored', { level: 0 }],
  ['fixed codes', { level: 9, strategy: 4 }],
  ['codes of its own', { level: 9 }],
])('undoes a stream of %s', (_case, options) => {
  expect(Buffer.from(gunzip(gzipSync(TEXT, options), 1e6) ?? []).equals(TEXT)).toBe(true)
})

test('gives no more than it is asked for, and of a cut stream what there is', () => {
  const packed = gzipSync(TEXT)
  expect(gunzip(packed, 100)).toEqual(new Uint8Array(TEXT.subarray(0, 100)))
  const part = Buffer.from(gunzip(packed.subarray(0, packed.length >> 1), 1e6) ?? [])
  expect(part.length).toBeGreaterThan(100)
  expect(TEXT.subarray(0, part.length).equals(part)).toBe(true)
  // A kilobyte that would become a megabyte.
  expect(gunzip(gzipSync(Buffer.alloc(1e6)), 65_536)?.length).toBe(65_536)
})

test('reads a head with a name, a comment and an extra field', () => {
  const packed = gzipSync(TEXT)
  const head = Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3])
  const more = Buffer.concat([Buffer.from([2, 0, 1, 1]), Buffer.from('a\0b\0'), Buffer.alloc(2)])
  expect(gunzip(Buffer.concat([head, more, packed.subarray(10)]), 50)).toEqual(
    new Uint8Array(TEXT.subarray(0, 50)),
  )
  expect(gunzip(Buffer.from('plain text'), 50)).toBeUndefined()
})

test('any bytes end, whole, flipped or random', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      expect(Buffer.from(inflate(deflateRawSync(bytes), 1000)).equals(Buffer.from(bytes))).toBe(
        true,
      )
      expect(inflate(bytes, 5000).length).toBeLessThanOrEqual(5000)
    }),
    { numRuns: 300 },
  )
})
