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
} as const
