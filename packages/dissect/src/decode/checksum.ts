import { type Packet, TCP } from './packet.ts'

/**
 * True unless the checksum of a whole TCP segment or UDP datagram, from `at` on, says that its bytes are others (RFC 1071,
 * RFC 768, RFC 9293 section 3.1, RFC 8200 section 8.1). One of zero says nothing: UDP may leave it out.
 */
export function isIntact(p: Packet): boolean {
  const { bytes, at, end } = p
  const place = at + (p.transport === TCP ? 16 : 6)
  if (place + 2 > end || (bytes[place]! | bytes[place + 1]!) === 0) return true
  const length = lengthOf(p)
  let sum = addressSum(p) + p.ipProtocol + length
  for (let each = 0; each < length; each++) sum += bytes[at + each]! << (each % 2 === 0 ? 8 : 0)
  // What is carried over the top of sixteen bits is added at their bottom.
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return sum === 0xffff
}

/** Bytes that the checksum is about: a datagram says how long it is, and the packet may hold more. */
function lengthOf({ bytes, at, end, transport }: Packet): number {
  const stated = (bytes[at + 4]! << 8) | bytes[at + 5]!
  return transport === TCP || stated < 8 ? end - at : Math.min(stated, end - at)
}

function addressSum(p: Packet): number {
  const four = halves(p.source3) + halves(p.target3)
  if (p.version === 4) return four
  const six = halves(p.source0) + halves(p.source1) + halves(p.source2)
  return four + six + halves(p.target0) + halves(p.target1) + halves(p.target2)
}

function halves(word: number): number {
  return (word >>> 16) + (word & 0xffff)
}
