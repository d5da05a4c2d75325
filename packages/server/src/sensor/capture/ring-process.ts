// The capturing process: opens the ring, gives up every privilege, and writes what arrives to standard output as pcap.
// `node ring-process.ts INTERFACE`; ends when its standard input does, so that it never outlives the one who reads.
import { readFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { CANNOT } from './capturer.ts'
import { ADDON } from './ring.ts'

const BLOCK_BYTES = 1 << 18
/** 64 MiB in all: half a second of a full gigabit in which nobody reads, or 25 seconds of a quiet network. */
const BLOCKS = 256
/** A block that is not full is handed over after so long. */
const RETIRE_MS = 100
const WAIT_MS = 250
const TELL_EVERY_MS = 1000
const PCAP_NANOSECONDS = 0xa1b23c4d
const STANDARD_OUTPUT = 1

/** What native/af-packet.c offers. */
interface Addon {
  open(
    interfaceName: string,
    blockBytes: number,
    blocks: number,
    retireMs: number,
  ): { readonly ring: unknown; readonly linkType: number }
  read(ring: unknown, buffer: Uint8Array, timeoutMs: number): number
  takeDrops(ring: unknown): number
  stop(ring: unknown): void
  giveUpPrivileges(): void
}

const interfaceName = process.argv[2] ?? ''
const addon: Addon = createRequire(import.meta.url)(ADDON)
let isStopping = false

try {
  const { ring, linkType } = addon.open(interfaceName, BLOCK_BYTES, BLOCKS, RETIRE_MS)
  becomeNobody()
  addon.giveUpPrivileges()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isStopping = true))
  process.stdin.on('end', () => (isStopping = true)).resume()
  write(fileHeader(linkType))
  await pump(ring)
  // Standard input is still open.
  process.exit(0)
} catch (error) {
  explain(error)
}

function explain(error: unknown): void {
  const { code, message } = error as NodeJS.ErrnoException
  // Whoever read is gone: nobody is left to be told.
  if (code === 'EPIPE') process.exit(0)
  process.stderr.write(`${message}\n`)
  process.exit(code === 'ENOTSUP' ? CANNOT : 1)
}

/** Of root nothing is kept but the socket that is already open. */
function becomeNobody(): void {
  if (process.getuid?.() !== 0) return
  process.setgroups!([])
  process.setgid!('nogroup')
  process.setuid!('nobody')
}

async function pump(ring: unknown): Promise<void> {
  const buffer = Buffer.alloc(8 * BLOCK_BYTES)
  const lostBefore = interfaceDrops()
  let lost = 0
  let told = 0
  const tell = () => {
    told = Date.now()
    lost += addon.takeDrops(ring)
    const before = Math.max(0, interfaceDrops() - lostBefore)
    process.stderr.write(
      `${lost} packets dropped by kernel\n${before} packets dropped by interface\n`,
    )
  }
  const pass = (waitMs: number) => {
    const length = addon.read(ring, buffer, waitMs)
    if (length > 0) write(buffer.subarray(0, length))
    return length
  }
  while (!isStopping) {
    pass(WAIT_MS)
    if (Date.now() - told >= TELL_EVERY_MS) tell()
    // Signals are heard between two turns.
    await new Promise(setImmediate)
  }
  addon.stop(ring)
  // What is in the ring already was seen: the block that is being filled comes after its time.
  const end = Date.now() + 10 * RETIRE_MS
  while (pass(RETIRE_MS) > 0 || Date.now() < end);
  tell()
}

/** Head of a pcap file (draft-ietf-opsawg-pcap section 4) with nanoseconds, in the byte order of this machine. */
function fileHeader(linkType: number): Uint8Array {
  const header = new ArrayBuffer(24)
  new Uint32Array(header).set([PCAP_NANOSECONDS, 0, 0, 0, 262_144, linkType])
  new Uint16Array(header, 4, 2).set([2, 4])
  return new Uint8Array(header)
}

/** All of the bytes: a pipe may take them in parts, or none while its reader is busy. */
function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(STANDARD_OUTPUT, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** Frames that the card or its driver lost, as Linux counts them for this network namespace. */
function interfaceDrops(): number {
  const line = readFileSync('/proc/net/dev', 'utf8')
    .split('\n')
    .find((text) => text.trimStart().startsWith(`${interfaceName}:`))
  // After the name: bytes, packets, errors, dropped.
  return Number(line?.split(':')[1]?.trim().split(/\s+/)[3] ?? 0)
}
