import { hostIp } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { cipFacts, type CipState, identityFacts, newCipState } from './cip.ts'

const HEADER = 24
const LONGEST = 65_511
const PORT = 44818
const CYCLIC_PORT = 2222
const LIST_IDENTITY = 0x63
const REGISTER = 0x65
const SEND_REQUEST = 0x6f
const SEND_UNIT = 0x70

/** Commands of the encapsulation (CIP volume 2, §2-3.2); NOP is too common a beginning to count. */
const COMMANDS: Readonly<Record<number, string>> = {
  0x04: 'list-services',
  [LIST_IDENTITY]: 'list-identity',
  0x64: 'list-interfaces',
  [REGISTER]: 'register-session',
  0x66: 'unregister-session',
  [SEND_REQUEST]: 'send-request',
  [SEND_UNIT]: 'send-unit-data',
  0x72: 'indicate-status',
  0x73: 'cancel',
}
const STATUSES: readonly number[] = [0, 1, 2, 3, 0x64, 0x65, 0x69]

/** Items of the common packet format (§2-6). */
const ITEM = {
  identity: 0x0c,
  connected: 0xb1,
  unconnected: 0xb2,
  sequencedAddress: 0x8002,
} as const
const MOST_ITEMS = 8

/** EtherNet/IP over TCP: sessions, and the CIP services asked for in them. */
export const enip: Dissector = {
  protocol: 'enip',
  over: 'tcp',
  ports: [PORT],
  firstBytes: Object.keys(COMMANDS).map(Number),
  appetite: Infinity,
  looksLike: (message) => likeness(message, false),
  length(stream) {
    if (stream.remaining < HEADER) return 0
    const length = stream.peek(2) | (stream.peek(3) << 8)
    const isCommand = stream.peek(1) === 0 && (COMMANDS[stream.peek()] ?? '') !== ''
    const isNop = stream.peek() === 0 && stream.peek(1) === 0
    return (isCommand || isNop) && length <= LONGEST ? HEADER + length : -1
  },
  dissect: facts,
}

/** EtherNet/IP over UDP: identities, and the cyclic data of connections. */
export const enipUdp: Dissector = {
  protocol: 'enip',
  over: 'udp',
  ports: [PORT, CYCLIC_PORT],
  firstBytes: [2, ...Object.keys(COMMANDS).map(Number)],
  appetite: 16,
  looksLike: (message) => (isCyclic(message) ? 'strong' : likeness(message, true)),
  dissect(message, context) {
    return isCyclic(message) ? cyclicFacts(message, context) : facts(message, context)
  },
}

function likeness(message: Cursor, isWhole: boolean): Likeness {
  const total = message.remaining
  const command = message.u16le()
  const length = message.u16le()
  message.skip(4)
  const status = message.u32le()
  const options = message.skip(8).u32le()
  if (!message.ok) return isWhole || COMMANDS[command] === undefined ? 'no' : 'incomplete'
  const isKnown = COMMANDS[command] !== undefined && STATUSES.includes(status) && options === 0
  if (!isKnown || length > LONGEST || (isWhole && total !== HEADER + length)) return 'no'
  return hasShape(command, length, message) ? 'strong' : 'no'
}

/** Contents that the command must have. */
function hasShape(command: number, length: number, body: Cursor): boolean {
  if (command === REGISTER) return length === 4 && (body.remaining < 2 || body.u16le() === 1)
  if (command === SEND_REQUEST || command === SEND_UNIT) {
    return length === 0 || (length >= 8 && body.u32le() === 0)
  }
  return length < 1024
}

function* facts(message: Cursor, context: MessageContext): Generator<Fact> {
  const { from } = context
  const command = message.u16le()
  const body = message.skip(HEADER - 2).take(message.remaining)
  if (!message.ok || COMMANDS[command] === undefined) return
  const state = (context.state ??= newCipState()) as CipState
  if (command === LIST_IDENTITY && body.remaining === 0) {
    yield { subject: from, field: 'enip.command', value: 'list-identity' }
  } else if (command === LIST_IDENTITY) yield* listedFacts(body, from)
  else if (command === SEND_REQUEST || command === SEND_UNIT) {
    body.skip(6)
    for (const { type, item } of items(body)) {
      if (type === ITEM.connected) item.skip(2)
      if (type === ITEM.connected || type === ITEM.unconnected) yield* cipFacts(item, from, state)
    }
  } else if (from === 'client') yield* factOf(from, 'enip.command', COMMANDS[command])
}

function* items(body: Cursor): Generator<{ type: number; item: Cursor }> {
  for (let left = Math.min(body.u16le(), MOST_ITEMS); left > 0 && body.ok; left--) {
    const type = body.u16le()
    const item = body.take(body.u16le())
    if (item.ok) yield { type, item }
  }
}

/** The answer to List Identity: version, socket address, the identity object, state. */
function* listedFacts(body: Cursor, from: Side): Generator<Fact> {
  for (const { type, item } of items(body)) {
    if (type !== ITEM.identity) continue
    const ip = hostIp(item.skip(6).view(4))
    item.skip(8)
    yield* identityFacts(item, from)
    yield* factOf(from, 'enip.address', ip)
  }
}

/** Two items, the first a sequenced address of eight octets, the second connected data. */
function isCyclic(message: Cursor): boolean {
  if (message.remaining < 18 || message.peek() !== 2 || message.peek(1) !== 0) return false
  const type = message.peek(2) | (message.peek(3) << 8)
  const isData = message.peek(14) === ITEM.connected && message.peek(15) === 0
  return type === ITEM.sequencedAddress && message.peek(4) === 8 && message.peek(5) === 0 && isData
}

function* cyclicFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  message.skip(message.remaining)
  yield { subject: from, field: 'enip.sends', value: 'cyclic data' }
}
