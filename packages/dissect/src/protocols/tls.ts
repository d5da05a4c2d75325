import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { addFact } from '../printable.ts'
import { certificateFacts, clientFacts, serverFacts, versionName } from './tls-facts.ts'
import { readClientHello, readServerHello } from './tls-hello.ts'

const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23, heartbeat: 24 } as const
const HANDSHAKE = { clientHello: 1, serverHello: 2, certificate: 11 } as const

/** Of a record: 2^14 octets and what compression and encryption may add (RFC 5246 §6.2.3). */
const LONGEST_RECORD = 16_384 + 2048
/** Of a handshake message that is put together from records; longer ones are left alone. */
const LONGEST_HANDSHAKE = 65_536

/**
 * What is inside by the port, once a server answers there with TLS: those that are registered for it, with TLS or
 * without, and 2576, which makers use for HL7 over TLS.
 */
const INSIDE_BY_PORT: Readonly<Record<number, string>> = {
  104: 'dicom',
  2575: 'hl7',
  2576: 'hl7',
  2761: 'dicom',
  2762: 'dicom',
  11112: 'dicom',
}

/**
 * Remote control that is known by the names in its handshake, whatever the port: the server that is asked for, the
 * protocol that is offered, the subject of a certificate. Who reads the maker's web site controls nothing.
 */
const INSIDE_BY_NAME: readonly { readonly protocol: string; readonly fields: NamePatterns }[] = [
  {
    protocol: 'anydesk',
    fields: {
      'tls.contacts': /\.net\.anydesk\.com$/i,
      'tls.alpn': /(?:^|,)anydesk\//,
      'tls.certificate-subject-cn': /^(?:AnyDesk Client|AnyNet Relay)$/,
    },
  },
  {
    protocol: 'teamviewer',
    fields: {
      'tls.contacts': /^(?:router|master|relay|ping|client)[\w-]*(?:\.[\w-]+)*\.teamviewer\.com$/i,
    },
  },
]
type NamePatterns = Readonly<Record<string, RegExp>>

/** A record, or a hello in the form of SSL 2.0. */
const FIRST_BYTES = Array.from({ length: 256 }, (_, byte) => byte).filter(
  (byte) => byte >= 0x80 || (byte >= RECORD.changeCipherSpec && byte <= RECORD.heartbeat),
)

interface Direction {
  /** The start of a handshake message whose rest comes in the next record. */
  pending: Uint8Array
  isEncrypted: boolean
  hasHello: boolean
  /** Its hello offered application protocols, none of them medical. */
  isOther: boolean
}

type TlsState = Record<Side, Direction>

/** TLS 1.0 to 1.3 and SSL 2.0/3.0: names, versions, fingerprints and certificates of the handshake (RFC 8446, RFC 5246). */
export const tls: Dissector = {
  protocol: 'tls',
  over: 'tcp',
  ports: [
    443, 465, 636, 853, 989, 990, 993, 995, 2376, 2576, 2762, 3269, 5061, 5986, 8443, 8883, 9443,
  ],
  firstBytes: FIRST_BYTES,
  // A server may spread its certificates over several records.
  appetite: 10,
  looksLike,
  length: recordLength,

  dissect(message, context) {
    const state = stateOf(context)
    const direction = state[context.from]
    if (isOldHello(message)) return oldHello(message, context)
    const type = message.u8()
    const body = message.skip(2).take(message.u16())
    if (type === RECORD.changeCipherSpec || type === RECORD.data) direction.isEncrypted = true
    if (direction.isEncrypted) context.enough()
    if (type !== RECORD.handshake || direction.isEncrypted || !body.ok) return []
    const isFirst = !direction.hasHello
    const facts = readHandshakes(direction, context.from, body.view(body.remaining))
    for (const { protocol, fields } of INSIDE_BY_NAME) {
      if (facts.some(({ field, value }) => fields[field]?.test(value))) context.carries(protocol)
    }
    if (!isFirst || !direction.hasHello) return facts
    if (context.from === 'client') {
      const offered = facts.find(({ field }) => field === 'tls.alpn')?.value
      direction.isOther = offered !== undefined && !offered.split(',').includes('dicom')
      return facts
    }
    // TLS 1.3 hides which of them the server chose.
    if (state.client.isOther) return facts
    const inside = insideOf(facts, context.serverPort)
    if (inside === undefined) return facts
    context.carries(inside)
    return [...facts, { subject: 'server', field: `${inside}.transport`, value: 'tls' }]
  },
}

/** The medical protocol inside: a server that chose an application protocol has said which. */
function insideOf(facts: readonly Fact[], port: number): string | undefined {
  const chosen = facts.find(({ field }) => field === 'tls.alpn-chosen')?.value
  if (chosen === undefined) return INSIDE_BY_PORT[port]
  return chosen === 'dicom' ? 'dicom' : undefined
}

