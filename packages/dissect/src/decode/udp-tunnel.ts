import { LAYER } from './layer.ts'
import { layerOfEtherType } from './link.ts'
import { FRAGMENT, type Packet, UDP } from './packet.ts'

/** Most extension headers of GTP that are followed. */
const MAX_GTP_EXTENSIONS = 4
/** First word of the addresses that Teredo gives (RFC 4380 section 2.6). */
const TEREDO_PREFIX = 0x2001_0000

/**
 * The layer inside a UDP datagram that is a tunnel by its port and header, and its name in `tunnel`; `none` for every
 * other packet.
 */
export function layerInside(p: Packet): number {
  if (p.transport !== UDP || p.fragment === FRAGMENT.later) return LAYER.none
  if (p.fragment === FRAGMENT.first) reachOverFragments(p)
  switch (p.targetPort) {
    case 4789:
    case 8472:
      return insideVxlan(p)
    case 4790:
      return insideVxlanGpe(p)
    case 6081:
      return insideGeneve(p)
    case 6635:
      return insideMpls(p)
    default:
      return insideOtherWays(p)
  }
}

/** The packet inside of a first fragment ends where the datagram does: what the fragment lacks of it is cut off. */
function reachOverFragments(p: Packet): void {
  const { bytes, payload } = p
  // The length of a header that was cut short would be read from before it.
  if (p.payloadEnd - payload < 8) return
  const stated = (bytes[payload - 4]! << 8) | bytes[payload - 3]!
  p.wireEnd = Math.max(p.wireEnd, payload - 8 + stated)
}

/** Tunnels whose two directions use the same port, or whose peers have ports of their own. */
function insideOtherWays(p: Packet): number {
  const { sourcePort, targetPort } = p
  if (sourcePort === 2152 || targetPort === 2152) return insideGtp(p)
  if (sourcePort === 5247 || targetPort === 5247) return insideCapwap(p)
  return insideTeredo(p)
}

/**
 * VXLAN (RFC 7348 section 5). Who receives it ignores reserved bits, and group policies use some; but a client's port may
 * have the same number, so a header that is not the plain one is believed only before a frame that looks like one.
 */
function insideVxlan(p: Packet): number {
  const { bytes, payload } = p
  if (p.payloadEnd - payload < 8 + 14 || (bytes[payload]! & 0x08) === 0) return LAYER.none
  const isPlain = bytes[payload] === 0x08 && bytes[payload + 7] === 0
  if (!isPlain && !isFrame(p, payload + 8)) return LAYER.none
  return enter(p, 'vxlan', payload + 8, LAYER.ethernet)
}

/** True for an Ethernet frame with a tag, ARP, or an IP packet of the version that its type says. */
function isFrame({ bytes, payloadEnd }: Packet, at: number): boolean {
  if (payloadEnd - at < 14 + 20) return false
  const type = (bytes[at + 12]! << 8) | bytes[at + 13]!
  const version = bytes[at + 14]! >>> 4
  if (type === 0x0800) return version === 4
  return type === 0x86dd ? version === 6 : type === 0x0806 || type === 0x8100 || type === 0x88a8
}

/** VXLAN that says what it carries (draft-ietf-nvo3-vxlan-gpe section 3). */
function insideVxlanGpe(p: Packet): number {
  const { bytes, payload } = p
  if (p.payloadEnd - payload < 8 + 14 || (bytes[payload]! & 0xfc) !== 0x0c) return LAYER.none
  const next = bytes[payload + 3]!
  if (next === 1 || next === 2) return enter(p, 'vxlan', payload + 8, LAYER.ip)
  if (next === 4) return enter(p, 'vxlan', payload + 8, LAYER.nsh)
  return next === 3 ? enter(p, 'vxlan', payload + 8, LAYER.ethernet) : LAYER.none
}

/** MPLS in UDP (RFC 7510 section 3): the first label is no reserved one, and something follows the stack. */
function insideMpls(p: Packet): number {
  const { bytes, payload } = p
  if (p.payloadEnd - payload < 4 + 20) return LAYER.none
  const label = (bytes[payload]! << 12) | (bytes[payload + 1]! << 4) | (bytes[payload + 2]! >>> 4)
  if (label < 16 || bytes[payload + 3] === 0) return LAYER.none
  return enter(p, 'mpls', payload, LAYER.mpls)
}

