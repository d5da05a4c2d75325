import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'

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
  ports: [9092],
  firstBytes: [0],
  appetite: 4,
  looksLike: (stream) => likeness(stream),

  length(stream) {
    if (stream.remaining < 4) return 0
    const length = stream.u32()
    return length < 4 || length > LONGEST ? -1 : length + 4
  },

  *dissect(message, { from }) {
    if (from === 'server') return
    const key = message.skip(4).u16()
    const version = message.u16()
    const id = message.skip(4).text(message.u16())
    yield* factOf(from, 'kafka.client-id', ID.test(id) ? id : undefined)
    if (key !== API_VERSIONS || version < 3) return
    // Tagged fields, then name and version of the software, each after its length plus one (KIP-511).
    const name = message.skip(1).text(message.u8() - 1)
    const release = message.text(message.u8() - 1)
    if (message.ok) yield* factOf(from, 'kafka.client-software', `${name} ${release}`)
    message.ok = true
  },
}

function likeness(stream: Cursor): Likeness {
  const available = stream.remaining
  if (available < HEAD_LENGTH) return 'no'
  const length = stream.u32()
  const key = stream.u16()
  const version = stream.u16()
  const idLength = stream.skip(4).u16()
  const isRequest = key <= LAST_KEY && version <= LAST_VERSION && idLength > 0 && idLength <= 128
  if (!isRequest || length + 4 !== available || !ID.test(stream.text(idLength))) return 'no'
  return stream.ok ? 'weak' : 'no'
}
