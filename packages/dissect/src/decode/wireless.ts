import { LAYER } from './layer.ts'
import { word } from './link.ts'
import type { Packet } from './packet.ts'

/** Radiotap: what the radio says of a frame, before the frame (radiotap.org; all numbers little-endian). */
export function readRadiotap(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 8 || bytes[at] !== 0) return LAYER.none
  const length = bytes[at + 2]! | (bytes[at + 3]! << 8)
  if (length < 8 || length > p.end - at) return LAYER.none
  const flags = flagsOf(p, at + length)
  p.at = at + length
  if ((flags & 0x10) !== 0) dropCheckSequence(p)
  return readFrame(p, (flags & 0x20) !== 0, false)
}

/** The Flags field: it stands behind the words that say what is present, and a timestamp if there is one. */
function flagsOf(p: Packet, end: number): number {
  const { bytes, at } = p
  const present = bytes[at + 4]!
  let field = at + 8
  while (field + 4 <= end && (bytes[field - 1]! & 0x80) !== 0) field += 4
  if ((present & 2) === 0) return 0
  if ((present & 1) !== 0) field = at + ((field - at + 7) & ~7) + 8
  return field < end ? bytes[field]! : 0
}

function dropCheckSequence(p: Packet): void {
  if (p.end === p.wireEnd) p.end -= 4
  p.wireEnd -= 4
}

/** Per-packet information: a header of stated length before a frame of a stated link type (LINKTYPE_PPI). */
export function readPpi(p: Packet): number {
  const { bytes, at } = p
  if (p.end - at < 8 || bytes[at] !== 0) return LAYER.none
  const length = bytes[at + 2]! | (bytes[at + 3]! << 8)
  if (length < 8 || length > p.end - at) return LAYER.none
  p.at = at + length
  // Other link types inside are not met.
  return bytes[at + 4] === 105 ? readFrame(p, false, false) : LAYER.unknown
}

/** IEEE 802.11, as from a radio without further header. */
export function readWlan(p: Packet): number {
  return readFrame(p, false, false)
}

/** IEEE 802.11 behind CAPWAP, where some controllers exchange the two bytes of frame control. */
export function readWlanInCapwap(p: Packet): number {
  const isSwapped = (p.bytes[p.at]! & 0x0f) !== 8 && (p.bytes[p.at + 1]! & 0x0f) === 8
  return readFrame(p, false, isSwapped)
}

/**
 * A frame of IEEE 802.11 (section 9.2.3): data in the clear goes on as 802.2; all else is a message of the link. Of
 * aggregated data (A-MSDU) only the first part is read.
 */
function readFrame(p: Packet, isPadded: boolean, isSwapped: boolean): number {
  const { bytes, at } = p
  p.etherType = 0
  if (p.end - at < 24) return LAYER.link
  const control = bytes[isSwapped ? at + 1 : at]!
  const flags = bytes[isSwapped ? at : at + 1]!
  if ((control & 3) !== 0) return LAYER.none
  readMacs(p, flags & 3)
  // Behind CAPWAP the controller has put fragments together.
  const isFirst = isSwapped || (bytes[at + 22]! & 0x0f) === 0
  const isData = (control & 0x4c) === 0x08
  if (!isData || !isFirst || (flags & 0x40) !== 0) return LAYER.link
  const hasQos = (control & 0x80) !== 0
  const qosAt = at + ((flags & 3) === 3 ? 30 : 24)
  let header = qosAt - at
  if (hasQos) header += (flags & 0x80) !== 0 ? 6 : 2
  if (isPadded) header = (header + 3) & ~3
  if (hasQos && qosAt < p.end && (bytes[qosAt]! & 0x80) !== 0) header += 14
  if (header > p.end - at) return LAYER.none
  p.at = at + header
  return LAYER.llc
}

/** Which of the addresses are sender and receiver depends on the way over the distribution system. */
function readMacs(p: Packet, ways: number): void {
  const { bytes, at } = p
  const target = at + ((ways & 1) === 0 ? 4 : 16)
  const source = at + (ways === 0 || ways === 1 ? 10 : ways === 2 ? 16 : 24)
  if (source + 6 > p.end) return
  p.targetMacHigh = (bytes[target]! << 8) | bytes[target + 1]!
  p.targetMacLow = word(bytes, target + 2)
  p.sourceMacHigh = (bytes[source]! << 8) | bytes[source + 1]!
  p.sourceMacLow = word(bytes, source + 2)
  p.hasMac = true
}