function looksLike(message: Cursor): Likeness {
  const available = message.remaining
  if (isOldHello(message)) return 'strong'
  const type = message.peek()
  if (type < RECORD.changeCipherSpec || type > RECORD.heartbeat) return 'no'
  if (available >= 2 && message.peek(1) !== 3) return 'no'
  if (available >= 3 && message.peek(2) > 4) return 'no'
  if (available < 6) return 'incomplete'
  const length = (message.peek(3) << 8) | message.peek(4)
  if (length === 0 || length > LONGEST_RECORD) return 'no'
  if (type === RECORD.heartbeat) return 'no'
  // Met in the middle: a record that is just as long as it says is hardly anything else.
  if (type === RECORD.data)
    return length + 5 === available && message.peek(2) > 0 ? 'strong' : 'weak'
  if (type === RECORD.alert && isEncryptedAlert(message, length)) return 'strong'
  if (type !== RECORD.handshake) return 'weak'
  const kind = message.peek(5)
  if (kind !== HANDSHAKE.clientHello && kind !== HANDSHAKE.serverHello) return 'weak'
  if (available < 11) return 'incomplete'
  const isVersion = message.peek(6) === 0 && message.peek(9) === 3 && message.peek(10) <= 4
  return isVersion ? 'strong' : 'no'
}

/** An alert in the clear has two bytes; a longer one is encrypted, and as long as its segment. */
function isEncryptedAlert(message: Cursor, length: number): boolean {
  return length > 2 && length + 5 === message.remaining && message.peek(2) > 0
}

function recordLength(stream: Cursor): number {
  if (isOldHello(stream)) return 2 + (((stream.peek() & 0x7f) << 8) | stream.peek(1))
  const type = stream.peek()
  if (type < RECORD.changeCipherSpec || type > RECORD.heartbeat) return -1
  if (stream.remaining < 5) return 0
  const length = (stream.peek(3) << 8) | stream.peek(4)
  return stream.peek(1) === 3 && length <= LONGEST_RECORD ? 5 + length : -1
}

/** The SSL 2.0 form of a ClientHello, which old clients also use to offer newer versions (RFC 5246 §E.2). */
function isOldHello(message: Cursor): boolean {
  if ((message.peek() & 0x80) === 0 || message.peek(2) !== 1 || message.remaining < 11) return false
  const isVersion = message.peek(3) === 3 ? message.peek(4) <= 3 : message.peek(3) === 0
  const length = ((message.peek() & 0x7f) << 8) | message.peek(1)
  const at16 = (at: number) => (message.peek(at) << 8) | message.peek(at + 1)
  const isSum = length === 9 + at16(5) + at16(7) + at16(9)
  return isVersion && isSum && at16(5) % 3 === 0
}

function oldHello(message: Cursor, { from }: MessageContext): Fact[] {
  const facts: Fact[] = []
  const version = message.skip(3).u16()
  addFact(facts, from, 'tls.client-version', versionName(version))
  addFact(facts, from, 'tls.hello', 'SSL 2.0')
  message.skip(message.remaining)
  return facts
}

function stateOf(context: MessageContext): TlsState {
  const fresh = (): Direction => ({
    pending: NOTHING,
    isEncrypted: false,
    hasHello: false,
    isOther: false,
  })
  context.state ??= { client: fresh(), server: fresh() } satisfies TlsState
  return context.state as TlsState
}

const NOTHING = new Uint8Array(0)

/** Facts of whole handshake messages, header and all; what is cut waits in the direction's state. */
function readHandshakes(direction: Direction, from: Side, bytes: Uint8Array): Fact[] {
  const joined = direction.pending.length === 0 ? bytes : join(direction.pending, bytes)
  const stream = new Cursor(joined)
  const facts: Fact[] = []
  let kept = 0
  while (stream.remaining >= 4) {
    const length = 4 + ((stream.peek(1) << 16) | (stream.peek(2) << 8) | stream.peek(3))
    if (length > LONGEST_HANDSHAKE) direction.isEncrypted = true
    if (length > LONGEST_HANDSHAKE || length > stream.remaining) break
    for (const fact of readHandshake(stream.take(length), from, direction)) facts.push(fact)
    kept = stream.position
  }
  const isOver = direction.isEncrypted || kept === joined.length
  direction.pending = isOver ? NOTHING : joined.slice(kept)
  return facts
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  const joined = new Uint8Array(one.length + other.length)
  joined.set(one)
  joined.set(other, one.length)
  return joined
}

function readHandshake(message: Cursor, from: Side, direction: Direction): readonly Fact[] {
  const type = message.u8()
  message.skip(3)
  if (type === HANDSHAKE.certificate) return certificateFacts('tls', from, message)
  // After a retry request a second hello follows, which says nothing new.
  if (direction.hasHello) return []
  if (type === HANDSHAKE.clientHello) {
    const facts = clientFacts('tls', from, readClientHello(message))
    direction.hasHello = true
    return facts
  }
  if (type !== HANDSHAKE.serverHello) return []
  direction.hasHello = true
  return serverFacts('tls', from, readServerHello(message))
}
