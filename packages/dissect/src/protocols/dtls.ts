import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { certificateFacts, clientFacts, serverFacts } from './tls-facts.ts'
import { readClientHello, readServerHello } from './tls-hello.ts'

const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23, withId: 25 } as const
const HANDSHAKE = { clientHello: 1, serverHello: 2, certificate: 11 } as const
const LONGEST_HANDSHAKE = 32_768
const MOST_RECORDS = 32

/** A handshake message that comes in fragments. */
interface Assembly {
  readonly sequence: number
  readonly bytes: Uint8Array
  received: number
}

interface Direction {
  assembly: Assembly | undefined
  hasHello: boolean
}

type DtlsState = Record<Side, Direction>

/** DTLS 1.0 to 1.3: names, versions, fingerprints and certificates of the handshake (RFC 6347, RFC 9147). */
export const dtls: Dissector = {
  protocol: 'dtls',
  over: 'udp',
  ports: [4433, 5349, 5684, 5246],
  firstBytes: [20, 21, 22, 23, 25],
  appetite: 12,
  looksLike: (message) => likeness(message),

  *dissect(message, context) {
    const direction = stateOf(context)[context.from]
    for (let count = 0; count < MOST_RECORDS && message.remaining >= 13; count++) {
      const type = message.u8()
      // STUN and RTP may share the flow (RFC 7983), and so may records of DTLS 1.3, whose header is encrypted.
      if (type < RECORD.changeCipherSpec || type > RECORD.withId) return
      const epoch = message.skip(2).u16()
      const body = message.skip(6).take(message.u16())
      if (!body.ok) return
      if (epoch > 0) context.enough()
      if (epoch > 0 || type !== RECORD.handshake) continue
      yield* handshakeFacts(body, direction, context.from)
    }
  },
}

function likeness(message: Cursor): Likeness {
  const type = message.u8()
  const version = message.u16()
  // What OpenSSL and Cisco's clients said before the version was settled.
  const isVersion = version === 0xfeff || version === 0xfefd || version === 0x0100
  if (type < RECORD.changeCipherSpec || type > RECORD.data || !isVersion) return 'no'
  const epoch = message.u16()
  const high = message.u16()
  const body = message.skip(4).take(message.u16())
  if (!body.ok || high > 0) return 'no'
  if (type !== RECORD.handshake || epoch > 0) return message.remaining === 0 ? 'strong' : 'weak'
  const kind = body.u8()
  const length = body.u24()
  const offset = body.skip(2).u24()
  const isFragment = offset + body.u24() <= length
  return body.ok && kind <= 25 && isFragment ? 'strong' : 'no'
}

/** Messages of a record, put together from their fragments where these come in order (RFC 6347 §4.2.2). */
function* handshakeFacts(record: Cursor, direction: Direction, from: Side): Generator<Fact> {
  for (let count = 0; count < MOST_RECORDS && record.remaining >= 12; count++) {
    const type = record.u8()
    const length = record.u24()
    const sequence = record.u16()
    const offset = record.u24()
    const fragment = record.view(record.u24())
    if (!record.ok || length > LONGEST_HANDSHAKE || offset + fragment.length > length) return
    const whole = join(direction, sequence, length, offset, fragment)
    if (whole !== undefined) yield* messageFacts(type, new Cursor(whole), direction, from)
  }
}

function join(
  direction: Direction,
  sequence: number,
  length: number,
  offset: number,
  fragment: Uint8Array,
): Uint8Array | undefined {
  if (fragment.length === length) return fragment
  if (offset === 0) {
    direction.assembly = { sequence, bytes: new Uint8Array(length), received: 0 }
  }
  const { assembly } = direction
  if (assembly === undefined || assembly.sequence !== sequence) return undefined
  if (assembly.received !== offset || assembly.bytes.length !== length) return undefined
  assembly.bytes.set(fragment, offset)
  assembly.received += fragment.length
  return assembly.received === length ? assembly.bytes : undefined
}

function* messageFacts(
  type: number,
  body: Cursor,
  direction: Direction,
  from: Side,
): Generator<Fact> {
  // The hello that brings the cookie is the first one over again.
  if (type === HANDSHAKE.clientHello && !direction.hasHello) {
    yield* clientFacts('dtls', from, readClientHello(body, true))
    direction.hasHello = true
  }
  if (type === HANDSHAKE.serverHello && !direction.hasHello) {
    yield* serverFacts('dtls', from, readServerHello(body))
    direction.hasHello = true
  }
  if (type === HANDSHAKE.certificate) yield* certificateFacts('dtls', from, body)
}

function stateOf(context: MessageContext): DtlsState {
  const fresh = (): Direction => ({ assembly: undefined, hasHello: false })
  context.state ??= { client: fresh(), server: fresh() } satisfies DtlsState
  return context.state as DtlsState
}
