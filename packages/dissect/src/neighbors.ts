import { isMulticast } from './direction.ts'
import { ICMP6, type Packet } from './decode/packet.ts'
import { hasNumber, NO_NUMBERS, type Numbers, sizeOf, withNumber } from './numbers.ts'

const MAX_MACS = 65_536
/** Addresses counted behind one MAC: with so many it is a gateway, and more would only cost memory. */
const MAX_SOURCES = 256
const FIRST_REPORT = 8
/** VLANs kept of one MAC: a router's trunk carries many. */
const MAX_VLANS = 64

interface Neighbor {
  sources: Numbers
  confirmed: Numbers
  /** The outer tag above the inner one, twelve bits each. */
  vlans: Numbers
}

/** What the first packet of a flow's end says of its MAC. */
export interface NeighborNews {
  /** The MAC holds the packet's address: no router can have passed this packet on. */
  isConfirmed: boolean
  /** Distinct source addresses behind the MAC, when that number has just doubled; otherwise zero. */
  sources: number
  /** The VLAN of the packet where the MAC was not seen in it before: its tags from outside in, with a dot between them. */
  vlan: string | undefined
}

/**
 * Which MAC holds which address. A router sends packets of many hosts under its own MAC, so a pair counts as
 * confirmed only where the packet cannot have crossed a router; how many addresses each MAC sends for is reported
 * at 8, 16 ... 256, and whoever resolves assets decides from which number on it is a gateway.
 */
export class Neighbors {
  readonly #macs = new Map<number, Neighbor>()
  readonly #news: NeighborNews = { isConfirmed: false, sources: 0, vlan: undefined }

  /** Number of MACs known. */
  get size(): number {
    return this.#macs.size
  }

  /** Takes the packet's source; the answer is overwritten by the next call. */
  see(p: Packet): NeighborNews {
    const news = this.#news
    news.isConfirmed = false
    news.sources = 0
    news.vlan = undefined
    if (!isHost(p)) return news
    const neighbor = this.#neighborOf(macNumber(p.sourceMacHigh, p.sourceMacLow))
    if (neighbor === undefined) return news
    if (p.vlanCount > 0) news.vlan = newVlan(neighbor, p)
    const address = addressNumber(p)
    const { sources, confirmed } = neighbor
    if (sizeOf(sources) < MAX_SOURCES && !hasNumber(sources, address)) {
      neighbor.sources = withNumber(sources, address)
      const size = sizeOf(neighbor.sources)
      if (size >= FIRST_REPORT && (size & (size - 1)) === 0) news.sources = size
    }
    if (sizeOf(confirmed) < MAX_SOURCES && !hasNumber(confirmed, address) && isOnLink(p)) {
      neighbor.confirmed = withNumber(confirmed, address)
      news.isConfirmed = true
    }
    return news
  }

  #neighborOf(mac: number): Neighbor | undefined {
    const known = this.#macs.get(mac)
    if (known !== undefined || this.#macs.size >= MAX_MACS) return known
    const neighbor = { sources: NO_NUMBERS, confirmed: NO_NUMBERS, vlans: NO_NUMBERS }
    this.#macs.set(mac, neighbor)
    return neighbor
  }
}

/** Tag 0 gives a priority and names no VLAN (IEEE 802.1Q-2022 clause 9.6). */
function newVlan(neighbor: Neighbor, p: Packet): string | undefined {
  const { vlans } = neighbor
  const inner = p.vlanCount > 1 ? p.vlan1 : 0
  const vlan = (p.vlan0 << 12) | inner
  if (vlan === 0 || sizeOf(vlans) >= MAX_VLANS || hasNumber(vlans, vlan)) return undefined
  neighbor.vlans = withNumber(vlans, vlan)
  return p.vlan0 === 0 || inner === 0 ? String(p.vlan0 | inner) : `${p.vlan0}.${inner}`
}

/** A source that one host can have: neither unspecified nor multicast, from a unicast MAC. */
function isHost(p: Packet): boolean {
  if (!p.hasMac || (p.sourceMacHigh & 0x0100) !== 0) return false
  if ((p.sourceMacHigh | p.sourceMacLow) === 0) return false
  if (p.version === 6) {
    const isLow = (p.source0 | p.source1 | p.source2) === 0
    return !isLow && p.source0 >>> 24 !== 0xff
  }
  const first = p.source3 >>> 24
  return first !== 0 && first !== 127 && first < 224
}

/**
 * True when no router can have passed the packet on: link-local source or destination (RFC 3927, RFC 4291),
 * limited broadcast, or a hop limit of 255 in neighbour discovery (RFC 4861 section 6.1.1).
 */
export function isOnLink(p: Packet): boolean {
  if (p.version === 6) {
    if (p.source0 >>> 22 === 0x3fa) return true
    if (p.target0 >>> 16 === 0xff02) return true
    return p.transport === ICMP6 && p.ttl === 255 && p.sourcePort >= 133 && p.sourcePort <= 137
  }
  if (p.source3 >>> 16 === 0xa9fe) return true
  return p.target3 === -1 || p.target3 >>> 8 === 0xe00000
}

/**
 * True when the TTL shows that a router passed the packet on. Senders start at 32, 64, 128 or 255 (a few old ones at
 * 60, 100, 200), so any other value above 32 has been counted down. Multicast starts where the sender likes.
 */
export function isRouted(p: Packet): boolean {
  const { ttl } = p
  if (ttl <= 32 || ttl === 60 || ttl === 64 || ttl === 100) return false
  return ttl !== 128 && ttl !== 200 && ttl !== 255 && !isMulticast(p)
}

function macNumber(high: number, low: number): number {
  return high * 2 ** 32 + (low >>> 0)
}

/** A number for the address: itself for IPv4, 53 mixed bits for IPv6. */
function addressNumber(p: Packet): number {
  if (p.version === 4) return p.source3 >>> 0
  const high = Math.imul(p.source0 ^ Math.imul(p.source1, 0x9e3779b1), 0x85ebca6b) >>> 0
  const low = Math.imul(p.source2 ^ Math.imul(p.source3, 0x9e3779b1), 0xc2b2ae35) >>> 11
  return 2 ** 53 - 1 - (high * 2 ** 21 + low)
}
