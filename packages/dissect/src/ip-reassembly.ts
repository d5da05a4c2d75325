import { FRAGMENT, Packet, TCP, UDP } from './decode/packet.ts'
import { readTransport } from './decode/transport.ts'
import { isKey, LIFETIME, slotOf, writeKey } from './fragments.ts'

const SLOTS = 1024
const KEY_WORDS = 10
/** Payload of an IP packet (RFC 791 section 3.1). */
const LONGEST = 65_535
/** Fragments of one packet: more than the longest has where the least link carries 1,280 bytes. */
const MOST_FRAGMENTS = 64
/** Bytes kept of all packets; beyond it the next in turn is given up. */
const MOST_BYTES = 4 << 20

interface Fragment {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** A packet of which some fragments were seen. */
interface Assembly {
  readonly key: Int32Array
  /** When its latest fragment came, in microseconds since 1970. */
  time: number
  /** The first fragment, with bytes of its own from the transport header on, and the frame in which it came. */
  first: Packet | undefined
  firstTime: number
  firstFrame: number
  /** Sorted by offset, without gaps in their bytes being known. */
  readonly fragments: Fragment[]
  /** Bytes of the whole, once the last fragment was seen. */
  length: number | undefined
  held: number
}

/** A first fragment whose others did not come, or do not fit together, and when it came. */
export interface LoneFragment {
  readonly packet: Packet
  /** Microseconds since 1970. */
  readonly time: number
  readonly frame: number
}

/**
 * Puts the fragments of TCP and UDP packets together (RFC 791 section 3.2, RFC 8200 section 4.5). Those that overlap are
 * given up, because receivers differ in what they make of them (RFC 5722); one that comes twice is passed over. What is
 * kept is bounded in packets, fragments and bytes.
 */
export class IpReassembly {
  readonly #slots: (Assembly | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  readonly #givenUp: LoneFragment[] = []
  #hand = 0
  /** No assembly is older than this. */
  #oldest = Infinity
  /** Packets of which fragments are waited for, and the bytes of those that are there. */
  size = 0
  held = 0

  /**
   * Takes a fragment with its ports. Answers with the packet that is whole with it, with the fragment itself where its part
   * cannot be waited for, and with undefined where there is nothing to read yet.
   */
  take(p: Packet, time: number, frame: number): Packet | undefined {
    const slot = slotOf(p)
    const before = this.#slots[slot]
    const assembly = before !== undefined && isKey(before.key, 0, p) ? before : undefined
    if (!isUsable(p) || (assembly !== undefined && !fits(assembly, p))) {
      if (assembly !== undefined) this.#end(slot, assembly)
      return p.fragment === FRAGMENT.first && assembly?.first === undefined ? p : undefined
    }
    if (assembly === undefined && before !== undefined) this.#end(slot, before)
    const one = assembly ?? this.#begin(slot, p)
    one.time = time
    this.#oldest = Math.min(this.#oldest, time)
    if (!this.#add(one, p)) return undefined
    if (p.fragment === FRAGMENT.first) {
      one.first = firstOf(p)
      one.firstTime = time
      one.firstFrame = frame
    }
    const whole = wholeOf(one)
    if (whole !== undefined) this.#forget(slot, one)
    else while (this.held > MOST_BYTES) this.#endNext()
    return whole
  }

  /** The next of those that were given up since it was last asked for; to be read as far as it goes. */
  takeGivenUp(): LoneFragment | undefined {
    return this.#givenUp.shift()
  }

  /** Gives up what has waited for too long at this time; all, at the end of time. */
  sweep(now: number): void {
    if (this.size === 0 || now - this.#oldest <= LIFETIME) return
    this.#oldest = Infinity
    for (const [slot, assembly] of this.#slots.entries()) {
      if (assembly === undefined) continue
      if (now - assembly.time > LIFETIME) this.#end(slot, assembly)
      else this.#oldest = Math.min(this.#oldest, assembly.time)
    }
  }

  #begin(slot: number, p: Packet): Assembly {
    const key = new Int32Array(KEY_WORDS)
    writeKey(key, 0, p)
    const assembly: Assembly = {
      key,
      time: 0,
      first: undefined,
      firstTime: 0,
      firstFrame: 0,
      fragments: [],
      length: undefined,
      held: 0,
    }
    this.#slots[slot] = assembly
    this.size++
    return assembly
  }

  /** Keeps the part that came; false when it is there already. */
  #add(assembly: Assembly, p: Packet): boolean {
    const { fragments } = assembly
    const offset = p.fragmentOffset
    const at = fragments.findLastIndex((each) => each.offset <= offset)
    if (fragments[at]?.offset === offset) return false
    const bytes = p.bytes.slice(p.fragmentAt, p.end)
    fragments.splice(at + 1, 0, { offset, bytes })
    if (!p.hasMoreFragments) assembly.length = offset + bytes.length
    assembly.held += bytes.length
    this.held += bytes.length
    return true
  }

