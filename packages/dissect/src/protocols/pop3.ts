import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { firstLine, lineLength, LETTERS } from '../lines.ts'
import { factOf } from '../printable.ts'

const VERB =
  /^(?:USER|PASS|APOP|AUTH|CAPA|STLS|STAT|LIST|RETR|DELE|NOOP|RSET|TOP|UIDL|QUIT|UTF8|XTND)\b/i
/** A stamp that is new each time (RFC 1939 §7). */
const STAMP = /<[^>]{0,200}>/g

interface Pop3State {
  hasGreeting: boolean
  awaitsTls: boolean
  /** What comes is the list that answers CAPA, until its end. */
  isListing: boolean
}

/** POP3 until somebody has signed in: greeting, STLS, sign-in in clear; no name and no mail (RFC 1939, RFC 2449, RFC 2595). */
export const pop3: Dissector = {
  protocol: 'pop3',
  over: 'tcp',
  ports: [110],
  firstBytes: [...LETTERS, 0x2b],
  // A list of capabilities alone has a dozen lines.
  appetite: 24,
  looksLike,
  length: (stream) => lineLength(stream),

  *dissect(message, context) {
    const state = stateOf(context)
    const line = firstLine(message)
    message.skip(message.remaining)
    if (context.from === 'client') {
      // Redis has answers that begin alike, and other commands. An AUTH goes on in lines of Base64.
      message.ok = VERB.test(line) || /^[A-Za-z0-9+/=*]*$/.test(line)
      state.awaitsTls = /^STLS\b/i.test(line)
      if (/^CAPA\b/i.test(line)) state.isListing = true
      if (/^PASS\b/i.test(line)) {
        yield { subject: 'server', field: 'pop3.login', value: 'cleartext' }
        context.enough()
      }
    } else yield* answer(line, state, context)
  },
}

function looksLike(message: Cursor, { from }: MessageContext): Likeness {
  const line = firstLine(message)
  if (from === 'client') return VERB.test(line) ? 'weak' : 'no'
  if (line.length < 3) return '+OK'.startsWith(line) ? 'incomplete' : 'no'
  if (!/^\+OK(?: |$)/.test(line)) return 'no'
  return /POP/i.test(line) ? 'strong' : 'weak'
}

function* answer(line: string, state: Pop3State, context: MessageContext): Generator<Fact> {
  if (!state.hasGreeting && line.startsWith('+OK')) {
    yield* factOf('server', 'pop3.banner', line.slice(3).replace(STAMP, ''))
  } else if (state.awaitsTls && line.startsWith('+OK')) {
    yield { subject: 'server', field: 'pop3.starttls', value: 'accepted' }
    context.become('tls')
  } else if (state.isListing && /^STLS$/i.test(line)) {
    yield { subject: 'server', field: 'pop3.starttls', value: 'offered' }
  }
  if (line === '.' || line.startsWith('-ERR')) state.isListing = false
  state.hasGreeting = true
}

function stateOf(context: MessageContext): Pop3State {
  context.state ??= { hasGreeting: false, awaitsTls: false, isListing: false } satisfies Pop3State
  return context.state as Pop3State
}
