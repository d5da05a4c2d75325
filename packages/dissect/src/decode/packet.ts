/** What a frame turned out to be. */
export const KIND = {
  /** Nothing that can be used: cut short or malformed. */
  none: 0,
  /** An IP packet: belongs to a flow. */
  flow: 1,
  /** A link-layer message: `etherType` and the payload say which. */
  link: 2,
  /** A link type or version that is not known. */
  unknown: 3,
} as const

/** Fragment states of an IP packet. */
export const FRAGMENT = { none: 0, first: 1, later: 2 } as const

/** Transports of flows, in the order of their numbers in the flow table. */
export const TRANSPORTS = [
  'other',
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'igmp',
  'sctp',
  'esp',
  'gre',
] as const
export type Transport = (typeof TRANSPORTS)[number]

export const OTHER = 0
export const TCP = 1
export const UDP = 2
export const ICMP = 3
export const ICMP6 = 4
export const IGMP = 5
export const SCTP = 6
export const ESP = 7
export const GRE = 8

export const TCP_FIN = 0x01
export const TCP_SYN = 0x02
export const TCP_RST = 0x04
export const TCP_ACK = 0x10

/**
 * A decoded frame: numbers only, made once and filled again for every frame. Positions are absolute in `bytes`.
 * 32-bit values are signed, because those are the ones the engine keeps unboxed.
 */
export class Packet {
  bytes: Uint8Array = new Uint8Array(0)
  /** Next byte to decode, end of the captured bytes, and where the end would be had all been captured. */
  at = 0
  end = 0
  wireEnd = 0
  kind = 0

  sourceMacHigh = 0
  sourceMacLow = 0
  targetMacHigh = 0
  targetMacLow = 0
  hasMac = false
  /** EtherType; for SNAP frames OUI x 65536 + PID; for other LLC frames the DSAP (IEEE 802.2). */
  etherType = 0
  vlanCount = 0
  vlan0 = 0
  vlan1 = 0
  vlan2 = 0
  vlan3 = 0

  /** 4, 6, or 0 when there is no IP header. */
  version = 0
  ttl = 0
  ipProtocol = 0
  transport = OTHER
  /** Addresses as four words; an IPv4 address is the last one, after 0, 0, 0xffff (RFC 4291 section 2.5.5.2). */
  source0 = 0
  source1 = 0
  source2 = 0
  source3 = 0
  target0 = 0
  target1 = 0
  target2 = 0
  target3 = 0
  /** Length of the packet by its IP header, in bytes. */
  ipBytes = 0
  fragment = 0
  fragmentId = 0
  /** Of a fragment: its first byte here and in the payload of the whole packet, and whether others come behind it. */
  fragmentAt = 0
  fragmentOffset = 0
  hasMoreFragments = false
  /** Protocol number of what was cut in fragments, as each of them says it: of the transport, or of a header before it. */
  fragmentProtocol = 0

  /** Ports; for ICMP the type and its counterpart, so that a request and its answer meet in one flow. */
  sourcePort = 0
  targetPort = 0
  tcpFlags = 0
  seq = 0
  /** Transport payload that was captured, and how many bytes it had on the wire. */
  payload = 0
  payloadEnd = 0
  payloadBytes = 0
  /** True for an ICMP message that only an answer can be. */
  isAnswer = false
  /** Protocol of the tunnel over UDP that the packet before, outside of this one, turned out to be. */
  tunnel = ''
}
