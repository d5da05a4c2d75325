import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { firstLine, lineLength, LETTERS } from '../lines.ts'
import { factOf } from '../printable.ts'

const GREETING = /^220[ -].*\b(?:E?SMTP|LMTP|Exim|Postfix|Sendmail)/i
const REPLY = /^[2-5]\d\d(?:[ -]|$)/
const HELLO = /^(?:EHLO|HELO|LHLO) +([^\s]{1,255})/i
const VERB =
  /^(?:EHLO|HELO|LHLO|MAIL|RCPT|DATA|BDAT|RSET|VRFY|EXPN|HELP|NOOP|QUIT|AUTH|STARTTLS|ETRN|XCLIENT|XFORWARD)\b/i
const SECRET_IN_CLEAR = /^AUTH +(?:PLAIN|LOGIN)\b/i

interface SmtpState {
  hasGreeting: boolean
  awaits: 'hello' | 'tls' | 'secret' | undefined
}

/** SMTP until a message is handed over: names of both ends, STARTTLS, sign-in in clear; no address, no mail (RFC 5321, RFC 3207). */
export const smtp: Dissector = {
  protocol: 'smtp',
  over: 'tcp',
  ports: [25, 587, 2525],
  firstBytes: [...LETTERS, 0x32],
  appetite: 24,
  looksLike,
  length: (stream) => lineLength(stream),

  *dissect(message, context) {
    const state = stateOf(context)
    const line = firstLine(message)
    message.skip(message.remaining)
    if (context.from === 'server') return yield* answer(line, message, state, context)
    // What follows an AUTH command is a secret, in lines of its own.
    if (state.awaits === 'secret') return
    message.ok = VERB.test(line)
    yield* command(line, state, context)
  },
}

function looksLike(message: Cursor, { from }: MessageContext): Likeness {
  const line = firstLine(message)
  if (from === 'client') return HELLO.test(line) ? 'strong' : VERB.test(line) ? 'weak' : 'no'
  if (line.length < 4) return '220 '.startsWith(line) ? 'incomplete' : 'no'
  if (GREETING.test(line)) return 'strong'
  return /^220[ -]/.test(line) && !/\bFTP/i.test(line) ? 'weak' : 'no'
}

function* command(line: string, state: SmtpState, context: MessageContext): Generator<Fact> {
  const name = HELLO.exec(line)?.[1]
  if (name !== undefined) {
    state.awaits = 'hello'
    yield* factOf('client', 'smtp.client-name', name)
  }
  if (/^STARTTLS/i.test(line)) state.awaits = 'tls'
  if (SECRET_IN_CLEAR.test(line)) {
    state.awaits = 'secret'
    yield { subject: 'server', field: 'smtp.login', value: 'cleartext' }
  }
  if (/^MAIL\b/i.test(line))
    yield { subject: 'client', field: 'smtp.transport', value: 'cleartext' }
  // A mail follows.
  if (/^(?:DATA|BDAT)\b/i.test(line)) context.enough()
}

function* answer(
  line: string,
  message: Cursor,
  state: SmtpState,
  context: MessageContext,
): Generator<Fact> {
  message.ok = REPLY.test(line)
  const code = line.slice(0, 3)
  if (!state.hasGreeting && code === '220') {
    state.hasGreeting = true
    // The date that many greetings end with would make each of them another.
    yield* factOf(
      'server',
      'smtp.banner',
      line.slice(4).replace(/[;,]?\s*(?:\w{3}, )?\d{1,2} \w{3} \d{4}.*$/, ''),
    )
    return
  }
  if (state.awaits === 'hello' && /^250[ -]STARTTLS/i.test(line)) {
    yield { subject: 'server', field: 'smtp.starttls', value: 'offered' }
  }
  if (state.awaits === 'secret' && code === '334') return
  if (state.awaits === 'tls' && code === '220') {
    yield { subject: 'server', field: 'smtp.starttls', value: 'accepted' }
    context.become('tls')
  }
  if (line[3] !== '-') state.awaits = undefined
}

function stateOf(context: MessageContext): SmtpState {
  context.state ??= { hasGreeting: false, awaits: undefined } satisfies SmtpState
  return context.state as SmtpState
}
