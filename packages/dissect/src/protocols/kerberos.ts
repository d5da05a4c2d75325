import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { BER, berElements, berInteger, type BerElement, expectBer, readBer } from './ber.ts'

/** Message types by their application tag (RFC 4120 §5.10). */
const TYPES: Readonly<Record<number, string>> = {
  0x6a: 'as-req',
  0x6b: 'as-rep',
  0x6c: 'tgs-req',
  0x6d: 'tgs-rep',
  0x6e: 'ap-req',
  0x6f: 'ap-rep',
  0x74: 'safe',
  0x75: 'priv',
  0x76: 'cred',
  0x7e: 'error',
}
const REQUESTS: readonly number[] = [0x6a, 0x6c]
const REPLIES: readonly number[] = [0x6b, 0x6d]
const ERROR = 0x7e
const VERSION = 5
const LONGEST = 65_536
const MOST_TYPES = 32
/** Type of an address that is a NetBIOS name (RFC 4120 §7.5.3). */
const NETBIOS = 20
/** DES and its kin, RC4: broken or breakable (RFC 6649, RFC 8429). */
const WEAK_TYPES: readonly number[] = [1, 2, 3, 5, 7, 16, 23, 24]

const ENCRYPTION_TYPES: Readonly<Record<number, string>> = {
  1: 'des-cbc-crc',
  2: 'des-cbc-md4',
  3: 'des-cbc-md5',
  16: 'des3-cbc-sha1',
  17: 'aes128-cts-hmac-sha1-96',
  18: 'aes256-cts-hmac-sha1-96',
  19: 'aes128-cts-hmac-sha256-128',
  20: 'aes256-cts-hmac-sha384-192',
  23: 'rc4-hmac',
  24: 'rc4-hmac-exp',
  25: 'camellia128-cts-cmac',
  26: 'camellia256-cts-cmac',
}

/** Kerberos 5 (RFC 4120): realm, services, encryption types; of clients, hosts alone. No ticket is read. */
export const kerberos: Dissector = {
  protocol: 'kerberos',
  over: 'udp',
  ports: [88],
  firstBytes: Object.keys(TYPES).map(Number),
  appetite: 16,
  looksLike: (message) => likeness(message),
  dissect: (message, context) => messageFacts(message, context),
}

/** Kerberos over a stream: each message after its length (RFC 4120 §7.2.2). */
export const kerberosTcp: Dissector = {
  protocol: 'kerberos',
  over: 'tcp',
  ports: [88],
  firstBytes: [0],
  appetite: 16,

  looksLike(stream) {
    if (stream.remaining < 4) return stream.peek() === 0 ? 'incomplete' : 'no'
    const length = stream.u32()
    if (length < 10 || length > LONGEST || TYPES[stream.peek()] === undefined) {
      return stream.remaining === 0 && length >= 10 && length <= LONGEST ? 'incomplete' : 'no'
    }
    return stream.remaining < 32 ? 'incomplete' : likeness(stream, length)
  },

  length(stream) {
    if (stream.remaining < 4) return 0
    const length = stream.u32()
    return length > LONGEST ? -1 : length + 4
  },

  dissect: (message, context) => messageFacts(message.skip(4), context),
}

/** The version and the type of the message stand at its start, each in its field. */
function likeness(message: Cursor, length = message.remaining): Likeness {
  const start = message.position
  const tag = message.u8()
  if (TYPES[tag] === undefined) return 'no'
  skipLength(message)
  const isSequence = message.u8() === BER.sequence
  skipLength(message)
  const first = message.u8()
  const hasVersion = first === 0xa0 || first === 0xa1
  const isInteger = message.u8() === 3 && message.u16() === 0x0201
  const isVersion = message.u8() === VERSION
  const isType = message.skip(4).u8() === (tag & 0x1f)
  const isWhole = start + length >= message.position
  if (!message.ok || !isSequence || !hasVersion || !isInteger) return 'no'
  return isVersion && isType && isWhole ? 'strong' : 'no'
}

function skipLength(message: Cursor): void {
  const first = message.u8()
  if (first > 0x80) message.skip(Math.min(first & 0x7f, 4))
}

function* messageFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const outer = readBer(message)
  if (!outer.body.ok || TYPES[outer.tag] === undefined) return
  yield* factOf(from, 'kerberos.message', TYPES[outer.tag])
  const fields = fieldsOf(expectBer(outer.body, BER.sequence))
  if (REQUESTS.includes(outer.tag)) {
    const body = fields.get(4)
    if (body !== undefined) yield* requestFacts(fieldsOf(expectBer(body, BER.sequence)), from)
  } else if (REPLIES.includes(outer.tag)) yield* replyFacts(fields, from)
  else if (outer.tag === ERROR) yield* errorFacts(fields, from)
}