/** GENEVE, version 0 (RFC 8926 section 3.4). */
function insideGeneve(p: Packet): number {
  const { bytes, payload } = p
  const inner = payload + 8 + (bytes[payload]! & 0x3f) * 4
  if (p.payloadEnd - inner < 14 || bytes[payload]! >>> 6 !== 0) return LAYER.none
  p.at = inner
  p.tunnel = 'geneve'
  return layerOfEtherType(p, (bytes[payload + 2]! << 8) | bytes[payload + 3]!)
}

/** User data of GTP version 1 (3GPP TS 29.281 section 5). */
function insideGtp(p: Packet): number {
  const { bytes, payload, payloadEnd } = p
  const flags = bytes[payload]!
  if (payloadEnd - payload < 8 + 20 || (flags & 0xf0) !== 0x30 || bytes[payload + 1] !== 0xff) {
    return LAYER.none
  }
  let inner = payload + ((flags & 7) === 0 ? 8 : 12)
  if ((flags & 4) !== 0) {
    let count = 0
    while (inner < payloadEnd && bytes[inner - 1] !== 0 && count++ < MAX_GTP_EXTENSIONS) {
      inner += Math.max(1, bytes[inner]!) * 4
    }
  }
  if (payloadEnd - inner < 20) return LAYER.none
  const version = bytes[inner]! >>> 4
  return version === 4 || version === 6 ? enter(p, 'gtp', inner, LAYER.ip) : LAYER.none
}

/**
 * Data of CAPWAP: frames of wireless stations, native or as Ethernet (RFC 5415 section 4.3). Of those in fragments of its
 * own the first one has the frame's beginning.
 */
function insideCapwap(p: Packet): number {
  const { bytes, payload } = p
  if (p.payloadEnd - payload < 8 + 14 || bytes[payload] !== 0) return LAYER.none
  const flags = (bytes[payload + 2]! << 8) | bytes[payload + 3]!
  const header = (bytes[payload + 1]! >>> 3) * 4
  const isFragment = (flags & 0x80) !== 0
  const isLater = isFragment && (bytes[payload + 6]! | (bytes[payload + 7]! & 0xf8)) !== 0
  const isKeepAlive = (flags & 0x08) !== 0
  if (header < 8 || isLater || isKeepAlive) return LAYER.none
  if (p.payloadEnd - payload < header + 14) return LAYER.none
  const isNative = (flags & 0x100) !== 0
  const isWlan = ((flags >>> 9) & 0x1f) === 1
  if (isNative && !isWlan) return LAYER.none
  return enter(p, 'capwap', payload + header, isNative ? LAYER.wlanInCapwap : LAYER.ethernet)
}

/** Teredo: IPv6 that fills the datagram, after an authentication or origin indication (RFC 4380 section 5.1.1). */
function insideTeredo(p: Packet): number {
  const { bytes, payloadEnd } = p
  let inner = p.payload
  if (payloadEnd - inner < 40) return LAYER.none
  const isOnPort = p.sourcePort === 3544 || p.targetPort === 3544
  if (isOnPort && bytes[inner] === 0 && bytes[inner + 1] === 1) {
    inner += 13 + bytes[inner + 2]! + bytes[inner + 3]!
  }
  if (bytes[inner] === 0 && bytes[inner + 1] === 0) inner += 8
  if (payloadEnd - inner < 40 || bytes[inner]! >>> 4 !== 6) return LAYER.none
  const length = 40 + ((bytes[inner + 4]! << 8) | bytes[inner + 5]!)
  const end = p.fragment === FRAGMENT.first ? p.wireEnd : payloadEnd
  if (length > end - inner) return LAYER.none
  if (!isOnPort && !isTeredoAddress(p, inner + 8) && !isTeredoAddress(p, inner + 24)) {
    return LAYER.none
  }
  return enter(p, 'teredo', inner, LAYER.ip)
}

function isTeredoAddress({ bytes }: Packet, at: number): boolean {
  const first = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  return first === TEREDO_PREFIX
}

function enter(p: Packet, tunnel: string, inner: number, layer: number): number {
  p.tunnel = tunnel
  p.at = inner
  return layer
}
