import { Cursor } from '../cursor.ts'
import type { Dissector, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

/** Steps of the sequence number from one packet to the next that still count as one stream. */
const MOST_STEP = 20
const HEADER_LENGTH = 12
/** What RTCP has where RTP has marker and payload type (RFC 5761 §4). */
const FIRST_CONTROL = 192
const LAST_CONTROL = 223

/** Payload types that always mean the same (RFC 3551 §6). */
const STATIC_TYPES: Readonly<Record<number, string>> = {
  0: 'PCMU',
  3: 'GSM',
  4: 'G723',
  5: 'DVI4',
  8: 'PCMA',
  9: 'G722',
  10: 'L16',
  11: 'L16',
  13: 'CN',
  14: 'MPA',
  15: 'G728',
  18: 'G729',
  26: 'JPEG',
  31: 'H261',
  32: 'MPV',
  33: 'MP2T',
  34: 'H263',
}

interface Header {
  readonly type: number
  readonly sequence: number
  readonly source: number
}

type RtpState = Partial<Record<Side, Header>>

/** RTP (RFC 3550 §5): believed once packets of one source follow one another. */
export const rtp: Dissector = {
  protocol: 'rtp',
  over: 'udp',
  firstBytes: Array.from({ length: 64 }, (_, at) => 0x80 + at),
  appetite: 8,

  looksLike: (message): Likeness =>
    isControl(message) || readHeader(message) === undefined ? 'no' : 'weak',

  *dissect(message, context) {
    const state = (context.state ??= {}) as RtpState
    const { from } = context
    const before = state[from]
    // Beside RTP come its control packets and STUN (RFC 7983); they prove nothing.
    if (isControl(message) || message.peek() < 4) {
      context.doubt()
      if (before !== undefined) context.carries(message.peek() < 4 ? 'stun' : 'rtcp')
      return
    }
    const header = readHeader(message)
    if (header === undefined) {
      message.ok = false
      return
    }
    state[from] = header
    if (before === undefined) return context.doubt()
    const step = (header.sequence - before.sequence) & 0xffff
    if (header.source !== before.source || step === 0 || step > MOST_STEP) message.ok = false
    else yield* factOf(from, 'rtp.payload-type', typeName(header.type))
  },
}

function isControl(message: Cursor): boolean {
  return message.peek(1) >= FIRST_CONTROL && message.peek(1) <= LAST_CONTROL
}

/** The header, when what it says of itself fits into the packet (RFC 3550 §5.1). */
function readHeader(message: Cursor): Header | undefined {
  const packet = new Cursor(message.bytes, message.position, message.end)
  const first = packet.u8()
  const type = packet.u8() & 0x7f
  const sequence = packet.u16()
  const source = packet.skip(4).u32()
  packet.skip(4 * (first & 0x0f))
  if ((first & 0x10) !== 0) packet.skip(2).skip(4 * packet.u16())
  const hasPadding = (first & 0x20) !== 0
  const padding = hasPadding ? packet.bytes[packet.end - 1]! : 0
  const isFit = packet.ok && padding <= packet.remaining && !(hasPadding && padding === 0)
  const isType = type < 35 || type >= 96 || typeName(type) !== undefined
  if (first >> 6 !== 2 || !isFit || !isType || source === 0) return undefined
  return message.remaining > HEADER_LENGTH ? { type, sequence, source } : undefined
}

function typeName(type: number): string | undefined {
  return type >= 96 ? 'dynamic' : STATIC_TYPES[type]
}
