import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { ntlmFacts, utf16 } from './ntlmssp.ts'

/** Packet types (MS-TDS §2.2.3.1.1). */
const TYPE = {
  batch: 1,
  rpc: 3,
  answer: 4,
  attention: 6,
  bulk: 7,
  login: 0x10,
  sspi: 0x11,
  prelogin: 0x12,
} as const
const TYPES: readonly number[] = [...Object.values(TYPE), 0x0e]
const HEADER_LENGTH = 8
const LAST_STATUS = 0x1f
/** Tokens of a prelogin (MS-TDS §2.2.6.5). */
const OPTION = { version: 0, encryption: 1, instance: 2 } as const
const ENCRYPTION: readonly string[] = ['off', 'on', 'not-supported', 'required']
const LOGIN_ACK = 0xad

/** Tabular Data Stream of Microsoft SQL Server (MS-TDS): versions, encryption, host and program of a login. */
export const mssql: Dissector = {
  protocol: 'mssql',
  over: 'tcp',
  ports: [1433, 2433],
  firstBytes: TYPES,
  appetite: 6,
  looksLike: (stream) => likeness(stream),

  length(stream) {
    if (stream.remaining < HEADER_LENGTH) return 0
    const length = (stream.peek(2) << 8) | stream.peek(3)
    return TYPES.includes(stream.peek()) && length >= HEADER_LENGTH ? length : -1
  },

  *dissect(message, context) {
    const type = message.u8()
    const body = message.skip(7)
    const { from } = context
    // The answer to a prelogin has the type of any answer, but the form of a prelogin.
    const isPrelogin =
      type === TYPE.prelogin || (type === TYPE.answer && context.state === undefined)
    if (from === 'server') context.state = true
    if (isPrelogin) yield* preloginFacts(body, context)
    else if (type === TYPE.login) yield* loginFacts(body, context)
    else if (type === TYPE.answer) yield* answerFacts(body, context)
    else if (type === TYPE.sspi) yield* ntlmFacts(body.view(body.remaining), from)
  },
}

function likeness(stream: Cursor): Likeness {
  const available = stream.remaining
  const type = stream.u8()
  const status = stream.u8()
  const length = stream.u16()
  const window = stream.skip(3).u8()
  if (available < HEADER_LENGTH) return TYPES.includes(type) && available < 4 ? 'incomplete' : 'no'
  const isHeader = status <= LAST_STATUS && length > HEADER_LENGTH && window === 0
  if (!TYPES.includes(type) || !isHeader || length < available) return 'no'
  if (type === TYPE.prelogin) {
    const isOption = stream.u8() === OPTION.version && stream.u16() >= 6
    return isOption && stream.u16() >= 4 && stream.ok ? 'strong' : 'no'
  }
  if (type === TYPE.login) {
    const size = stream.u32le()
    const version = stream.u32le() >>> 24
    return size === length - HEADER_LENGTH && version >= 0x70 && version <= 0x80 ? 'strong' : 'no'
  }
  if ((type === TYPE.batch || type === TYPE.rpc) && hasStreamHeaders(stream, length))
    return 'strong'
  return length === available && status === 1 ? 'weak' : 'no'
}

/** ALL_HEADERS that requests begin with since TDS 7.2 (MS-TDS §2.2.5.3): a whole, and the first header inside it. */
function hasStreamHeaders(stream: Cursor, length: number): boolean {
  const total = stream.u32le()
  const first = stream.u32le()
  const kind = stream.u16le()
  const isWhole = total <= length - HEADER_LENGTH && first >= 6 && first + 4 <= total
  return stream.ok && isWhole && kind >= 1 && kind <= 3
}

/** Options by token, offset and length, ended by 255. */
function* preloginFacts(body: Cursor, { from }: MessageContext): Generator<Fact> {
  const start = body.position
  for (let count = 0; count < 16 && body.remaining >= 5 && body.peek() !== 0xff; count++) {
    const token = body.u8()
    const offset = body.u16()
    const length = body.u16()
    const value = body.bytes.subarray(start + offset, Math.min(start + offset + length, body.end))
    if (token === OPTION.version && value.length >= 4) {
      const version = `${value[0]}.${value[1]}.${(value[2]! << 8) | value[3]!}`
      // Clients mostly say nothing here, or the version of their library.
      const field = from === 'server' ? 'mssql.version' : 'mssql.client-version'
      if (value[0] !== 0) yield* factOf(from, field, version)
    }
    if (token === OPTION.encryption && value.length > 0) {
      yield* factOf(from, 'mssql.encryption', ENCRYPTION[value[0]! & 3])
    }
  }
}

/** LOGIN7 (MS-TDS §2.2.6.4): pairs of offset and length; those of user and password are passed over. */
function* loginFacts(body: Cursor, { from }: MessageContext): Generator<Fact> {
  const start = body.position
  const at = (place: number) => {
    const pair = body.bytes
    const offset = pair[start + place]! | (pair[start + place + 1]! << 8)
    const length = pair[start + place + 2]! | (pair[start + place + 3]! << 8)
    return utf16(pair.subarray(start + offset, Math.min(start + offset + 2 * length, body.end)))
  }
  if (body.remaining < 94) return
  yield* factOf(from, 'mssql.client-host', at(36))
  yield* factOf(from, 'mssql.application', at(48))
  yield* factOf('server', 'mssql.server-name', at(52))
  yield* factOf(from, 'mssql.library', at(60))
  yield* ntlmFacts(body.view(body.remaining), from)
}

/** LOGINACK (MS-TDS §2.2.7.14): the program and its version. */
function* answerFacts(body: Cursor, { from }: MessageContext): Generator<Fact> {
  const bytes = body.view(Math.min(body.remaining, 4096))
  for (let at = bytes.indexOf(LOGIN_ACK); at >= 0; at = bytes.indexOf(LOGIN_ACK, at + 1)) {
    const length = (bytes[at + 1] ?? 0) | ((bytes[at + 2] ?? 0) << 8)
    const characters = bytes[at + 8] ?? 0
    const nameEnd = at + 9 + 2 * characters
    if (length !== 10 + 2 * characters || nameEnd + 4 > bytes.length) continue
    yield* factOf(from, 'mssql.product', utf16(bytes.subarray(at + 9, nameEnd)))
    const [major, minor, high, low] = bytes.subarray(nameEnd, nameEnd + 4)
    yield* factOf(from, 'mssql.version', `${major}.${minor}.${(high! << 8) | low!}`)
    return
  }
}
