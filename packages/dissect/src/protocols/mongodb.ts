import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const HEADER_LENGTH = 16
const LONGEST = 48_000_000
/** Operations of the wire protocol, all that there were. */
const OPERATIONS: readonly number[] = [
  1, 1000, 2001, 2002, 2004, 2005, 2006, 2007, 2010, 2011, 2012, 2013,
]
const QUERY = 2004
const MESSAGE = 2013
const MOST_BYTES = 8192
/** A string in BSON: type 2, name, NUL, length, text, NUL. */
const STRING = /\u0002(version|setName|name)\0[\s\S]{4}([^\0]{1,128})\0/g

/** MongoDB: version of a server, driver of a client. No database, collection or document is read. */
export const mongodb: Dissector = {
  protocol: 'mongodb',
  over: 'tcp',
  ports: [27_017, 27_018],
  appetite: 6,
  looksLike: (stream) => likeness(stream),

  length(stream) {
    if (stream.remaining < 4) return 0
    const length = stream.u32le()
    return length < HEADER_LENGTH || length > LONGEST ? -1 : length
  },

  dissect: (message, context) => messageFacts(message, context),
}

function likeness(stream: Cursor): Likeness {
  const available = stream.remaining
  if (available < HEADER_LENGTH) return 'no'
  const length = stream.u32le()
  const operation = stream.skip(8).u32le()
  if (length < HEADER_LENGTH + 4 || length > LONGEST || !OPERATIONS.includes(operation)) return 'no'
  const flags = stream.u32le()
  if (operation === QUERY) {
    const name = characters(
      stream.bytes,
      stream.position,
      Math.min(stream.end, stream.position + 200),
    )
    return flags < 0x100 && /^[\w$-]{1,63}\.[\x20-\x7e]+\0/.test(name) ? 'strong' : 'no'
  }
  if (operation === MESSAGE) {
    const isSection = stream.u8() <= 1
    return isSection && (flags & 0xfffc) === 0 && length >= 21 ? 'strong' : 'no'
  }
  return length === available ? 'weak' : 'no'
}

function* messageFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const { bytes, position, end } = message
  const text = characters(bytes, position, Math.min(end, position + MOST_BYTES))
  // A client introduces itself once, in the document with this name.
  const isHello = /(?:isMaster|ismaster|hello)\0/.test(text)
  if (from === 'client') {
    const start = isHello ? text.indexOf('\u0003driver\0') : -1
    if (start < 0) return
    const [name, version] = [...text.slice(start).matchAll(STRING)]
    if (name?.[1] === 'name') {
      yield* factOf(from, 'mongodb.driver', `${name[2]} ${version?.[2] ?? ''}`.trim())
    }
    return
  }
  const isServer = text.includes('maxWireVersion\0') || text.includes('gitVersion\0')
  if (!isServer) return
  for (const [, name, value] of text.matchAll(STRING)) {
    if (name === 'version') yield* factOf(from, 'mongodb.version', value)
    if (name === 'setName') yield* factOf(from, 'mongodb.replica-set', value)
  }
}
