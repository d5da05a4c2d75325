import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORT = 9092
const NO_ID = 0xffff
const LAST_KEY = 80
const LAST_VERSION = 20
const API_VERSIONS = 18
const HEAD_LENGTH = 14
const LONGEST = 100 << 20
const ID = /^[\w.:@/ -]{1,128}$/

/** Kafka: what a client calls itself, and its software. No topic or record is read. */
export const kafka: Dissector = {
  protocol: 'kafka',
  over: 'tcp',
  ports: [PORT],
  firstBytes: [0],
  appetite: 4,
  looksLike: (stream, context) => likeness(stream, context),

  length(stream) {
    if (stream.remaining < 4) return 0
    const length = stream.u32()
    return length < 4 || length > LONGEST ? -1 : length + 4
  },

  *dissect(message, { from }) {
    if (from === 'server') return
    const key = message.skip(4).u16()
    const version = message.u16()
    const idLength = message.skip(4).u16()
    const id = idLength === NO_ID ? '' : message.text(idLength)
    yield* factOf(from, 'kafka.client-id', ID.test(id) ? id : undefined)
    if (key !== API_VERSIONS || version < 3) return
    // Tagged fields, then name and version of the software, each after its length plus one (KIP-511).
    const name = message.skip(1).text(message.u8() - 1)
    const release = message.text(message.u8() - 1)
    if (message.ok) yield* factOf(from, 'kafka.client-software', `${name} ${release}`)
    message.ok = true
  },
}

function likeness(stream: Cursor, { serverPort }: MessageContext): Likeness {
  const available = stream.remaining
  if (available < HEAD_LENGTH) return 'no'
  const length = stream.u32()
  const key = stream.u16()
  const version = stream.u16()
  const idLength = stream.skip(4).u16()
  if (key > LAST_KEY || version > LAST_VERSION || length + 4 !== available) return 'no'
  // An id may be empty or missing, but then the rest is too little to go by.
  if (idLength === 0 || idLength === NO_ID) return serverPort === PORT ? 'weak' : 'no'
  return idLength <= 128 && ID.test(stream.text(idLength)) && stream.ok ? 'weak' : 'no'
}
