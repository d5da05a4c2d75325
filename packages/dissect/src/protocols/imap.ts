import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { firstLine, lineLength, LETTERS, DIGITS } from '../lines.ts'
import { factOf } from '../printable.ts'

const GREETING = /^\* (?:OK|PREAUTH|BYE)\b/i
const COMMAND =
  /^([A-Za-z0-9.]{1,16}) (CAPABILITY|NOOP|LOGOUT|STARTTLS|AUTHENTICATE|LOGIN|ID|ENABLE|SELECT|EXAMINE|LIST|LSUB|STATUS|NAMESPACE|IDLE)\b(?: (PLAIN|LOGIN)\b)?/i

/** Some list dozens of capabilities. */
const LONGEST_LINE = 2048
/** Capabilities, in an answer of their own or in the code of another. */
const CAPABILITIES = /^(?:\* CAPABILITY|(?:\*|[A-Za-z0-9.]{1,16}) OK \[CAPABILITY) ([^\]]{1,2048})/i

interface ImapState {
  hasGreeting: boolean
  /** Tag of the STARTTLS command that waits for its answer. */
  tlsTag: string
}

/** IMAP until somebody has signed in: greeting, STARTTLS, sign-in in clear; no name and no mail (RFC 9051). */
export const imap: Dissector = {
  protocol: 'imap',
  over: 'tcp',
  ports: [143],
  firstBytes: [...LETTERS, ...DIGITS, 0x2a],
  appetite: 12,
  looksLike,
  length: (stream) => lineLength(stream),

  *dissect(message, context) {
    const state = stateOf(context)
    const line = firstLine(message, LONGEST_LINE)
    message.skip(message.remaining)
    yield* context.from === 'client' ? command(line, state, context) : answer(line, state, context)
  },
}

function looksLike(message: Cursor, { from }: MessageContext): Likeness {
  const line = firstLine(message)
  if (from === 'client') return COMMAND.test(line) ? 'weak' : 'no'
  if (line.length < 4) return '* OK'.startsWith(line) ? 'incomplete' : 'no'
  if (!GREETING.test(line)) return 'no'
  return /IMAP/i.test(line) ? 'strong' : 'weak'
}

function* command(line: string, state: ImapState, context: MessageContext): Generator<Fact> {
  const [, tag = '', verb = '', means] = COMMAND.exec(line) ?? []
  const name = verb.toUpperCase()
  if (name === 'STARTTLS') state.tlsTag = tag
  if (name === 'LOGIN' || (name === 'AUTHENTICATE' && means !== undefined)) {
    yield { subject: 'server', field: 'imap.login', value: 'cleartext' }
    context.enough()
  }
}

function* answer(line: string, state: ImapState, context: MessageContext): Generator<Fact> {
  if (!state.hasGreeting && GREETING.test(line)) {
    yield* factOf('server', 'imap.banner', line.replace(GREETING, ''))
  }
  state.hasGreeting = true
  yield* offers(line)
  if (state.tlsTag !== '' && line.toUpperCase().startsWith(`${state.tlsTag.toUpperCase()} OK`)) {
    yield { subject: 'server', field: 'imap.starttls', value: 'accepted' }
    context.become('tls')
  }
}

/** What the server says of STARTTLS, and that nobody signs in without it. */
function* offers(line: string): Generator<Fact> {
  const names = CAPABILITIES.exec(line)?.[1]?.toUpperCase().split(' ') ?? []
  if (names.includes('STARTTLS')) {
    yield { subject: 'server', field: 'imap.starttls', value: 'offered' }
  }
  if (names.includes('LOGINDISABLED')) {
    yield { subject: 'server', field: 'imap.starttls', value: 'required' }
  }
}

function stateOf(context: MessageContext): ImapState {
  context.state ??= { hasGreeting: false, tlsTag: '' } satisfies ImapState
  return context.state as ImapState
}
