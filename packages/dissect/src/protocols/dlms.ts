import { hexText } from '../address.ts'
import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { crc16, CRC16 } from './crc16.ts'

const PORTS = [4059, 4060]
const FLAG = 0x7e
const FORMAT = 0xa0
const WRAPPER = 8
const TAG = { request: 0x60, answer: 0x61 } as const
/** Object identifiers of COSEM begin so: 2.16.756.5.8. */
const COSEM = [0x60, 0x85, 0x74, 0x05, 0x08]
const MECHANISM = 2

/** Services by the tag of their message (IEC 62056-5-3, clause 8). */
const SERVICES: Readonly<Record<number, string>> = {
  [TAG.request]: 'associate',
  0x62: 'release',
  0xc0: 'get',
  0xc1: 'set',
  0xc3: 'action',
  0x0f: 'data-notification',
  0xc2: 'event-notification',
  0xc8: 'ciphered-get',
  0xc9: 'ciphered-set',
  0xcb: 'ciphered-action',
}
const ANSWERS: readonly number[] = [TAG.answer, 0x63, 0xc4, 0xc5, 0xc7, 0xcc, 0xcd, 0xcf, 0xd8]
const MECHANISMS = ['none', 'password', 'maker', 'MD5', 'SHA-1', 'GMAC', 'SHA-256', 'ECDSA']
/** Names of both ends and the mechanism, as context tags of an association. */
const CALLING_TITLE = 0xa6
const RESPONDING_TITLE = 0xa4
const REQUEST_MECHANISM = 0x8b

const shape = {
  protocol: 'dlms',
  ports: PORTS,
  firstBytes: [0, FLAG],
  appetite: 32,
  looksLike,
} as const

/** DLMS/COSEM over TCP, in its wrapper or in HDLC frames: meters, their makers, how clients sign in. */
export const dlms: Dissector = {
  ...shape,
  over: 'tcp',
  length(stream) {
    if (stream.remaining < WRAPPER) return 0
    if (stream.peek() === FLAG) return frameLength(stream)
    const isWrapper = stream.peek() === 0 && stream.peek(1) === 1 && stream.peek(6) < 32
    return isWrapper ? WRAPPER + ((stream.peek(6) << 8) | stream.peek(7)) : -1
  },
  dissect: facts,
}

/** DLMS/COSEM over UDP. */
export const dlmsUdp: Dissector = { ...shape, over: 'udp', dissect: facts }

/** Octets of an HDLC frame with both flags; a length of eleven bits counts what is between them. */
function frameLength(stream: Cursor): number {
  const length = ((stream.peek(1) & 7) << 8) | stream.peek(2)
  return (stream.peek(1) & 0xf0) === FORMAT && length >= 7 ? length + 2 : -1
}

function looksLike(message: Cursor): Likeness {
  if (message.remaining < WRAPPER) return 'incomplete'
  if (message.peek() === FLAG) {
    const length = frameLength(message)
    if (length < 0 || message.remaining < length) return length < 0 ? 'no' : 'incomplete'
    const { bytes, position } = message
    const check = (bytes[position + length - 2]! << 8) | bytes[position + length - 3]!
    const sum = crc16(bytes, position + 1, position + length - 3, CRC16.ccitt)
    return message.peek(length - 1) === FLAG && (sum ^ 0xffff) === check ? 'strong' : 'no'
  }
  const length = (message.peek(6) << 8) | message.peek(7)
  const isHead =
    message.peek() === 0 && message.peek(1) === 1 && message.remaining === WRAPPER + length
  const tag = message.peek(WRAPPER)
  if (!isHead || length < 2) return 'no'
  if (tag === TAG.request || tag === TAG.answer) return 'strong'
  return SERVICES[tag] !== undefined || ANSWERS.includes(tag) ? 'weak' : 'no'
}

function* facts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const data = message.peek() === FLAG ? informationOf(message) : message.skip(WRAPPER)
  if (data === undefined || data.remaining === 0) return
  const tag = data.u8()
  if (!ANSWERS.includes(tag)) yield* factOf(from, 'dlms.service', SERVICES[tag])
  if (tag === TAG.request || tag === TAG.answer) {
    yield* associationFacts(data.take(data.u8()), tag, from)
  }
}

/** What stands after the link's three octets E6 E6 00 (question) or E6 E7 00 (answer). */
function informationOf({ bytes, position, end }: Cursor): Cursor | undefined {
  const stop = Math.min(end - 3, position + 16)
  for (let at = position; at < stop; at++) {
    const isMark = bytes[at] === 0xe6 && (bytes[at + 1] === 0xe6 || bytes[at + 1] === 0xe7)
    if (isMark && bytes[at + 2] === 0) return new Cursor(bytes, at + 3, end - 3)
  }
  return undefined
}

function* associationFacts(body: Cursor, tag: number, from: Side): Generator<Fact> {
  let mechanism = 0
  for (let left = 16; left > 0 && body.remaining >= 2; left--) {
    const element = body.u8()
    const value = body.take(body.u8())
    if (element === (tag === TAG.request ? CALLING_TITLE : RESPONDING_TITLE)) {
      yield* titleFacts(value.skip(2).view(8), from)
    } else if (element === REQUEST_MECHANISM && isMechanism(value)) mechanism = value.peek(6)
  }
  if (tag === TAG.request) yield* factOf(from, 'dlms.authentication', MECHANISMS[mechanism])
}

function isMechanism(value: Cursor): boolean {
  return COSEM.every((octet, at) => value.peek(at) === octet) && value.peek(5) === MECHANISM
}

/** A system title: three letters of the maker (FLAG association), then a number (IEC 62056-5-3, 4.3.4). */
function* titleFacts(title: Uint8Array, from: Side): Generator<Fact> {
  if (title.length !== 8) return
  yield* factOf(from, 'dlms.system-title', hexText(title))
  const letters = String.fromCharCode(...title.subarray(0, 3))
  if (/^[A-Z]{3}$/.test(letters)) yield* factOf(from, 'dlms.manufacturer', letters)
}
