import { stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

/** Functions by number (RFC 2608 §4, RFC 2165 §5). */
const FUNCTIONS: readonly (string | undefined)[] = [
  undefined,
  'service-request',
  'service-reply',
  'service-registration',
  'service-deregistration',
  'service-acknowledge',
  'attribute-request',
  'attribute-reply',
  'directory-agent-advertisement',
  'service-type-request',
  'service-type-reply',
  'service-agent-advertisement',
]
const SERVICE_REQUEST = 1
const SERVICE_REPLY = 2
const REGISTRATION = 3
const ATTRIBUTE_REPLY = 7
const TYPE_REPLY = 10
const AGENT_ADVERTISEMENTS: readonly number[] = [8, 11]
const MOST_URLS = 16

/** Attributes with which printers describe themselves. */
const PRINTER = table<string>({
  'x-hp-hn': 'slp.host-name',
  'x-hp-p1': 'slp.device-id',
  'x-hp-prodname': 'slp.model',
  'x-hp-ver': 'slp.firmware',
})

/** Service Location Protocol, versions 1 and 2 (RFC 2165, RFC 2608): what is offered and looked for. */
export const slp: Dissector = {
  protocol: 'slp',
  over: 'udp',
  ports: [427],
  firstBytes: [1, 2],
  appetite: 32,
  looksLike: (message) => likeness(message),
  dissect: (message, context) => messageFacts(message, context),
}

/** SLP over a stream: the length stands in the head. */
export const slpTcp: Dissector = {
  ...slp,
  over: 'tcp',
  looksLike: (stream) => (stream.remaining < 16 ? 'incomplete' : likeness(stream)),
  length(stream) {
    if (stream.remaining < 5) return 0
    const length = lengthOf(stream)
    return length < 12 ? -1 : length
  },
}

function lengthOf(message: Cursor): number {
  const [high, middle, low] = [message.peek(2), message.peek(3), message.peek(4)]
  return message.peek() === 2 ? (high << 16) | (middle << 8) | low : (high << 8) | middle
}

function likeness(message: Cursor): Likeness {
  const version = message.peek()
  const isFunction = FUNCTIONS[message.peek(1)] !== undefined
  if (version < 1 || version > 2 || !isFunction || message.remaining < 12) return 'no'
  if (lengthOf(message) !== message.remaining) return 'no'
  // A language follows, two letters mostly: with its length in version 2, alone in version 1.
  const at = version === 2 ? 14 : 6
  const isLetters = [0, 1].every((ahead) =>
    /[a-z]/i.test(String.fromCharCode(message.peek(at + ahead))),
  )
  const isLanguage = version === 1 || (message.peek(12) === 0 && message.peek(13) <= 35)
  return isLetters && isLanguage ? 'strong' : 'no'
}

function* messageFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const version = message.u8()
  const kind = message.u8()
  yield* factOf(from, 'slp.version', String(version))
  yield* factOf(from, 'slp.function', FUNCTIONS[kind])
  if (version === 1) message.skip(10)
  else message.skip(10).skip(message.u16())
  if (kind === SERVICE_REQUEST) {
    message.skip(message.u16())
    const type = message.utf8(message.u16())
    // Version 1 puts scope and predicate behind the type.
    yield* factOf(from, 'slp.search', version === 1 ? type.split('/', 1)[0] : type)
  } else if (kind === SERVICE_REPLY) yield* replyFacts(message, version, from)
  else if (kind === REGISTRATION) yield* registrationFacts(message, version, from)
  else if (kind === ATTRIBUTE_REPLY) {
    yield* attributeFacts(message.skip(2).utf8(message.u16()), from)
  } else if (kind === TYPE_REPLY) {
    const types = message.skip(2).utf8(message.u16()).split(',')
    for (const type of types.slice(0, MOST_URLS)) yield* factOf(from, 'slp.service-type', type)
  } else if (AGENT_ADVERTISEMENTS.includes(kind)) {
    if (kind === 8) message.skip(version === 2 ? 6 : 2)
    yield* urlFacts(message.utf8(message.u16()), from)
  }
}

function* replyFacts(message: Cursor, version: number, from: Side): Generator<Fact> {
  const count = Math.min(message.skip(2).u16(), MOST_URLS)
  for (let at = 0; at < count && message.remaining > 0; at++) {
    yield* entryFacts(message, version, from)
  }
}

/** An entry with its lifetime and what signs it (RFC 2608 §4.3). */
function* entryFacts(message: Cursor, version: number, from: Side): Generator<Fact> {
  message.skip(version === 2 ? 3 : 2)
  const url = message.utf8(message.u16())
  const signatures = version === 2 ? Math.min(message.u8(), 8) : 0
  for (let at = 0; at < signatures; at++) {
    message.skip(2)
    message.skip(message.u16() - 4)
  }
  if (message.ok) yield* urlFacts(url, from)
}

function* registrationFacts(message: Cursor, version: number, from: Side): Generator<Fact> {
  yield* entryFacts(message, version, from)
  if (version === 2) {
    message.skip(message.u16())
    message.skip(message.u16())
  }
  yield* attributeFacts(message.utf8(message.u16()), from)
}

function* urlFacts(url: string, from: Side): Generator<Fact> {
  yield* factOf(from, 'slp.service-type', /^(service:[^/]+):\/\//.exec(url)?.[1])
  // The rest may carry a user's name before an @.
  if (!url.includes('@')) yield* factOf(from, 'slp.url', url)
}

/** Attributes in brackets: `(name=value),(name)` (RFC 2608 §5). */
function* attributeFacts(list: string, from: Side): Generator<Fact> {
  for (const [, name = '', value = ''] of list.slice(0, 8192).matchAll(/\(([^()=]+)=([^()]*)\)/g)) {
    const key = name.trim().toLowerCase()
    const field = PRINTER[key]
    if (field !== undefined) yield* factOf(from, field, value)
    if (key === 'x-hp-mac') yield* factOf(from, 'slp.mac', macOf(value))
  }
}

function macOf(digits: string): string | undefined {
  if (!/^[0-9a-f]{12}$/i.test(digits)) return undefined
  const bytes = (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
  return stationMac(Uint8Array.from(bytes))
}
