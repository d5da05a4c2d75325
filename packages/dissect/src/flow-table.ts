import { type Packet, TCP, TCP_ACK, TCP_SYN } from './decode/packet.ts'

/** Every runtime has it; only the types of browsers say so. */
declare const WebAssembly: {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => Memory
}

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** 32-bit words of one flow. The first ten hold five doubles. */
export const STRIDE = 38

/** Doubles of a flow, counted from half its word position. */
export const REAL = { id: 0, start: 1, last: 2, bytesA: 3, bytesB: 4 } as const

/** Words of a flow. A and B are its ends in the order of the key; `STATE.clientIsB` says who is who. */
export const WORD = {
  hash: 10,
  meta: 11,
  a: 12,
  b: 16,
  ports: 20,
  packetsA: 21,
  packetsB: 22,
  state: 23,
  seqA: 24,
  seqB: 25,
  macHigh: 26,
  macA: 27,
  macB: 28,
  vlan01: 29,
  vlan23: 30,
  inspection: 31,
  protocol: 32,
  transport: 33,
  /** Of the client's stream, then of the server's, while no inspection keeps them. */
  streamNext: 34,
  streamSkip: 36,
} as const

/** Bits of `WORD.state`; TCP flags seen from A are its lowest byte, from B the next. */
export const STATE = {
  clientIsB: 1 << 16,
  seqKnownA: 1 << 17,
  seqKnownB: 1 << 18,
  macA: 1 << 19,
  macB: 1 << 20,
  /** The MAC of that end was seen as a source, not only as a destination. */
  sourceA: 1 << 21,
  sourceB: 1 << 22,
  contradicted: 1 << 23,
  multicast: 1 << 24,
  routedA: 1 << 25,
  routedB: 1 << 26,
} as const

const FREE = -1
const FIRST_CAPACITY = 1024
const RECORD_BYTES = STRIDE * 4
/** Bytes of a page of a WebAssembly memory (W3C WebAssembly Core Specification, memory instances). */
const PAGE_BYTES = 65_536
/** Pages for which addresses are set aside: 4 GiB; by doubling it comes to 16 million flows. */
const MOST_PAGES = 65_536

/**
 * Live flows in open addressing over typed arrays. It grows by doubling; a flow keeps its record number for life.
 * The hash is seeded, because whoever sends frames could otherwise choose keys that collide; nothing that is
 * reported depends on it.
 */
export class FlowTable {
  words: Int32Array
  reals: Float64Array
  live = 0
  /** Records ever used; all below it are live or free. */
  used = 0
  /** After `find` and `insert`: true when the packet goes from A to B. */
  isFromA = true
  /**
   * Grows where it lies: copied, it would stand there twice for a moment. So does an ArrayBuffer that can be resized, but its
   * views are slower to read.
   */
  readonly #memory: Memory
  #capacity = FIRST_CAPACITY
  /** Pairs of hash and record + 1; zero is empty. */
  #index = new Int32Array(FIRST_CAPACITY * 4)
  #mask = FIRST_CAPACITY * 2 - 1
  #free = FREE
  #hash = 0
  #ports = 0
  #meta = 0
  readonly #seed: number

