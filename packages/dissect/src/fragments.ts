import type { Packet } from './decode/packet.ts'

export const SLOTS = 1024
/** Words that name a packet. */
export const KEY_WORDS = 10
const WORD = { ports: KEY_WORDS, transport: KEY_WORDS + 1 } as const
const WORDS = KEY_WORDS + 2
/** A packet whose fragments come further apart than this is given up, in microseconds (RFC 8200 section 4.5 names 60 s). */
export const LIFETIME = 30e6

/**
 * Remembers the ports of first fragments, so that later ones are counted to the same flow. A fixed number of slots:
 * a newer datagram takes the place of an older one.
 */
export class Fragments {
  readonly #words = new Int32Array(SLOTS * WORDS)
  readonly #times = new Float64Array(SLOTS).fill(-Infinity)

  /** Notes the ports and the transport of a first fragment. */
  remember(p: Packet, time: number): void {
    const slot = slotOf(p)
    const at = slot * WORDS
    this.#times[slot] = time
    writeKey(this.#words, at, p)
    this.#words[at + WORD.ports] = (p.sourcePort << 16) | p.targetPort
    this.#words[at + WORD.transport] = (p.transport << 8) | p.ipProtocol
  }

  /** Gives a later fragment the ports and the transport of its first one; false when that was not seen. */
  complete(p: Packet, time: number): boolean {
    const slot = slotOf(p)
    const at = slot * WORDS
    if (time - this.#times[slot]! > LIFETIME || !isKey(this.#words, at, p)) return false
    const ports = this.#words[at + WORD.ports]!
    p.sourcePort = ports >>> 16
    p.targetPort = ports & 0xffff
    // Headers between the fragment's and the transport's stand in the first alone.
    p.transport = this.#words[at + WORD.transport]! >>> 8
    p.ipProtocol = this.#words[at + WORD.transport]! & 0xff
    return true
  }
}

/** A number below 1024 for the packet that a fragment belongs to. */
export function slotOf(p: Packet): number {
  const mixed = Math.imul(p.source3 ^ Math.imul(p.target3, 0x9e3779b1), 0x85ebca6b) ^ p.fragmentId
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) >>> 22
}

/** Notes which packet a fragment belongs to, in ten words. */
export function writeKey(words: Int32Array, at: number, p: Packet): void {
  words[at] = p.source0
  words[at + 1] = p.source1
  words[at + 2] = p.source2
  words[at + 3] = p.source3
  words[at + 4] = p.target0
  words[at + 5] = p.target1
  words[at + 6] = p.target2
  words[at + 7] = p.target3
  words[at + 8] = p.fragmentId
  words[at + 9] = p.fragmentProtocol
}

/** True when the fragment belongs to the packet that was noted. */
export function isKey(words: Int32Array, at: number, p: Packet): boolean {
  return (
    words[at + 8] === p.fragmentId &&
    words[at + 9] === p.fragmentProtocol &&
    words[at + 3] === p.source3 &&
    words[at + 7] === p.target3 &&
    words[at] === p.source0 &&
    words[at + 1] === p.source1 &&
    words[at + 2] === p.source2 &&
    words[at + 4] === p.target0 &&
    words[at + 5] === p.target1 &&
    words[at + 6] === p.target2
  )
}