/** The context-tagged elements of a sequence, by number. */
function fieldsOf(sequence: Cursor): ReadonlyMap<number, Cursor> {
  const fields = new Map<number, Cursor>()
  for (const { tag, body } of berElements(sequence, 24)) {
    if ((tag & 0xe0) === 0xa0) fields.set(tag & 0x1f, body)
  }
  return fields
}

/** KDC-REQ-BODY (RFC 4120 §5.4.1). */
function* requestFacts(fields: ReadonlyMap<number, Cursor>, from: Side): Generator<Fact> {
  const other: Side = from === 'client' ? 'server' : 'client'
  yield* factOf(other, 'kerberos.realm', textOf(fields.get(2)))
  yield* clientFacts(nameOf(fields.get(1)), from)
  yield* serviceFacts(nameOf(fields.get(3)), from)
  const types = fields.get(8)
  if (types !== undefined) {
    const numbers: number[] = []
    for (const { body } of berElements(expectBer(types, BER.sequence), MOST_TYPES)) {
      numbers.push(berInteger(body))
    }
    yield* factOf(from, 'kerberos.encryption-types', numbers.join(','))
  }
  const addresses = fields.get(9)
  if (addresses === undefined) return
  for (const { body } of berElements(expectBer(addresses, BER.sequence), 16)) {
    const address = fieldsOf(body)
    const kind = address.get(0)
    const isName = kind !== undefined && berInteger(expectBer(kind, BER.integer)) === NETBIOS
    if (isName) yield* factOf(from, 'kerberos.netbios-name', octetsOf(address.get(1)))
  }
}

/** KDC-REP (RFC 4120 §5.4.2): the ticket says how it is encrypted. */
function* replyFacts(fields: ReadonlyMap<number, Cursor>, from: Side): Generator<Fact> {
  const other: Side = from === 'client' ? 'server' : 'client'
  yield* factOf(from, 'kerberos.realm', textOf(fields.get(3)))
  yield* clientFacts(nameOf(fields.get(4)), other)
  const ticket = fields.get(5)
  if (ticket === undefined) return
  const parts = fieldsOf(expectBer(readBer(ticket).body, BER.sequence))
  const encrypted = parts.get(3)
  const kind = encrypted && fieldsOf(expectBer(encrypted, BER.sequence)).get(0)
  if (kind === undefined) return
  const number = berInteger(expectBer(kind, BER.integer))
  const name = ENCRYPTION_TYPES[number] ?? String(number)
  yield* factOf(from, 'kerberos.ticket-encryption', name)
  if (WEAK_TYPES.includes(number)) yield* factOf(from, 'kerberos.weak-encryption', name)
}

/** KRB-ERROR (RFC 4120 §5.9.1). */
function* errorFacts(fields: ReadonlyMap<number, Cursor>, from: Side): Generator<Fact> {
  const code = fields.get(6)
  if (code !== undefined) {
    yield* factOf(from, 'kerberos.error', String(berInteger(expectBer(code, BER.integer))))
  }
  yield* factOf(from, 'kerberos.realm', textOf(fields.get(9)))
  // A request may leave out the service; its refusal names it.
  yield* serviceFacts(nameOf(fields.get(10)), from === 'client' ? 'server' : 'client')
}

/** The account of a host ends in a dollar sign, or is a host's service; any other may be a person's. */
function* clientFacts(name: readonly string[], from: Side): Generator<Fact> {
  const [first = '', second = ''] = name
  if (name.length === 1 && /^[^\s@/]{1,15}\$$/.test(first)) {
    yield* factOf(from, 'kerberos.client-host', first.slice(0, -1))
  } else if (first.toLowerCase() === 'host') yield* factOf(from, 'kerberos.client-host', second)
}

/** `service/host`: a name of one part may be a person's. */
function* serviceFacts(name: readonly string[], from: Side): Generator<Fact> {
  if (name.length < 2 || name.some((part) => part.includes('@'))) return
  yield* factOf(from, 'kerberos.service', name.slice(0, 2).join('/'))
}

/** Parts of a principal's name (RFC 4120 §5.2.2). */
function nameOf(field: Cursor | undefined): readonly string[] {
  const parts = field && fieldsOf(expectBer(field, BER.sequence)).get(1)
  if (parts === undefined) return []
  return [...berElements(expectBer(parts, BER.sequence), 4)].map(elementText)
}

function textOf(field: Cursor | undefined): string | undefined {
  return field && elementText(readBer(field))
}

function octetsOf(field: Cursor | undefined): string | undefined {
  const body = field && expectBer(field, BER.octetString)
  return body?.text(Math.min(body.remaining, 16))
}

function elementText({ body }: BerElement): string {
  return body.utf8(Math.min(body.remaining, 256))
}
