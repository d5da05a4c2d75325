import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const FRAME_HEADER = 9
const LONGEST = 1 << 20
const HEADERS = 1
const SETTINGS = 4
const GOAWAY = 7
const PADDED = 8
const PRIORITY = 0x20
const MOST_FIELDS = 32
/** Names of the static table (RFC 7541 appendix A) whose values tell who speaks. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'http2.authority',
  54: 'http2.server',
  58: 'http2.user-agent',
}
const NEW_NAMES: Readonly<Record<string, string>> = {
  ':authority': 'http2.authority',
  server: 'http2.server',
  'user-agent': 'http2.user-agent',
}

/** HTTP/2 in clear (RFC 9113): names and software, where their header fields are not compressed further. */
export const http2: Dissector = {
  protocol: 'http2',
  over: 'tcp',
  firstBytes: [0x50, 0],
  appetite: 8,

  looksLike(stream, { from }): Likeness {
    if (stream.startsWith(PREFACE)) return 'strong'
    const { bytes, position, end } = stream
    const text = String.fromCharCode(
      ...bytes.subarray(position, Math.min(end, position + PREFACE.length)),
    )
    if (text.length < PREFACE.length && PREFACE.startsWith(text)) return 'incomplete'
    // A server answers with its settings, whose length is a number of sixes.
    const length = stream.u24()
    const isSettings = from === 'server' && stream.u16() === SETTINGS << 8 && stream.u32() === 0
    return isSettings && stream.ok && length % 6 === 0 && length < 100 ? 'weak' : 'no'
  },

  length(stream) {
    if (stream.startsWith('PRI * ')) return stream.remaining < PREFACE.length ? 0 : PREFACE.length
    if (stream.remaining < FRAME_HEADER) return 0
    const length = stream.u24()
    return length > LONGEST ? -1 : length + FRAME_HEADER
  },

  *dissect(message, { from }) {
    if (message.startsWith(PREFACE)) return
    const length = message.u24()
    const type = message.u8()
    const flags = message.u8()
    const body = message.skip(4).take(length)
    if (type > GOAWAY + 2) message.ok = false
    if (type !== HEADERS || !body.ok) return
    const padding = (flags & PADDED) !== 0 ? body.u8() : 0
    if ((flags & PRIORITY) !== 0) body.skip(5)
    const fields = body.take(body.remaining - padding)
    for (const [name, value] of literals(fields)) {
      // The authority is the name of the other side.
      const subject = name === 'http2.authority' ? 'server' : from
      yield* factOf(subject, name, value)
    }
  },
}

/** Header fields as plain text (RFC 7541 §6.2); those in Huffman code are passed over. */
function* literals(fields: Cursor): Generator<readonly [string, string]> {
  for (let count = 0; count < MOST_FIELDS && fields.remaining > 0; count++) {
    const first = fields.peek()
    if (first >= 0x80) {
      prefixed(fields, 7)
      continue
    }
    if (first >= 0x20 && first < 0x40) {
      prefixed(fields, 5)
      continue
    }
    const index = prefixed(fields, first >= 0x40 ? 6 : 4)
    const name = index === 0 ? NEW_NAMES[text(fields) ?? ''] : NAMES[index]
    const value = text(fields)
    if (fields.ok && name !== undefined && value !== undefined) yield [name, value]
  }
}

/** A number that begins in the low bits of a byte (RFC 7541 §5.1). */
function prefixed(fields: Cursor, bits: number): number {
  const most = (1 << bits) - 1
  let value = fields.u8() & most
  if (value < most) return value
  for (let shift = 0; shift <= 21; shift += 7) {
    const byte = fields.u8()
    value += (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  return value
}

function text(fields: Cursor): string | undefined {
  const isHuffman = fields.peek() >= 0x80
  const value = fields.take(prefixed(fields, 7))
  return isHuffman ? undefined : value.utf8(value.remaining)
}
