import { KIND, type Packet } from './packet.ts'
import { LAYER } from './layer.ts'

/** First layer of a frame of this link type (the LINKTYPE_ registry of the pcap formats). */
export function layerOfLink(linkType: number): number {
  switch (linkType) {
    case 1:
      return LAYER.ethernet
    case 113:
      return LAYER.cooked
    case 276:
      return LAYER.cooked2
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return LAYER.ip
    case 0:
    case 108:
      return LAYER.loopback
    case 9:
      return LAYER.ppp
    case 104:
      return LAYER.ciscoHdlc
    default:
      return layerOfRareLink(linkType)
  }
}

function layerOfRareLink(linkType: number): number {
  switch (linkType) {
    case 105:
      return LAYER.wlan
    case 107:
      return LAYER.frameRelay
    case 127:
      return LAYER.radiotap
    case 178:
      return LAYER.juniper
    case 192:
      return LAYER.ppi
    case 226:
      return LAYER.ipnet
    case 239:
      return LAYER.nflog
    case 242:
      return LAYER.infiniband
    case 258:
      return LAYER.pktap
    case 281:
    case 284:
      return LAYER.switchTag4
    case 282:
      return LAYER.switchTagBefore
    case 285:
      return LAYER.switchTag8
    default:
      return LAYER.unknown
  }
}

/** Ethernet II and 802.3 (IEEE 802.3 section 3). */
export function readEthernet(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 14) return LAYER.none
  readMacs(p)
  p.at = at + 14
  return layerOfEtherType(p, (bytes[at + 12]! << 8) | bytes[at + 13]!)
}

/** Target and source as Ethernet frames begin. */
export function readMacs(p: Packet): void {
  const { bytes, at } = p
  p.targetMacHigh = (bytes[at]! << 8) | bytes[at + 1]!
  p.targetMacLow = word(bytes, at + 2)
  p.sourceMacHigh = (bytes[at + 6]! << 8) | bytes[at + 7]!
  p.sourceMacLow = word(bytes, at + 8)
  p.hasMac = true
}

/** Linux cooked capture v1: the sender's address and the protocol (LINKTYPE_LINUX_SLL). */
export function readCooked(p: Packet): number {
  if (p.end - p.at < 16) return LAYER.none
  const { bytes, at } = p
  readCookedMac(p, at + 6, bytes[at + 5]!)
  p.at = at + 16
  return layerOfCooked(p, (bytes[at + 14]! << 8) | bytes[at + 15]!)
}

/** Linux cooked capture v2 (LINKTYPE_LINUX_SLL2). */
export function readCooked2(p: Packet): number {
  if (p.end - p.at < 20) return LAYER.none
  const { bytes, at } = p
  readCookedMac(p, at + 12, bytes[at + 11]!)
  p.at = at + 20
  return layerOfCooked(p, (bytes[at]! << 8) | bytes[at + 1]!)
}

function readCookedMac(p: Packet, at: number, length: number): void {
  if (length !== 6) return
  p.sourceMacHigh = (p.bytes[at]! << 8) | p.bytes[at + 1]!
  p.sourceMacLow = word(p.bytes, at + 2)
  p.hasMac = (p.sourceMacHigh | p.sourceMacLow) !== 0
}

/** Below 0x0600 a cooked capture names Linux's own numbers: 4 is an 802.2 frame. */
function layerOfCooked(p: Packet, protocol: number): number {
  if (protocol === 4) return readLlc(p)
  return protocol < 0x0600 ? LAYER.unknown : layerOfEtherType(p, protocol)
}

/** BSD loopback: an address family in some byte order; the IP version nibble says the same (LINKTYPE_NULL). */
export function readLoopback(p: Packet): number {
  p.at += 4
  return LAYER.ip
}

/** PPP in HDLC-like framing, or after PPPoE (RFC 1661 section 2). */
export function readPpp(p: Packet): number {
  const { bytes } = p
  if (p.end - p.at < 4) return LAYER.none
  if (bytes[p.at] === 0xff && bytes[p.at + 1] === 0x03) p.at += 2
  const isShort = (bytes[p.at]! & 1) === 1
  const protocol = isShort ? bytes[p.at]! : (bytes[p.at]! << 8) | bytes[p.at + 1]!
  p.at += isShort ? 1 : 2
  if (protocol === 0x0021 || protocol === 0x0057) return LAYER.ip
  return protocol === 0x0281 ? LAYER.mpls : LAYER.link
}

/** Cisco HDLC: address, control and an EtherType (RFC 1547 section 4.3.1). */
export function readCiscoHdlc(p: Packet): number {
  if (p.end - p.at < 4) return LAYER.none
  const { bytes, at } = p
  p.at = at + 4
  return layerOfEtherType(p, (bytes[at + 2]! << 8) | bytes[at + 3]!)
}

/** What follows this EtherType; VLAN tags are taken off on the way (IEEE 802.1Q). */
export function layerOfEtherType(p: Packet, first: number): number {
  let type = first
  while (isTag(type)) {
    if (p.end - p.at < 4) return LAYER.none
    addVlan(p, ((p.bytes[p.at]! << 8) | p.bytes[p.at + 1]!) & 0x0fff)
    type = (p.bytes[p.at + 2]! << 8) | p.bytes[p.at + 3]!
    p.at += 4
  }
  p.etherType = type
  switch (type) {
    case 0x0800:
    case 0x86dd:
      return LAYER.ip
    case 0x8847:
    case 0x8848:
      return LAYER.mpls
    case 0x8864:
      return LAYER.pppoe
    case 0x6558:
      return LAYER.ethernet
    case 0x88e5:
      return LAYER.macsec
    default:
      return type <= 1500 ? readLength(p, type) : layerOfRareEtherType(type)
  }
}

function layerOfRareEtherType(type: number): number {
  switch (type) {
    case 0x894f:
      return LAYER.nsh
    case 0x88e7:
      return LAYER.backbone
    case 0x22f3:
      return LAYER.trill
    default:
      return LAYER.link
  }
}

function isTag(type: number): boolean {
  return type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200
}

function addVlan(p: Packet, id: number): void {
  // Id 0 is a priority tag: it names no VLAN.
  if (id === 0) return
  if (p.vlanCount === 0) p.vlan0 = id
  else if (p.vlanCount === 1) p.vlan1 = id
  else if (p.vlanCount === 2) p.vlan2 = id
  else if (p.vlanCount === 3) p.vlan3 = id
  else return
  p.vlanCount++
}

function readLength(p: Packet, length: number): number {
  if (length >= 3) p.end = Math.min(p.end, p.at + length)
  return readLlc(p)
}

/** Logical link control and SNAP (IEEE 802.2; RFC 1042). */
export function readLlc(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 3) return LAYER.none
  if (bytes[at] === 0xaa && bytes[at + 1] === 0xaa && bytes[at + 2] === 3 && p.end - at >= 8) {
    const oui = (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!
    const protocol = (bytes[at + 6]! << 8) | bytes[at + 7]!
    p.at = at + 8
    if (oui === 0 && protocol > 1500) return layerOfEtherType(p, protocol)
    p.etherType = oui * 65_536 + protocol
    return LAYER.link
  }
  p.etherType = bytes[at]!
  p.at = at + 3
  return LAYER.link
}

/** The rest of the frame is a message of the link layer. */
export function takeLinkMessage(p: Packet): void {
  p.kind = KIND.link
  p.payload = p.at
  p.payloadEnd = p.end
}

/** Big-endian signed 32 bits. */
export function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}