  constructor(seed: number = (Math.random() * 2 ** 32) | 0) {
    this.#seed = seed
    const initial = pagesFor(FIRST_CAPACITY)
    this.#memory = new WebAssembly.Memory({ initial, maximum: MOST_PAGES })
    this.words = new Int32Array(this.#memory.buffer)
    this.reals = new Float64Array(this.#memory.buffer)
  }

  /** The record of the packet's flow, or -1. */
  find(p: Packet): number {
    this.#takeKey(p)
    const index = this.#index
    const hash = this.#hash
    const mask = this.#mask
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = index[slot * 2 + 1]!
      if (entry === 0) return -1
      if (index[slot * 2] === hash && this.#isKeyOf(p, (entry - 1) * STRIDE)) return entry - 1
    }
  }

  /** Adds the flow of the packet that `find` was just asked for in vain. All but its key is zero. */
  insert(p: Packet): number {
    if (this.#free === FREE && this.used === this.#capacity) this.#grow()
    const record = this.#takeRecord()
    const { words } = this
    const at = record * STRIDE
    words.fill(0, at, at + STRIDE)
    words[at + WORD.hash] = this.#hash
    words[at + WORD.meta] = this.#meta
    words[at + WORD.ports] = this.#ports
    words[at + WORD.transport] = p.transport
    const source = this.isFromA ? WORD.a : WORD.b
    const target = this.isFromA ? WORD.b : WORD.a
    words[at + source] = p.source0
    words[at + source + 1] = p.source1
    words[at + source + 2] = p.source2
    words[at + source + 3] = p.source3
    words[at + target] = p.target0
    words[at + target + 1] = p.target1
    words[at + target + 2] = p.target2
    words[at + target + 3] = p.target3
    this.#enter(record, this.#hash)
    this.live++
    return record
  }

  isLive(record: number): boolean {
    return this.words[record * STRIDE + WORD.meta] !== FREE
  }

  remove(record: number): void {
    const at = record * STRIDE
    this.#leave(record, this.words[at + WORD.hash]!)
    this.words[at + WORD.meta] = FREE
    this.words[at + WORD.hash] = this.#free
    this.#free = record
    this.live--
  }

  #takeRecord(): number {
    const record = this.#free
    if (record === FREE) return this.used++
    this.#free = this.words[record * STRIDE + WORD.hash]!
    return record
  }

  /** Puts the packet's ends in order, so that both directions have one key, and hashes it. */
  #takeKey(p: Packet): void {
    const isFromA = isAscending(p)
    this.isFromA = isFromA
    this.#ports = isFromA
      ? (p.sourcePort << 16) | p.targetPort
      : (p.targetPort << 16) | p.sourcePort
    this.#meta = p.ipProtocol | (p.version << 8)
    let hash = mix(this.#seed ^ this.#meta, this.#ports)
    hash = mix(hash, isFromA ? p.source3 : p.target3)
    hash = mix(hash, isFromA ? p.target3 : p.source3)
    if (p.version === 6) {
      hash = mix(hash, isFromA ? p.source0 : p.target0)
      hash = mix(hash, isFromA ? p.source1 : p.target1)
      hash = mix(hash, isFromA ? p.source2 : p.target2)
      hash = mix(hash, isFromA ? p.target0 : p.source0)
      hash = mix(hash, isFromA ? p.target1 : p.source1)
      hash = mix(hash, isFromA ? p.target2 : p.source2)
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
    this.#hash = hash ^ (hash >>> 15)
  }

  #isKeyOf(p: Packet, at: number): boolean {
    const { words } = this
    if (words[at + WORD.ports] !== this.#ports || words[at + WORD.meta] !== this.#meta) return false
    const source = at + (this.isFromA ? WORD.a : WORD.b)
    const target = at + (this.isFromA ? WORD.b : WORD.a)
    if (words[source + 3] !== p.source3 || words[target + 3] !== p.target3) return false
    return (
      p.version === 4 ||
      (words[source] === p.source0 &&
        words[source + 1] === p.source1 &&
        words[source + 2] === p.source2 &&
        words[target] === p.target0 &&
        words[target + 1] === p.target1 &&
        words[target + 2] === p.target2)
    )
  }

  #enter(record: number, hash: number): void {
    const mask = this.#mask
    let slot = hash & mask
    while (this.#index[slot * 2 + 1] !== 0) slot = (slot + 1) & mask
    this.#index[slot * 2] = hash
    this.#index[slot * 2 + 1] = record + 1
  }

  /** Takes the entry out and moves back those that its place had pushed on. */
  #leave(record: number, hash: number): void {
    const index = this.#index
    const mask = this.#mask
    let hole = hash & mask
    while (index[hole * 2 + 1] !== record + 1) hole = (hole + 1) & mask
    for (let slot = (hole + 1) & mask; index[slot * 2 + 1] !== 0; slot = (slot + 1) & mask) {
      const home = index[slot * 2]! & mask
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue
      index[hole * 2] = index[slot * 2]!
      index[hole * 2 + 1] = index[slot * 2 + 1]!
      hole = slot
    }
    index[hole * 2] = 0
    index[hole * 2 + 1] = 0
  }

  #grow(): void {
    this.#capacity *= 2
    this.#memory.grow(pagesFor(this.#capacity) - pagesFor(this.#capacity / 2))
    this.words = new Int32Array(this.#memory.buffer)
    this.reals = new Float64Array(this.#memory.buffer)
    this.#index = new Int32Array(this.#capacity * 4)
    this.#mask = this.#capacity * 2 - 1
    for (let record = 0; record < this.used; record++) {
      if (this.isLive(record)) this.#enter(record, this.words[record * STRIDE + WORD.hash]!)
    }
  }
}

function pagesFor(flows: number): number {
  return Math.ceil((flows * RECORD_BYTES) / PAGE_BYTES)
}

function isAscending(p: Packet): boolean {
  if (p.version === 6) {
    if (p.source0 !== p.target0) return p.source0 < p.target0
    if (p.source1 !== p.target1) return p.source1 < p.target1
    if (p.source2 !== p.target2) return p.source2 < p.target2
  }
  return p.source3 === p.target3 ? p.sourcePort <= p.targetPort : p.source3 < p.target3
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x85ebca6b)
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16)
}

/** True for a segment that opens a connection. */
export function isOpening(p: Packet): boolean {
  return p.transport === TCP && (p.tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN
}
