import { ipText } from '../address.ts'
import { latin1, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

const PORT = 123
const HEADER_LENGTH = 48
/** Key number and digest after the header: MD5, SHA-1, SHA-256, SHA-384, SHA-512. Extension fields are longer or shorter. */
const DIGEST_LENGTHS: readonly number[] = [20, 24, 36, 52, 68]
/** Seconds since 1900 at the start of the year 2000: a clock that was set is later. */
const YEAR_2000 = 0xbc17c200

const MODES: readonly (string | undefined)[] = [
  undefined,
  'symmetric-active',
  'symmetric-passive',
  'client',
  'server',
  'broadcast',
  'control',
  'private',
]
const SERVER = 4
const BROADCAST = 5
const CONTROL = 6
const PRIVATE = 7
/** Request codes of ntpd's private mode that give away who its clients are. */
const MONITOR_LISTS: readonly number[] = [20, 42]

/** System variables that say what a time server runs on (RFC 9327 §4). */
const SYSTEM_VARIABLES = table<string>({
  version: 'ntp.daemon',
  system: 'ntp.system',
  processor: 'ntp.processor',
})

/** NTP versions 1 to 4 (RFC 5905): who keeps time for whom, and what a server says of itself. */
export const ntp: Dissector = {
  protocol: 'ntp',
  over: 'udp',
  ports: [PORT],

  looksLike: (message, context) => likeness(message, context),

  *dissect(message, { from }) {
    const first = message.u8()
    const mode = first & 7
    const name = MODES[mode]
    if (!message.ok || name === undefined) return
    yield { subject: from, field: 'ntp.version', value: String((first >> 3) & 7) }
    yield { subject: from, field: 'ntp.mode', value: name }
    if (mode === CONTROL) yield* controlFacts(message, from)
    else if (mode === PRIVATE) yield* privateFacts(first, message, from)
    else yield* timeFacts(mode, message, from)
  },
}

function likeness(message: Cursor, { clientPort, serverPort }: MessageContext): Likeness {
  const length = message.remaining
  const first = message.u8()
  const mode = first & 7
  const version = (first >> 3) & 7
  const isPort = clientPort === PORT || serverPort === PORT
  if (version < 1 || version > 4 || mode === 0) return 'no'
  if (mode === PRIVATE) return isPort && length >= 8 ? 'weak' : 'no'
  if (mode === CONTROL) {
    const count = message.skip(9).u16()
    return isPort && message.ok && count <= length - 12 ? 'strong' : 'no'
  }
  const stratum = message.u8()
  // Seconds between messages as a power of two.
  const poll = message.u8()
  if (length < HEADER_LENGTH || stratum > 16 || (poll > 17 && poll < 0xf0)) return 'no'
  if (isPort) return 'strong'
  const received = message.skip(29).u32()
  const sent = message.skip(4).u32()
  const isSet = received >= YEAR_2000 && sent >= received && sent - received <= 2
  return mode === SERVER && isSet ? 'strong' : 'no'
}

function* timeFacts(mode: number, message: Cursor, from: Side): Generator<Fact> {
  // One byte is read already.
  const isAuthenticated = DIGEST_LENGTHS.includes(message.remaining + 1 - HEADER_LENGTH)
  const stratum = message.u8()
  const reference = message.skip(10).view(4)
  if (!message.skip(32).ok) return
  if (isAuthenticated) yield { subject: from, field: 'ntp.authenticated', value: 'true' }
  if (mode !== SERVER && mode !== BROADCAST) {
    // Whoever asks may be a server to others; 0 and 16 say that it is not in time itself.
    if (stratum > 0 && stratum < 16) {
      yield { subject: from, field: 'ntp.stratum', value: String(stratum) }
    }
    return
  }
  yield { subject: from, field: 'ntp.stratum', value: String(stratum) }
  if (stratum === 0) yield* factOf(from, 'ntp.kiss-code', latin1(reference))
  else if (stratum === 1) yield* factOf(from, 'ntp.reference-id', latin1(reference))
  else if (stratum < 16) yield* factOf(from, 'ntp.reference-id', ipText(reference))
}

/** Variables that an answer lists as `name="value"`, comma separated. */
function* controlFacts(message: Cursor, from: Side): Generator<Fact> {
  const operation = message.u8()
  const isAnswer = (operation & 0x80) !== 0
  const text = message.skip(8).text(message.u16())
  if (!message.ok || !isAnswer) return
  for (const [, name, value] of text.slice(0, 4096).matchAll(/(\w+)="([^"]*)"/g)) {
    const field = SYSTEM_VARIABLES[name ?? '']
    if (field !== undefined) yield* factOf(from, field, value)
  }
}

function* privateFacts(first: number, message: Cursor, from: Side): Generator<Fact> {
  const isAnswer = (first & 0x80) !== 0
  const code = message.skip(2).u8()
  if (!message.ok || !isAnswer || !MONITOR_LISTS.includes(code)) return
  yield { subject: from, field: 'ntp.monitor-list', value: 'true' }
}
