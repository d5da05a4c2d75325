import { LAYER } from './layer.ts'
import type { Packet } from './packet.ts'

/** Most labels of an MPLS stack that are followed. */
const MAX_LABELS = 16

/** MPLS: past the stack the payload tells by its first nibble what it is (RFC 3032, RFC 4385). */
export function readMpls(p: Packet): number {
  const { bytes } = p
  for (let count = 0; count < MAX_LABELS; count++) {
    if (p.end - p.at < 5) return LAYER.none
    const isBottom = (bytes[p.at + 2]! & 1) === 1
    p.at += 4
    if (!isBottom) continue
    const nibble = bytes[p.at]! >>> 4
    if (nibble === 4 || nibble === 6) return LAYER.ip
    if (nibble === 0) p.at += 4
    return LAYER.ethernet
  }
  return LAYER.none
}

/** PPPoE session (RFC 2516 section 4). */
export function readPppoe(p: Packet): number {
  if (p.end - p.at < 8) return LAYER.none
  if (p.bytes[p.at] !== 0x11 || p.bytes[p.at + 1] !== 0) return LAYER.none
  p.at += 6
  return LAYER.ppp
}

/** GRE, version 0 and PPTP's version 1 (RFC 2784, 2890, 2637); what it does not carry in the clear stays a GRE flow. */
export function readGre(p: Packet): number {
  const { bytes, at } = p
  p.payload = Math.min(p.end, at)
  p.payloadEnd = p.payload
  p.payloadBytes = Math.max(0, p.wireEnd - at)
  if (p.end - at < 4) return LAYER.flow
  const flags = bytes[at]!
  const version = bytes[at + 1]! & 7
  const type = (bytes[at + 2]! << 8) | bytes[at + 3]!
  // A source route has no bounded length of its own.
  if (version > 1 || (flags & 0x40) !== 0) return LAYER.flow
  const inner =
    at +
    4 +
    (flags & 0x80 ? 4 : 0) +
    (flags & 0x20 ? 4 : 0) +
    (flags & 0x10 ? 4 : 0) +
    (version === 1 && bytes[at + 1]! & 0x80 ? 4 : 0)
  return layerOfGre(p, type, inner, (flags & 0x10) !== 0)
}

function layerOfGre(p: Packet, type: number, inner: number, hasSequence: boolean): number {
  switch (type) {
    case 0x0800:
    case 0x86dd:
      return enter(p, inner, 20, LAYER.ip)
    case 0x6558:
      return enter(p, inner, 14, LAYER.ethernet)
    case 0x8847:
      return enter(p, inner, 8, LAYER.mpls)
    case 0x880b:
      return enter(p, inner, 4, LAYER.ppp)
    // ERSPAN I has no header of its own, II one of 8 bytes, III one of 12 or 20.
    case 0x88be:
      return enter(p, inner + (hasSequence ? 8 : 0), 14, LAYER.ethernet)
    case 0x22eb:
      return layerOfErspan3(p, inner)
    // WCCP's second version puts a header of its own before the packet.
    case 0x883e: {
      const isPacket = inner < p.end && p.bytes[inner]! >>> 4 === 4
      return enter(p, isPacket ? inner : inner + 4, 20, LAYER.ip)
    }
    default:
      return LAYER.flow
  }
}

/** ERSPAN III: its header says whether a frame or a packet follows, and whether eight bytes more come before. */
function layerOfErspan3(p: Packet, inner: number): number {
  if (p.end - inner < 12) return LAYER.flow
  const type = (p.bytes[inner + 10]! >>> 2) & 0x1f
  const hasMore = (p.bytes[inner + 11]! & 1) === 1
  const start = inner + (hasMore ? 20 : 12)
  if (type === 2) return enter(p, start, 20, LAYER.ip)
  return type === 0 ? enter(p, start, 14, LAYER.ethernet) : LAYER.flow
}

/** Network Service Header: its length in words, and what follows it (RFC 8300 section 2.2). */
export function readNsh(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 8) return LAYER.none
  const length = (bytes[at + 1]! & 0x3f) * 4
  if (bytes[at]! >>> 6 !== 0 || length < 8 || length > p.end - at) return LAYER.none
  p.at = at + length
  switch (bytes[at + 3]) {
    case 1:
    case 2:
      return LAYER.ip
    case 3:
      return LAYER.ethernet
    case 4:
      return LAYER.nsh
    case 5:
      return LAYER.mpls
    default:
      return LAYER.none
  }
}

/** Ethernet in IP, version 3 (RFC 3378 section 3). */
export function readEtherIp(p: Packet): number {
  if (p.end - p.at < 2 || p.bytes[p.at] !== 0x30 || p.bytes[p.at + 1] !== 0) return LAYER.none
  p.at += 2
  return LAYER.ethernet
}

/** TRILL: options, the bridges of its way in and out, then the frame (RFC 6325 section 3). */
export function readTrill(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 6 || bytes[at]! >>> 6 !== 0) return LAYER.none
  const optionWords = ((bytes[at]! & 0x07) << 2) | (bytes[at + 1]! >>> 6)
  p.at = at + 6 + optionWords * 4
  return LAYER.ethernet
}

/** Provider backbone bridging: the service tag, then the customer's frame (IEEE 802.1Q section 9.7). */
export function readBackbone(p: Packet): number {
  p.at += 4
  return LAYER.ethernet
}

function enter(p: Packet, inner: number, least: number, layer: number): number {
  if (p.end - inner < least) return LAYER.flow
  p.at = inner
  return layer
}
