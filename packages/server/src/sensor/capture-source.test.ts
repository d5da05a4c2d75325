import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCaptures, readChunks, UnreadableInput } from './capture-source.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkeeper-source-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const PCAP = Buffer.concat([Buffer.from('d4c3b2a1', 'hex'), Buffer.alloc(3 << 20, 7)])

function put(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, bytes)
  return path
}

async function readAll(path: string): Promise<Buffer> {
  const [source] = await findCaptures([path])
  const pieces: Buffer[] = []
  for await (const { bytes } of readChunks(source!)) pieces.push(Buffer.from(bytes))
  return Buffer.concat(pieces)
}

test('a folder stands for the captures in it, known by content and in order', async () => {
  put('b/two.bin', PCAP)
  put('a/one.pcap.gz', gzipSync(PCAP))
  put('a/notes.txt', 'not a capture')
  put('a/archive.gz', gzipSync('some text'))
  put('empty.pcap', '')
  const found = await findCaptures([folder])
  expect(found.map(({ name }) => name)).toEqual(['a/one.pcap.gz', 'b/two.bin'])
})

test.each([
  ['plain', (bytes: Buffer) => bytes],
  ['gzip', (bytes: Buffer) => gzipSync(bytes)],
  ['Zstandard', (bytes: Buffer) => zstdCompressSync(bytes)],
])('reads a %s file whole', async (_kind, pack) => {
  const path = put('capture', pack(PCAP))
  expect((await readAll(path)).equals(PCAP)).toBe(true)
})

test('gives what is in a gzip file that was cut short', async () => {
  const noise = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 251))
  const whole = gzipSync(noise)
  const path = put('cut.pcap.gz', whole.subarray(0, whole.length - 40))
  const read = await readAll(path)
  expect(read.length).toBeGreaterThan(0)
  expect(noise.subarray(0, read.length).equals(read)).toBe(true)
})

test('says that damaged compressed data is damaged', async () => {
  const whole = gzipSync(PCAP)
  whole.fill(0xff, 20, 60)
  await expect(readAll(put('bad.gz', whole))).rejects.toThrow('the compressed data is damaged')
})

test('stops at a file that was made to unpack without end', async () => {
  const bomb = zstdCompressSync(Buffer.concat([PCAP, Buffer.alloc(400 << 20)]))
  const [source] = await findCaptures([put('bomb.pcap.zst', bomb)])
  const read = async () => {
    let bytes = 0
    for await (const chunk of readChunks(source!)) bytes += chunk.bytes.length
    return bytes
  }
  await expect(read()).rejects.toThrow('it unpacks to over 500 times its size')
})

test('says in words what is not there', async () => {
  const missing = findCaptures([join(folder, 'nothing.pcap')])
  await expect(missing).rejects.toThrow(UnreadableInput)
  await expect(missing).rejects.toThrow('there is no such file or folder')
})
