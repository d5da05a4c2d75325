import { hexText } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { INTERFACES } from './dcerpc-interfaces.ts'
import { ntlmFacts } from './ntlmssp.ts'

/** Packet types (C706 §12.6.4, MS-RPCE §2.2.2). */
const TYPE = {
  request: 0,
  response: 2,
  bind: 11,
  bindAck: 12,
  alter: 14,
  alterAnswer: 15,
  auth3: 16,
} as const
const LAST_TYPE = 20
const HEADER_LENGTH = 16
const LITTLE_ENDIAN = 0x10
const MOST_CONTEXTS = 16
const ENDPOINT_MAPPER = 'epmapper'
/** Floors of a tower (C706 appendix L): an interface, and a TCP port. */
const FLOOR = { uuid: 0x0d, tcp: 0x07 } as const
const MOST_FLOORS = 64

interface DcerpcState {
  /** True once the endpoint mapper is spoken to. */
  isMapper: boolean
}

/** DCE/RPC over TCP (C706, MS-RPCE): interfaces that clients bind to, and where the endpoint mapper says they are. */
export const dcerpc: Dissector = {
  protocol: 'dcerpc',
  over: 'tcp',
  ports: [135, 593],
  firstBytes: [5],
  appetite: 12,
  looksLike: (stream) => likeness(stream),

  length(stream) {
    if (stream.remaining < 10) return 0
    if (stream.peek() !== 5 || stream.peek(1) > 1) return -1
    const length = lengthOf(stream)
    return length < HEADER_LENGTH ? -1 : length
  },

  *dissect(message, context) {
    const type = message.peek(2)
    const isLittle = (message.peek(4) & 0xf0) === LITTLE_ENDIAN
    const authLength = isLittle
      ? message.peek(10) | (message.peek(11) << 8)
      : (message.peek(10) << 8) | message.peek(11)
    message.skip(HEADER_LENGTH)
    if (!message.ok || authLength > message.remaining) return
    yield* ntlmFacts(message.bytes.subarray(message.end - authLength, message.end), context.from)
    // Big-endian systems are rare and told by name only.
    if (!isLittle) return
    if (type === TYPE.bind || type === TYPE.alter) yield* bindFacts(message, context)
    else if (type === TYPE.bindAck) yield* addressFacts(message, context.from)
    else if (type === TYPE.response && (context.state as DcerpcState | undefined)?.isMapper) {
      yield* endpointFacts(message, context.from)
    }
  },
}

function lengthOf(stream: Cursor): number {
  const [low, high] = [stream.peek(8), stream.peek(9)]
  return (stream.peek(4) & 0xf0) === LITTLE_ENDIAN ? low | (high << 8) : (low << 8) | high
}

function likeness(stream: Cursor): Likeness {
  if (stream.peek() !== 5) return 'no'
  if (stream.remaining < HEADER_LENGTH) {
    return stream.remaining < 2 || stream.peek(1) <= 1 ? 'incomplete' : 'no'
  }
  const isVersion = stream.peek(1) <= 1 && stream.peek(2) <= LAST_TYPE
  const isRepresentation = (stream.peek(4) & 0xee) === 0 && stream.peek(5) <= 3
  const isZero = stream.peek(6) === 0 && stream.peek(7) === 0
  const length = lengthOf(stream)
  if (!isVersion || !isRepresentation || !isZero || length < HEADER_LENGTH) return 'no'
  return length <= stream.remaining || stream.peek(2) === TYPE.bind ? 'strong' : 'weak'
}

/** Presentation contexts of a bind (C706 §12.6.4.3). */
function* bindFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const other: Side = context.from === 'client' ? 'server' : 'client'
  const count = Math.min(message.skip(8).u8(), MOST_CONTEXTS)
  message.skip(3)
  for (let at = 0; at < count && message.remaining > 0; at++) {
    const syntaxes = message.skip(2).u8()
    const uuid = uuidText(message.skip(1).view(16))
    const version = message.u16le()
    message.skip(2).skip(20 * syntaxes)
    if (uuid === '') return
    const name = INTERFACES[uuid]
    if (name === ENDPOINT_MAPPER) context.state = { isMapper: true } satisfies DcerpcState
    yield* factOf(other, 'dcerpc.interface', name ?? `${uuid} v${version}`)
    yield* factOf(context.from, 'dcerpc.calls', name ?? uuid)
  }
}

/** The secondary address of a bind_ack: a port or a pipe. */
function* addressFacts(message: Cursor, from: Side): Generator<Fact> {
  const length = message.skip(8).u16le()
  if (length > 1 && length < 64) yield* factOf(from, 'dcerpc.address', message.text(length))
}

/** Towers in an answer of the endpoint mapper: the interface stands two floors above its port. */
function* endpointFacts(message: Cursor, from: Side): Generator<Fact> {
  const bytes = message.view(Math.min(message.remaining, 8192))
  let uuid = ''
  let floors = 0
  for (let at = 0; at + 7 < bytes.length && floors < MOST_FLOORS; at++) {
    // A floor: length of its left side, protocol, data.
    const length = bytes[at]! | (bytes[at + 1]! << 8)
    const kind = bytes[at + 2]
    if (length === 19 && kind === FLOOR.uuid && at + 21 <= bytes.length) {
      const found = uuidText(bytes.subarray(at + 3, at + 19))
      // The second floor of this kind is the transfer syntax.
      if (found !== NDR && found !== NDR64) uuid = found
      floors++
      at += 20
    } else if (length === 1 && kind === FLOOR.tcp && bytes[at + 3] === 2 && uuid !== '') {
      const port = (bytes[at + 5]! << 8) | bytes[at + 6]!
      yield* factOf(from, 'dcerpc.endpoint', `${INTERFACES[uuid] ?? uuid} tcp/${port}`)
      floors++
      uuid = ''
    }
  }
}

const NDR = '8a885d04-1ceb-11c9-9fe8-08002b104860'
const NDR64 = '71710533-beba-4937-8319-b5dbef9ccc36'

/** A UUID in the byte order of little-endian systems (C706 appendix A). */
function uuidText(bytes: Uint8Array): string {
  if (bytes.length !== 16) return ''
  const [a, b, c] = [bytes.slice(0, 4), bytes.slice(4, 6), bytes.slice(6, 8)].map((part) =>
    hexText(part.reverse()),
  )
  return `${a}-${b}-${c}-${hexText(bytes.subarray(8, 10))}-${hexText(bytes.subarray(10))}`
}