  #forget(slot: number, assembly: Assembly): void {
    this.#slots[slot] = undefined
    this.held -= assembly.held
    this.size--
  }

  #end(slot: number, assembly: Assembly): void {
    this.#forget(slot, assembly)
    const { first, firstTime, firstFrame } = assembly
    if (first !== undefined) {
      this.#givenUp.push({ packet: first, time: firstTime, frame: firstFrame })
    }
  }

  #endNext(): void {
    this.#hand = (this.#hand + 1) % SLOTS
    const assembly = this.#slots[this.#hand]
    if (assembly !== undefined) this.#end(this.#hand, assembly)
  }
}

/** True for a fragment that was captured whole, of a transport that is read, and that a packet may have. */
function isUsable(p: Packet): boolean {
  const length = p.end - p.fragmentAt
  if (p.transport !== TCP && p.transport !== UDP) return false
  // Headers between the fragment's and the transport's are no payload of the transport.
  if (p.fragment === FRAGMENT.first && p.at !== p.fragmentAt) return false
  if (p.end < p.wireEnd || length <= 0 || p.fragmentOffset + length > LONGEST) return false
  return !p.hasMoreFragments || length % 8 === 0
}

/** True when the fragment overlaps no other one, or is one of them again, and does not contradict the end that is known. */
function fits({ fragments, length }: Assembly, p: Packet): boolean {
  const start = p.fragmentOffset
  const end = start + p.end - p.fragmentAt
  if (length !== undefined && (p.hasMoreFragments ? end >= length : end !== length)) return false
  if (!p.hasMoreFragments && fragments.some((each) => each.offset >= end)) return false
  if (fragments.some((each) => each.offset === start && each.bytes.length === end - start)) {
    return fragments.some((each) => isSame(each, p))
  }
  if (fragments.length >= MOST_FRAGMENTS) return false
  return fragments.every((each) => each.offset >= end || each.offset + each.bytes.length <= start)
}

function isSame({ offset, bytes }: Fragment, p: Packet): boolean {
  if (offset !== p.fragmentOffset || bytes.length !== p.end - p.fragmentAt) return false
  return bytes.every((byte, at) => byte === p.bytes[p.fragmentAt + at])
}

/** A first fragment with bytes of its own. */
function firstOf(p: Packet): Packet {
  const first = Object.assign(new Packet(), p)
  const { at } = p
  first.bytes = p.bytes.slice(at, p.end)
  first.at = 0
  first.end -= at
  first.wireEnd -= at
  first.payload -= at
  first.payloadEnd -= at
  first.fragmentAt = 0
  return first
}

/** The packet, once nothing of it is missing. */
function wholeOf({ first, fragments, length }: Assembly): Packet | undefined {
  if (first === undefined || length === undefined) return undefined
  const there = fragments.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (there !== length) return undefined
  const bytes = new Uint8Array(length)
  for (const fragment of fragments) bytes.set(fragment.bytes, fragment.offset)
  const whole = Object.assign(new Packet(), first)
  whole.bytes = bytes
  whole.at = 0
  whole.end = length
  whole.wireEnd = length
  whole.fragment = FRAGMENT.none
  readTransport(whole)
  return whole
}
