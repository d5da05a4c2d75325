import { isIntact } from './decode/checksum.ts'
import { FRAGMENT, Packet, TCP, UDP } from './decode/packet.ts'
import { readTransport } from './decode/transport.ts'
import { isKey, KEY_WORDS, LIFETIME, slotOf, SLOTS, writeKey } from './fragments.ts'

/** Payload of an IP packet (RFC 791 section 3.1). */
const LONGEST = 65_535
/** Fragments of one packet: more than the longest has where the least link carries 1,280 bytes. */
const MOST_FRAGMENTS = 64
/** Bytes kept of all packets; beyond it the next in turn is given up. */
const MOST_BYTES = 4 << 20
/** Within so many microseconds no number of a packet comes back. */
const SOON = 100_000
/** What a fragment takes beside its bytes. */
const FRAGMENT_BYTES = 256
const NOTHING = new Uint8Array(0)

interface Fragment {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** A packet of which some fragments were seen. */
interface Assembly {
  readonly key: Int32Array
  /** When the fragment that came before all others did, in microseconds since 1970. */
  readonly time: number
  /** What the first fragment says of the packet, without its bytes. */
  first: Packet | undefined
  /** Sorted by offset; no two overlap. */
  fragments: Fragment[]
  /** Bytes of the whole, once the last fragment was seen. */
  length: number | undefined
  held: number
  /**
   * `whole`: it was put together, and is kept to know its fragments again where a mirror shows them twice. `refused`: its
   * fragments did not fit together, and no more of them are taken.
   */
  state: 'waiting' | 'whole' | 'refused'
}

/** What is counted of packets in fragments. */
export interface IpReassemblyCounters {
  reassembledPackets: number
  abandonedPackets: number
}

/**
 * Puts the fragments of TCP and UDP packets together (RFC 791 section 3.2, RFC 8200 section 4.5). Those that overlap are
 * given up, because receivers differ in what they make of them (RFC 5722); one that comes twice is passed over. Numbers of
 * packets come back (RFC 4963), so what did not come at once must have the checksum that it says; not all must, for where
 * a capture was given other addresses than were sent, every checksum is wrong. A packet that is given up is counted and
 * never read in part: a value that is cut off could be told as a whole one. What is kept is bounded in packets, fragments
 * and bytes.
 */
export class IpReassembly {
  readonly #slots: (Assembly | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  readonly #counters: IpReassemblyCounters
  #hand = 0
  /** Bytes that are kept at present. */
  held = 0

  constructor(counters: IpReassemblyCounters) {
    this.#counters = counters
  }

  /**
   * Takes a fragment with its ports; the packet that is whole with it, or undefined. A first fragment whose packet cannot be
   * put together, for the capture holds a part of it or headers stand before its transport, is answered as it is.
   */
  take(p: Packet, time: number): Packet | undefined {
    const slot = slotOf(p)
    let assembly = this.#assemblyOf(slot, p, time)
    if (!isUsable(p)) {
      this.#end(slot)
      return p.fragment === FRAGMENT.first ? p : undefined
    }
    if (assembly !== undefined && hasAlready(assembly, p)) return undefined
    if (assembly !== undefined && !fits(assembly, p)) {
      // A first fragment, or any once the packet is whole, begins another packet that has its number.
      if (assembly.state !== 'whole' && p.fragment !== FRAGMENT.first) {
        this.#refuse(assembly)
        return undefined
      }
      this.#end(slot)
      assembly = undefined
    }
    assembly ??= this.#begin(slot, p, time)
    this.#add(assembly, p)
    const whole = wholeOf(assembly)
    if (whole !== undefined) assembly.state = 'whole'
    while (this.held > MOST_BYTES) this.#endNext()
    if (whole === undefined) return undefined
    const isTrue = Math.abs(time - assembly.time) <= SOON || isIntact(whole)
    if (isTrue) this.#counters.reassembledPackets++
    else this.#counters.abandonedPackets++
    return isTrue ? whole : undefined
  }

  /** Gives up all: there will be no more fragments. */
  end(): void {
    for (let slot = 0; slot < SLOTS; slot++) this.#end(slot)
  }

  /** The packet of the fragment; one that stands in its place and is another or has waited for too long is given up. */
  #assemblyOf(slot: number, p: Packet, time: number): Assembly | undefined {
    const assembly = this.#slots[slot]
    if (assembly === undefined) return undefined
    if (isKey(assembly.key, 0, p) && Math.abs(time - assembly.time) <= LIFETIME) return assembly
    this.#end(slot)
    return undefined
  }

  #begin(slot: number, p: Packet, time: number): Assembly {
    const key = new Int32Array(KEY_WORDS)
    writeKey(key, 0, p)
    const assembly: Assembly = {
      key,
      time,
      first: undefined,
      fragments: [],
      length: undefined,
      held: 0,
      state: 'waiting',
    }
    this.#slots[slot] = assembly
    return assembly
  }

  #add(assembly: Assembly, p: Packet): void {
    const { fragments } = assembly
    const offset = p.fragmentOffset
    const bytes = p.bytes.slice(p.fragmentAt, p.end)
    const at = fragments.findLastIndex((each) => each.offset < offset)
    fragments.splice(at + 1, 0, { offset, bytes })
    if (!p.hasMoreFragments) assembly.length = offset + bytes.length
    if (p.fragment === FRAGMENT.first) {
      assembly.first = Object.assign(new Packet(), p)
      assembly.first.bytes = NOTHING
    }
    assembly.held += bytes.length + FRAGMENT_BYTES
    this.held += bytes.length + FRAGMENT_BYTES
  }

  #end(slot: number): void {
    const assembly = this.#slots[slot]
    if (assembly === undefined) return
    this.#slots[slot] = undefined
    this.held -= assembly.held
    if (assembly.state === 'waiting') this.#counters.abandonedPackets++
  }

  /** Lets go of what there is of a packet, and remembers to take no more of it (RFC 5722 section 3). */
  #refuse(assembly: Assembly): void {
    if (assembly.state === 'refused') return
    assembly.state = 'refused'
    assembly.fragments = []
    this.held -= assembly.held
    assembly.held = 0
    this.#counters.abandonedPackets++
  }

  #endNext(): void {
    this.#hand = (this.#hand + 1) % SLOTS
    this.#end(this.#hand)
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

/** True for a fragment that is there already, byte for byte. */
function hasAlready({ fragments, length }: Assembly, p: Packet): boolean {
  const same = fragments.find(({ offset }) => offset === p.fragmentOffset)
  if (same === undefined || same.bytes.length !== p.end - p.fragmentAt) return false
  if (p.hasMoreFragments !== (same.offset + same.bytes.length !== length)) return false
  for (let at = 0; at < same.bytes.length; at++) {
    if (same.bytes[at] !== p.bytes[p.fragmentAt + at]) return false
  }
  return true
}

/** True when the packet waits for this fragment: it overlaps no other one, and does not contradict the end that is known. */
function fits({ fragments, length, state }: Assembly, p: Packet): boolean {
  const start = p.fragmentOffset
  const end = start + p.end - p.fragmentAt
  if (state !== 'waiting' || fragments.length >= MOST_FRAGMENTS) return false
  if (length !== undefined && (p.hasMoreFragments ? end >= length : end !== length)) return false
  if (!p.hasMoreFragments && fragments.some((each) => each.offset >= end)) return false
  return fragments.every((each) => each.offset >= end || each.offset + each.bytes.length <= start)
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
