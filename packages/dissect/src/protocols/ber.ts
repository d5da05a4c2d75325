import { Cursor } from '../cursor.ts'

/** One element of BER or DER (ITU-T X.690 §8.1): its identifier octets as a number, and its contents. */
export interface BerElement {
  /** The identifier octet; a second one (tag numbers 31 to 127) stands below it: `0x7f65`. */
  readonly tag: number
  readonly body: Cursor
}

export const BER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** The next element. Past the end, and for a length in the indefinite form, both cursors have failed. */
export function readBer(from: Cursor): BerElement {
  let tag = from.u8()
  if ((tag & 0x1f) === 0x1f) tag = (tag << 8) | from.u8()
  return { tag, body: from.take(readBerLength(from)) }
}

/** A length in the short or long form (X.690 §8.1.3), of at most four octets; negative when it is none. */
export function readBerLength(from: Cursor): number {
  const first = from.u8()
  if (first < 0x80) return first
  const octets = first & 0x7f
  if (octets === 0 || octets > 4) return -1
  let length = 0
  for (let at = 0; at < octets; at++) length = length * 256 + from.u8()
  return length
}

/** Length of the whole element at the start of a stream: zero while its head is incomplete, negative when it is none. */
export function berMessageLength(stream: Cursor): number {
  const start = stream.position
  stream.skip(1)
  const first = stream.peek()
  const isBroken = stream.remaining > 0 && (first === 0x80 || first > 0x84)
  const length = readBerLength(stream)
  if (isBroken) return -1
  return stream.ok ? stream.position - start + length : 0
}

/** The contents of the next element when it has this tag; a failed cursor otherwise. */
export function expectBer(from: Cursor, tag: number): Cursor {
  const element = readBer(from)
  return element.tag === tag ? element.body : failed()
}

/** The elements of a constructed value, at most `most` of them. */
export function* berElements(body: Cursor, most = 256): Generator<BerElement> {
  for (let count = 0; count < most && body.remaining > 0; count++) {
    const element = readBer(body)
    if (element.body.ok) yield element
  }
}

/** The contents of an INTEGER, two's complement; of more than six octets, an approximation. */
export function berInteger(body: Cursor): number {
  const octets = body.view(body.remaining)
  if (octets.length === 0) return 0
  let value = octets[0]! & 0x80 ? -1 : 0
  for (const octet of octets) value = value * 256 + octet
  return value
}

/** The contents of an OBJECT IDENTIFIER in dotted text (X.690 §8.19); empty when it is malformed. */
export function berOid(body: Cursor): string {
  const arcs: number[] = []
  let arc = 0
  let isWhole = true
  while (body.remaining > 0 && arcs.length < 64) {
    const octet = body.u8()
    arc = arc * 128 + (octet & 0x7f)
    isWhole = octet < 0x80
    if (!isWhole) continue
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(arc / 40))
      arcs.push(root, arc - root * 40)
    } else arcs.push(arc)
    arc = 0
  }
  return isWhole ? arcs.join('.') : ''
}

function failed(): Cursor {
  const cursor = new Cursor(new Uint8Array(0))
  cursor.ok = false
  return cursor
}
