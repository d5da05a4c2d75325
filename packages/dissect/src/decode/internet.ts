import { LAYER } from './layer.ts'
import { word } from './link.ts'
import {
  ESP,
  FRAGMENT,
  GRE,
  ICMP,
  ICMP6,
  IGMP,
  OTHER,
  type Packet,
  SCTP,
  TCP,
  UDP,
} from './packet.ts'

/** Most extension headers of one packet that are followed. */
const MAX_EXTENSIONS = 12

/** IPv4 (RFC 791) or IPv6 (RFC 8200), by the version nibble. */
export function readIp(p: Packet): number {
  if (p.end - p.at < 20) return LAYER.none
  const version = p.bytes[p.at]! >>> 4
  if (version === 4) return readIpv4(p)
  return version === 6 ? readIpv6(p) : LAYER.none
}

function readIpv4(p: Packet): number {
  const { bytes, at } = p
  const header = (bytes[at]! & 15) * 4
  if (header < 20 || header > p.end - at) return LAYER.none
  const stated = (bytes[at + 2]! << 8) | bytes[at + 3]!
  // Zero: the sender's network card was still to cut the packet into segments.
  const total = stated === 0 ? p.wireEnd - at : stated
  if (total < header) return LAYER.none
  p.version = 4
  p.ttl = bytes[at + 8]!
  p.source0 = 0
  p.source1 = 0
  p.source2 = 0xffff
  p.source3 = word(bytes, at + 12)
  p.target0 = 0
  p.target1 = 0
  p.target2 = 0xffff
  p.target3 = word(bytes, at + 16)
  p.ipBytes = total
  p.wireEnd = at + total
  p.end = Math.min(p.end, p.wireEnd)
  const fragment = (bytes[at + 6]! << 8) | bytes[at + 7]!
  p.fragmentId = (bytes[at + 4]! << 8) | bytes[at + 5]!
  p.at = at + header
  takeFragment(p, bytes[at + 9]!, fragment & 0x1fff, (fragment & 0x2000) !== 0)
  return layerOfProtocol(p, bytes[at + 9]!)
}

/** Which part of its packet this is, from `p.at` on; offsets count eight bytes. */
function takeFragment(p: Packet, protocol: number, offset: number, hasMore: boolean): void {
  if (offset !== 0) p.fragment = FRAGMENT.later
  else p.fragment = hasMore ? FRAGMENT.first : FRAGMENT.none
  p.fragmentAt = p.at
  p.fragmentOffset = offset * 8
  p.hasMoreFragments = hasMore
  p.fragmentProtocol = protocol
}

function readIpv6(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 40) return LAYER.none
  const stated = (bytes[at + 4]! << 8) | bytes[at + 5]!
  const total = stated === 0 && bytes[at + 6] !== 59 ? p.wireEnd - at : 40 + stated
  p.version = 6
  p.ttl = bytes[at + 7]!
  p.source0 = word(bytes, at + 8)
  p.source1 = word(bytes, at + 12)
  p.source2 = word(bytes, at + 16)
  p.source3 = word(bytes, at + 20)
  p.target0 = word(bytes, at + 24)
  p.target1 = word(bytes, at + 28)
  p.target2 = word(bytes, at + 32)
  p.target3 = word(bytes, at + 36)
  p.ipBytes = total
  p.wireEnd = at + total
  p.end = Math.min(p.end, p.wireEnd)
  p.fragment = FRAGMENT.none
  p.at = at + 40
  return readExtensions(p, bytes[at + 6]!)
}

/** Passes over extension headers up to the transport (RFC 8200 section 4). */
function readExtensions(p: Packet, first: number): number {
  const { bytes } = p
  let next = first
  for (let count = 0; count < MAX_EXTENSIONS && isExtension(next); count++) {
    const { at } = p
    if (p.end - at < 8) {
      p.at = p.end
      return layerOfProtocol(p, next)
    }
    if (next === 44) readFragmentHeader(p)
    else p.at = at + (bytes[at + 1]! + 1) * 8
    next = bytes[at]!
    if (p.fragment === FRAGMENT.later) break
  }
  return layerOfProtocol(p, next)
}

function isExtension(next: number): boolean {
  return next === 0 || next === 43 || next === 44 || next === 60 || next === 135
}

function readFragmentHeader(p: Packet): void {
  const { bytes, at } = p
  const offset = (bytes[at + 2]! << 8) | bytes[at + 3]!
  p.fragmentId = word(bytes, at + 4)
  p.at = at + 8
  takeFragment(p, bytes[at]!, offset >>> 3, (offset & 1) !== 0)
}

/** What follows an IP header of this protocol number (the IANA registry). */
function layerOfProtocol(p: Packet, protocol: number): number {
  // An authentication header stands in the first fragment alone.
  if (protocol === 51 && p.fragment !== FRAGMENT.later && p.end - p.at >= 12) {
    const at = p.at
    p.at = at + (p.bytes[at + 1]! + 2) * 4
    return layerAfterIp(p, p.bytes[at]!)
  }
  return layerAfterIp(p, protocol)
}

function layerAfterIp(p: Packet, protocol: number): number {
  p.ipProtocol = protocol
  p.transport = transportOf(protocol)
  if (p.fragment === FRAGMENT.later) return LAYER.flow
  if (protocol === 4 || protocol === 41) return LAYER.ip
  if (protocol === 47) return LAYER.gre
  if (protocol === 97) return LAYER.etherIp
  if (protocol === 143) return LAYER.ethernet
  return protocol === 137 ? LAYER.mpls : LAYER.transport
}

function transportOf(protocol: number): number {
  switch (protocol) {
    case 6:
      return TCP
    case 17:
      return UDP
    case 1:
      return ICMP
    case 58:
      return ICMP6
    case 2:
      return IGMP
    case 132:
      return SCTP
    case 50:
      return ESP
    case 47:
      return GRE
    default:
      return OTHER
  }
}
