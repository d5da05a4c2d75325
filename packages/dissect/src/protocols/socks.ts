import { hostIp } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const COMMANDS: Readonly<Record<number, string>> = { 1: 'connect', 2: 'bind', 3: 'udp-associate' }
const METHODS: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'gssapi',
  2: 'password',
  255: 'refused',
}
const GRANTED = 0x5a
const MOST_METHODS = 16

interface SocksState {
  version: number
  /** Where the dialogue of version 5 stands. */
  step: 'greeting' | 'method' | 'sign-in' | 'request' | 'answer'
}

/** SOCKS versions 4, 4a and 5 (RFC 1928, RFC 1929): which proxy, and to where. Users are never read. */
export const socks: Dissector = {
  protocol: 'socks',
  over: 'tcp',
  ports: [1080, 9050],
  firstBytes: [4, 5],
  appetite: 6,
  looksLike: (stream, context) => likeness(stream, context),

  *dissect(message, context) {
    const state = (context.state ??= {
      version: message.peek(),
      step: 'greeting',
    }) as SocksState
    if (state.version === 4) yield* version4Facts(message, context)
    else yield* version5Facts(message, context, state)
  },
}

function likeness(stream: Cursor, { from }: MessageContext): Likeness {
  const length = stream.remaining
  const version = stream.u8()
  const count = stream.u8()
  if (from === 'server') return 'no'
  if (version === 5) {
    if (length < 3) return length < 2 || count <= MOST_METHODS ? 'incomplete' : 'no'
    return count > 0 && count <= MOST_METHODS && length === count + 2 ? 'weak' : 'no'
  }
  if (version !== 4) return 'no'
  if (length < 9) return count <= 2 ? 'incomplete' : 'no'
  const isEnded = stream.bytes[stream.end - 1] === 0
  const port = stream.u16()
  return (count === 1 || count === 2) && port > 0 && isEnded && length < 512 ? 'weak' : 'no'
}

function* version4Facts(message: Cursor, context: MessageContext): Generator<Fact> {
  const { from } = context
  if (from === 'server') {
    const isAnswer = message.u8() === 0
    const code = message.u8()
    if (!isAnswer || code < GRANTED || code > 0x5d || message.remaining !== 6) message.ok = false
    else if (code === GRANTED) context.yields()
    return
  }
  const command = message.skip(1).u8()
  const port = message.u16()
  const address = message.view(4)
  if (!message.ok) return
  yield* factOf(from, 'socks.version', '4')
  yield* factOf(from, 'socks.command', COMMANDS[command])
  // An address 0.0.0.x says that a name follows that of the user (4a).
  const name = address[0] === 0 ? lastWord(message) : hostIp(address)
  yield* factOf(from, 'socks.contacts', name === undefined ? undefined : `${name}:${port}`)
}

function lastWord(message: Cursor): string {
  const bytes = message.view(message.remaining)
  const start = bytes.indexOf(0) + 1
  return String.fromCharCode(...bytes.subarray(start, bytes.indexOf(0, start)).subarray(0, 255))
}

function* version5Facts(
  message: Cursor,
  context: MessageContext,
  state: SocksState,
): Generator<Fact> {
  const { from } = context
  if (from === 'client' && state.step === 'greeting') {
    state.step = 'method'
    yield* factOf(from, 'socks.version', '5')
  } else if (from === 'server' && state.step === 'method') {
    const method = METHODS[message.skip(1).u8()]
    const isAnswer = message.ok && message.remaining === 0 && method !== undefined
    if (!isAnswer) message.ok = false
    yield* factOf(from, 'socks.authentication', method)
    state.step = method === 'password' ? 'sign-in' : 'request'
  } else if (from === 'client' && state.step === 'request') {
    yield* requestFacts(message, context)
    state.step = 'answer'
  } else if (from === 'server' && state.step === 'sign-in') state.step = 'request'
  else if (from === 'server' && state.step === 'answer') {
    if (message.peek(1) === 0) context.yields()
    else context.enough()
  }
}

/** A request names where to (RFC 1928 §4). */
function* requestFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const version = message.u8()
  const command = COMMANDS[message.u8()]
  const kind = message.skip(1).u8()
  if (version !== 5 || command === undefined) {
    message.ok = false
    return
  }
  const name = kind === 3 ? message.text(message.u8()) : hostIp(message.view(kind === 4 ? 16 : 4))
  const port = message.u16()
  yield* factOf(context.from, 'socks.command', command)
  if (message.ok && name !== undefined) {
    yield* factOf(context.from, 'socks.contacts', `${name}:${port}`)
  }
}
