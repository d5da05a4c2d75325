import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PROTOCOL = 10
const ERROR = 0xff
const CLIENT_SSL = 0x0800
const LONGEST = 65_536

interface MysqlState {
  hasGreeting: boolean
}

/** MySQL and MariaDB: the greeting of a server, and whether its client wants TLS. Users are never read. */
export const mysql: Dissector = {
  protocol: 'mysql',
  over: 'tcp',
  ports: [3306, 33_060],
  appetite: 3,
  looksLike: (stream, context) => likeness(stream, context),

  length(stream) {
    if (stream.remaining < 4) return 0
    const length = bodyLength(stream)
    return length > LONGEST ? -1 : length + 4
  },

  *dissect(message, context) {
    const state = (context.state ??= { hasGreeting: false }) as MysqlState
    if (context.from === 'server') {
      if (!state.hasGreeting) yield* greetingFacts(message, context)
      state.hasGreeting = true
      return
    }
    const capabilities = message.skip(4).u16le()
    // A request for TLS is the start of a sign-in without the names (connection phase, SSLRequest).
    if (
      state.hasGreeting &&
      (capabilities & CLIENT_SSL) !== 0 &&
      message.end - message.position === 30
    ) {
      context.become('tls')
    }
    context.enough()
  },
}

/** Bytes of a packet after length and number. */
function bodyLength(stream: Cursor): number {
  return stream.peek() | (stream.peek(1) << 8) | (stream.peek(2) << 16)
}

/** Only the greeting is telling; the server sends it first. */
function likeness(stream: Cursor, { from }: MessageContext): Likeness {
  const length = bodyLength(stream)
  if (stream.remaining < 6) return stream.remaining < 4 ? 'incomplete' : 'no'
  if (from === 'client' && stream.peek(3) !== 0) return 'no'
  if (stream.peek(3) !== 0 || length < 9 || length > 512) return 'no'
  const kind = stream.skip(4).u8()
  if (kind === ERROR) {
    const code = stream.u16le()
    const isCode = code >= 1000 && code < 4500
    return isCode && stream.remaining === length - 3 ? 'strong' : 'no'
  }
  if (kind !== PROTOCOL) return 'no'
  const version = stream.text(Math.min(stream.remaining, 64))
  if (!/^\d{1,2}\.\d{1,2}[\w.+:~-]*$/.test(version)) return 'no'
  return length >= version.length + 20 ? 'strong' : 'no'
}

/** HandshakeV10, or an error that says who may not connect. */
function* greetingFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const kind = message.skip(4).u8()
  if (kind === ERROR) {
    yield* factOf(from, 'mysql.error', String(message.u16le()))
    return
  }
  if (kind !== PROTOCOL) return
  const nul = message.bytes.indexOf(0, message.position)
  if (nul < 0 || nul >= message.end) return
  const version = message.text(nul - message.position)
  const low = message.skip(1 + 4 + 8 + 1).u16le()
  if (!message.ok) return
  yield* factOf(from, 'mysql.version', version)
  yield { subject: from, field: 'mysql.tls', value: (low & CLIENT_SSL) !== 0 ? 'offered' : 'none' }
  const rest = message.skip(1 + 2 + 2 + 1 + 10)
  // Behind the rest of the challenge stands how to sign in.
  const plugin = rest.skip(13).text(rest.remaining)
  yield* factOf(from, 'mysql.authentication', /^\w{3,64}$/.test(plugin) ? plugin : undefined)
}
