import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

const HEADER = 'AMQP'
const HEADER_LENGTH = 8
const FRAME_END = 0xce
const METHOD = 1
const LAST_TYPE = 8
const LONGEST = 1 << 20
const MOST_BYTES = 4096
/** Connection.Start and Connection.StartOk (AMQP 0-9-1 §1.4). */
const CONNECTION = 10
const START = 10
const START_OK = 11
/** A text in a table: length and name, type S, length, value. */
const PROPERTY = /[\s\S](product|version|platform|cluster_name)S([\s\S]{4})/g
const FIELDS = table<string>({
  product: 'amqp.product',
  version: 'amqp.product-version',
  platform: 'amqp.platform',
  cluster_name: 'amqp.cluster',
})

/** AMQP 0-9-1 and the header of 1.0 (OASIS): product and version of both sides. No message is read. */
export const amqp: Dissector = {
  protocol: 'amqp',
  over: 'tcp',
  ports: [5672, 5671],
  firstBytes: [0x41, 1, 2, 3, LAST_TYPE],
  appetite: 6,
  looksLike: (stream) => likeness(stream),

  length(stream) {
    if (stream.peek() === 0x41) return stream.remaining < HEADER_LENGTH ? 0 : HEADER_LENGTH
    if (stream.remaining < 7) return 0
    // Frames of 1.0 begin with their length (AMQP 1.0 part 2 §2.3).
    if (stream.peek() === 0) {
      const length = stream.u32()
      return length < HEADER_LENGTH || length > LONGEST ? -1 : length
    }
    const length = stream.skip(3).u32()
    return length > LONGEST ? -1 : length + 8
  },

  *dissect(message, context) {
    if (message.startsWith(HEADER)) {
      const [major, minor, revision] = [message.peek(5), message.peek(6), message.peek(7)]
      yield* factOf(context.from, 'amqp.version', `${major}.${minor}.${revision}`)
    } else yield* methodFacts(message, context)
  },
}

function likeness(stream: Cursor): Likeness {
  if (stream.startsWith(HEADER)) return stream.remaining >= HEADER_LENGTH ? 'strong' : 'incomplete'
  if (stream.remaining < HEADER_LENGTH) return stream.peek() === 0x41 ? 'incomplete' : 'no'
  const type = stream.u8()
  const length = stream.skip(2).u32()
  const isType = type >= 1 && (type <= 3 || type === LAST_TYPE)
  const isEnded = stream.skip(length).u8() === FRAME_END && stream.ok
  return isType && isEnded ? 'strong' : 'no'
}

function* methodFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const type = message.u8()
  const kind = message.skip(6).u16()
  const method = message.u16()
  if (type !== METHOD || kind !== CONNECTION || (method !== START && method !== START_OK)) return
  const { bytes, position, end } = message
  const text = characters(bytes, position, Math.min(end, position + MOST_BYTES))
  for (const match of text.matchAll(PROPERTY)) {
    const [whole, name = '', prefix = ''] = match
    const length = (prefix.charCodeAt(2) << 8) | prefix.charCodeAt(3)
    const start = match.index + whole.length
    yield* factOf(from, FIELDS[name]!, text.slice(start, start + Math.min(length, 128)))
  }
}
