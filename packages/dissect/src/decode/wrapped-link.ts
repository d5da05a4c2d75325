import { LAYER } from './layer.ts'
import { layerOfLink, layerOfEtherType, readMacs } from './link.ts'
import type { Packet } from './packet.ts'

/** Apple's PKTAP: a header of stated length before a frame of a stated link type (LINKTYPE_PKTAP). */
export function readPktap(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 12) return LAYER.none
  const length = bytes[at]! | (bytes[at + 1]! << 8)
  const isWhole = bytes[at + 2] === 0 && bytes[at + 3] === 0 && length >= 12 && length <= p.end - at
  if (!isWhole) return LAYER.none
  const inner = layerOfLink(bytes[at + 8]! | (bytes[at + 9]! << 8))
  p.at = at + length
  return inner === LAYER.pktap ? LAYER.none : inner
}

/** Linux's NFLOG: attributes, one of which is the packet (LINKTYPE_NFLOG). */
export function readNflog(p: Packet): number {
  const { bytes } = p
  let at = p.at + 4
  while (p.end - at >= 4) {
    const length = bytes[at]! | (bytes[at + 1]! << 8)
    const type = (bytes[at + 2]! | (bytes[at + 3]! << 8)) & 0x7fff
    if (length < 4) return LAYER.none
    if (type === 9) {
      p.end = Math.min(p.end, at + length)
      p.at = at + 4
      return LAYER.ip
    }
    at += (length + 3) & ~3
  }
  return LAYER.none
}

/** Tags of switch chips that stand between the addresses and the EtherType; `bytes` long (LINKTYPE_DSA_TAG_*). */
export function readSwitchTag(p: Packet, bytes: number): number {
  if (p.end - p.at < 14 + bytes) return LAYER.none
  readMacs(p)
  p.at += 12 + bytes
  return takeEtherType(p)
}

/** Frame relay with a two-byte address, and what RFC 2427 lays on it. */
export function readFrameRelay(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 4 || (bytes[at + 1]! & 1) === 0) return LAYER.unknown
  const protocol = bytes[at + 3]!
  // Cisco's own form has an EtherType in place of control and protocol.
  if (bytes[at + 2] !== 0x03) {
    p.at = at + 2
    return takeEtherType(p)
  }
  p.at = at + 4
  if (protocol === 0xcc || protocol === 0x8e) return LAYER.ip
  if (protocol !== 0) return LAYER.link
  const isSnap = p.end - at >= 10 && bytes[at + 4] === 0x80
  if (!isSnap) return LAYER.link
  p.at = at + 8
  return takeEtherType(p)
}

/** IP over InfiniBand: a header of 40 bytes, an EtherType, two bytes reserved (LINKTYPE_IPOIB; RFC 4391 section 6). */
export function readInfiniband(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 44) return LAYER.none
  p.at = at + 44
  return layerOfEtherType(p, (bytes[at + 40]! << 8) | bytes[at + 41]!)
}

/** MACsec that protects but does not encrypt goes on in the clear (IEEE 802.1AE section 9.3). */
export function readMacsec(p: Packet): number {
  const control = p.bytes[p.at]!
  const hasChannel = (control & 0x20) !== 0
  const header = hasChannel ? 14 : 6
  const isReadable = (control & 0x0c) === 0 && p.end - p.at >= header + 2
  if (!isReadable) return LAYER.link
  p.at += header
  return takeEtherType(p)
}

/**
 * What switches and routers of Juniper write of themselves before the Ethernet frame: a mark, flags, and extensions of stated
 * length (LINKTYPE_JUNIPER_ETHER; as tcpdump reads it).
 */
export function readJuniper(p: Packet): number {
  const { bytes, at } = p
  const isMarked = bytes[at] === 0x4d && bytes[at + 1] === 0x47 && bytes[at + 2] === 0x43
  if (p.end - at < 6 || !isMarked) return LAYER.none
  const flags = bytes[at + 3]!
  const extensions = (flags & 0x80) === 0 ? 0 : 2 + ((bytes[at + 4]! << 8) | bytes[at + 5]!)
  // Some interfaces leave the frame's own head out.
  if ((flags & 0x02) !== 0) return LAYER.unknown
  p.at = at + 4 + extensions
  return LAYER.ethernet
}

/** Solaris: 24 bytes about the zones before the packet (LINKTYPE_IPNET). */
export function readIpnet(p: Packet): number {
  p.at += 24
  return LAYER.ip
}

function takeEtherType(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 2) return LAYER.none
  p.at = at + 2
  return layerOfEtherType(p, (bytes[at]! << 8) | bytes[at + 1]!)
}
