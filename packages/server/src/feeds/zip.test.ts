import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readZip } from './zip.ts'

/** A zip file (APPNOTE 6.3) with these parts, deflated. */
function zipOf(parts: readonly Uint8Array[]): Uint8Array {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [index, bytes] of parts.entries()) {
    const packed = deflateRawSync(bytes)
    const name = Buffer.from(`part-${index}`)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(bytes.length, 22)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(bytes.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(at, 42)
    bodies.push(local, name, packed)
    directory.push(entry, name)
    at += 30 + name.length + packed.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, ...directory, end])
}

const LIMIT = 100_000

test('parts are read up to the bound of each', () => {
  const [small, large] = readZip(zipOf([Buffer.from('abc'), Buffer.alloc(LIMIT + 1)]), LIMIT)
  expect(Buffer.from(small!.read()).toString()).toBe('abc')
  expect(() => large!.read()).toThrow(/unpacks to more than 100,000 bytes/)
})

test('many parts that are each small enough do not fill the memory together', () => {
  const bytes = zipOf(Array.from({ length: 200 }, () => Buffer.alloc(LIMIT)))
  const most = Math.max(LIMIT, bytes.length * 100)
  let total = 0
  expect(() => {
    for (const entry of readZip(bytes, LIMIT)) total += entry.read().length
  }).toThrow(/in all: it was made to fill the memory/)
  expect(total).toBeLessThanOrEqual(most)
})
