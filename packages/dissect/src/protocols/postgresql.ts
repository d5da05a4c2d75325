import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const VERSION_3 = 0x00030000
const TLS_REQUEST = 80_877_103
const GSS_REQUEST = 80_877_104
const CANCEL_REQUEST = 80_877_102
const LONGEST = 262_144
const YES = 0x53
const NO = 0x4e

/** Requests for sign-in by number. */
const AUTHENTICATION: Readonly<Record<number, string>> = {
  0: 'none',
  2: 'kerberos-5',
  3: 'password',
  5: 'md5',
  7: 'gssapi',
  9: 'sspi',
  10: 'sasl',
}
interface PostgresState {
  hasStarted: boolean
  isAsked: boolean
}

/** PostgreSQL, protocol 3: version of the server, kind of sign-in. Users and queries are never read. */
export const postgresql: Dissector = {
  protocol: 'postgresql',
  over: 'tcp',
  ports: [5432],
  firstBytes: [0, YES, NO, 0x52, 0x45],
  appetite: 24,
  looksLike: (stream, context) => likeness(stream, context),

  length(stream, context) {
    const state = stateOf(context)
    if (context.from === 'server' && state.isAsked) return 1
    const isBare = context.from === 'client' && !state.hasStarted
    if (stream.remaining < (isBare ? 4 : 5)) return 0
    const at = isBare ? stream : stream.skip(1)
    const length = at.u32()
    return length < 4 || length > LONGEST ? -1 : length + (isBare ? 0 : 1)
  },

  *dissect(message, context) {
    const state = stateOf(context)
    if (context.from === 'server' && state.isAsked) {
      state.isAsked = false
      const isYes = message.u8() === YES
      yield { subject: 'server', field: 'postgresql.tls', value: isYes ? 'yes' : 'no' }
      if (isYes) context.become('tls')
    } else if (context.from === 'client' && !state.hasStarted) {
      yield* startFacts(message, context, state)
    } else if (context.from === 'server') yield* answerFacts(message, context)
    else context.enough()
  },
}

function stateOf(context: MessageContext): PostgresState {
  return (context.state ??= { hasStarted: false, isAsked: false }) as PostgresState
}

function likeness(stream: Cursor, { from }: MessageContext): Likeness {
  if (from === 'client') {
    if (stream.remaining < 8)
      return stream.peek() === 0 && stream.peek(1) === 0 ? 'incomplete' : 'no'
    const length = stream.u32()
    const code = stream.u32()
    if (code === TLS_REQUEST || code === GSS_REQUEST) return length === 8 ? 'strong' : 'no'
    if (code === CANCEL_REQUEST) return length === 16 ? 'strong' : 'no'
    return code >>> 16 === 3 && length > 8 && length < 4096 && stream.startsWith('user\0')
      ? 'strong'
      : code === VERSION_3 && length < 4096
        ? 'weak'
        : 'no'
  }
  // A request to sign in (R), or an error (E), when the start of the client was missed.
  const kind = stream.u8()
  const length = stream.u32()
  const code = stream.u32()
  const isRequest =
    kind === 0x52 && length >= 8 && length <= 64 && AUTHENTICATION[code] !== undefined
  return stream.ok && isRequest ? 'weak' : 'no'
}

function* startFacts(
  message: Cursor,
  context: MessageContext,
  state: PostgresState,
): Generator<Fact> {
  const code = message.skip(4).u32()
  state.isAsked = code === TLS_REQUEST || code === GSS_REQUEST
  state.hasStarted = !state.isAsked
  if (code !== VERSION_3) return
  for (let count = 0; count < 16 && message.remaining > 1; count++) {
    const name = word(message)
    const value = word(message)
    if (name === 'application_name') yield* factOf(context.from, 'postgresql.application', value)
  }
}

function* answerFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const { from } = context
  const kind = String.fromCharCode(message.u8())
  message.skip(4)
  if (kind === 'R') {
    const name = AUTHENTICATION[message.u32()]
    yield* factOf(from, 'postgresql.authentication', name)
  } else if (kind === 'S') {
    if (word(message) !== 'server_version') return
    yield* factOf(from, 'postgresql.version', word(message))
    context.enough()
  }
}

/** Text up to the next NUL. */
function word(message: Cursor): string {
  const nul = message.bytes.indexOf(0, message.position)
  const length = nul < 0 || nul >= message.end ? message.remaining : nul - message.position
  const text = message.utf8(length)
  if (message.remaining > 0) message.skip(1)
  return text
}
