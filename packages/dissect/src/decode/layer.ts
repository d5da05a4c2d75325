/** The layers that the decoder steps through; each reader returns the one that follows. */
export const LAYER = {
  /** Cut short, malformed, or of no use. */
  none: 0,
  unknown: 1,
  ethernet: 2,
  cooked: 3,
  cooked2: 4,
  loopback: 5,
  ppp: 6,
  ip: 7,
  mpls: 8,
  pppoe: 9,
  gre: 10,
  transport: 11,
  link: 12,
  /** The packet is whole: a flow. */
  flow: 13,
  ciscoHdlc: 14,
  llc: 15,
  wlan: 16,
  radiotap: 17,
  ppi: 18,
  pktap: 19,
  nflog: 20,
  frameRelay: 21,
  /** Ethernet with a switch chip's tag of four or eight bytes, and one whose tag comes first. */
  switchTag4: 22,
  switchTag8: 23,
  switchTagBefore: 24,
  wlanInCapwap: 25,
  macsec: 26,
  infiniband: 27,
} as const
