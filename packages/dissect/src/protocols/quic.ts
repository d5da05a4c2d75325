import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { type InitialKeys, initialKeys, isInitial, quicVersion } from './quic-keys.ts'
import { clientFacts } from './tls-facts.ts'
import { readClientHello } from './tls-hello.ts'

const LONG_HEADER = 0x80
const LONGEST_ID = 20
const LONGEST_HELLO = 16_384
const MOST_FRAMES = 128
const FRAME = { padding: 0, ping: 1, ack: 2, ackWithMarks: 3, crypto: 6, googleCrypto: 8 } as const
/** A client's first datagram is padded to this (RFC 9000 §14.1). */
const SHORTEST_INITIAL = 1200
const CLIENT_HELLO = 1
/** First bytes of Google's own header with a version in it, without and with a connection id. */
const GOOGLE_FLAGS: readonly number[] = [0x01, 0x05, 0x09, 0x0c, 0x0d, 0x19, 0x29, 0x2d, 0x39]

interface QuicState {
  /** Keys from the first connection id of the client; undefined when the version's are not known. */
  keys: InitialKeys | undefined
  hasKeys: boolean
  /** The client's first flight: bytes, and which are there. */
  readonly hello: Uint8Array
  readonly isThere: Uint8Array
  isDone: boolean
}

/** QUIC versions 1 and 2 (RFC 9000, RFC 9369), drafts and Google's: the hello of the client. */
export const quic: Dissector = {
  protocol: 'quic',
  over: 'udp',
  ports: [443, 80, 784, 853, 4433, 8443],
  firstBytes: [...GOOGLE_FLAGS, ...Array.from({ length: 128 }, (_, at) => LONG_HEADER + at)],
  appetite: 6,
  looksLike: (message) => likeness(message),

  *dissect(message, context) {
    const first = message.peek()
    if ((first & LONG_HEADER) !== 0) yield* longFacts(message, context)
    else if (isGoogleHeader(message)) yield* googleFacts(message, context)
  },
}

interface LongHeader {
  readonly first: number
  readonly version: number
  readonly destination: Uint8Array
}

function readLongHeader(message: Cursor): LongHeader | undefined {
  const first = message.u8()
  const version = message.u32()
  const destination = readId(message)
  readId(message)
  return message.ok && destination !== undefined ? { first, version, destination } : undefined
}

function readId(message: Cursor): Uint8Array | undefined {
  const length = message.u8()
  if (length > LONGEST_ID) message.ok = false
  return message.ok ? message.view(length) : undefined
}

function likeness(message: Cursor): Likeness {
  if ((message.peek() & LONG_HEADER) === 0) return isGoogleHeader(message) ? 'strong' : 'no'
  const start = message.position
  const header = readLongHeader(message)
  if (header === undefined) {
    message.ok = true
    message.position = start
    return isOldGoogle(message) ? 'strong' : 'no'
  }
  if (header.version === 0) return isNegotiation(message) ? 'strong' : 'no'
  if (quicVersion(header.version) !== undefined) return message.remaining >= 16 ? 'strong' : 'no'
  // Versions that exist only to be refused (RFC 9000 §15).
  const isReserved = (header.version & 0x0f0f0f0f) >>> 0 === 0x0a0a0a0a
  const isInitialSize = message.end - start >= SHORTEST_INITIAL && header.destination.length >= 8
  return isReserved && isInitialSize ? 'strong' : 'no'
}

/** A server lists the versions that it knows (RFC 9000 §17.2.1). */
function isNegotiation(message: Cursor): boolean {
  if (message.remaining < 4 || message.remaining % 4 !== 0) return false
  let isKnown = false
  for (let count = 0; count < 32 && message.remaining > 0; count++) {
    isKnown ||= quicVersion(message.u32()) !== undefined
  }
  return isKnown
}

/** Versions Q043 and before put flags, connection id and version at the start. */
function isGoogleHeader(message: Cursor): boolean {
  const flags = message.peek()
  if (!GOOGLE_FLAGS.includes(flags) || message.remaining < 20) return false
  const at = (flags & 0x08) !== 0 ? 9 : 1
  return isGoogleVersion(message, at)
}

/** Q044 to Q046 have a long header with one byte for the lengths of both ids. */
function isOldGoogle(message: Cursor): boolean {
  return message.remaining >= 20 && isGoogleVersion(message, 1)
}

function isGoogleVersion(message: Cursor, at: number): boolean {
  const [letter, zero, tens, ones] = [0, 1, 2, 3].map((ahead) => message.peek(at + ahead))
  const isDigits = tens! >= 0x32 && tens! <= 0x35 && ones! >= 0x30 && ones! <= 0x39
  return (letter === 0x51 || letter === 0x54) && zero === 0x30 && isDigits
}

function* longFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const start = message.position
  const number = new Cursor(message.bytes, start + 1, message.end).u32()
  const name = quicVersion(number)
  yield* factOf(context.from, 'quic.version', name)
  if (name === undefined || context.from === 'server') return
  if (/^Q0[2-4]/.test(name)) return yield* googleFacts(message, context)
  const state = stateOf(context)
  // Several packets may share a datagram (RFC 9000 §12.2).
  for (let count = 0; count < 4 && message.remaining > 20 && !state.isDone; count++) {
    const packet = message.position
    const header = readLongHeader(message)
    if (header === undefined || header.version !== number) break
    if (isInitial(number, header.first)) message.skip(readVariable(message))
    else if (((header.first >> 4) & 3) === 3) break
    const length = readVariable(message)
    const payload = message.position
    if (!message.skip(length).ok) break
    if (!isInitial(number, header.first)) continue
    if (!state.hasKeys) {
      state.keys = initialKeys(number, header.destination)
      state.hasKeys = true
    }
    const bytes = message.bytes.subarray(packet, payload + length)
    const plain = state.keys === undefined ? undefined : open(bytes, payload - packet, state.keys)
    if (plain === undefined) continue
    if (name.startsWith('Q')) yield* tagFacts(plain, context.from)
    else collect(new Cursor(plain), state)
    yield* helloFacts(state, context)
  }
  message.ok = true
  message.position = message.end
}

/** Takes off header protection and encryption (RFC 9001 §5.3, §5.4); nothing when the packet is too short. */
function open(packet: Uint8Array, numberAt: number, keys: InitialKeys): Uint8Array | undefined {
  if (packet.length < numberAt + 20) return undefined
  const mask = keys.header.encrypt(packet.subarray(numberAt + 4, numberAt + 20))
  const numberLength = ((packet[0]! ^ mask[0]!) & 3) + 1
  const nonce = keys.nonce.slice()
  for (let at = 0; at < numberLength; at++) {
    nonce[12 - numberLength + at]! ^= packet[numberAt + at]! ^ mask[at + 1]!
  }
  return keys.packet.decryptCounter(nonce, packet.subarray(numberAt + numberLength, -16))
}

/** Puts the crypto frames of a packet where they belong (RFC 9000 §19.6). */
function collect(frames: Cursor, state: QuicState): void {
  let count = 0
  while (frames.remaining > 0 && count < MOST_FRAMES) {
    const type = frames.u8()
    if (type === FRAME.padding || type === FRAME.ping) continue
    count++
    if (type === FRAME.crypto || type === FRAME.googleCrypto) {
      const offset = readVariable(frames)
      const bytes = frames.view(readVariable(frames))
      if (!frames.ok || offset + bytes.length > LONGEST_HELLO) return
      state.hello.set(bytes, offset)
      state.isThere.fill(1, offset, offset + bytes.length)
    } else if (type === FRAME.ack || type === FRAME.ackWithMarks) skipAck(frames, type)
    else return
  }
}

function skipAck(frames: Cursor, type: number): void {
  readVariable(frames)
  readVariable(frames)
  const ranges = readVariable(frames)
  readVariable(frames)
  for (let at = 0; at < Math.min(ranges, 256) * 2; at++) readVariable(frames)
  for (let at = 0; at < (type === FRAME.ackWithMarks ? 3 : 0); at++) readVariable(frames)
}

function* helloFacts(state: QuicState, context: MessageContext): Generator<Fact> {
  const { hello, isThere } = state
  const length = 4 + ((hello[1]! << 16) | (hello[2]! << 8) | hello[3]!)
  if (isThere[0] === 0 || isThere[3] === 0 || hello[0] !== CLIENT_HELLO) return
  if (length > LONGEST_HELLO || isThere.subarray(0, length).includes(0)) return
  state.isDone = true
  context.enough()
  yield* clientFacts('quic', context.from, readClientHello(new Cursor(hello, 4, length)))
}

/** The hello of Google's versions up to Q046 is in clear: tags and where their values end. */
function* googleFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  if ((message.peek() & LONG_HEADER) === 0) {
    const at = (message.peek() & 0x08) !== 0 ? 9 : 1
    const version = new Cursor(message.bytes, message.position + at, message.end).u32()
    yield* factOf(from, 'quic.version', quicVersion(version))
  }
  const bytes = message.view(Math.min(message.remaining, 1500))
  if (from === 'client') yield* tagFacts(bytes, from)
}

function* tagFacts(bytes: Uint8Array, from: Side): Generator<Fact> {
  const start = textAt(bytes, 'CHLO')
  if (start < 0) return
  const tags = new Cursor(bytes, start + 4)
  const count = Math.min(tags.u16le(), 64)
  const values = tags.skip(2).position + count * 8
  for (let at = 0, begin = 0; at < count; at++) {
    const tag = tags.text(4)
    const end = tags.u32le()
    if (!tags.ok || end < begin || values + end > bytes.length) return
    const value = new Cursor(bytes, values + begin, values + end)
    begin = end
    if (tag === 'SNI') {
      const name = value.text(value.remaining)
      yield* factOf('server', 'quic.sni', name)
      yield* factOf(from, 'quic.contacts', name)
    }
    if (tag === 'UAID') yield* factOf(from, 'quic.user-agent', value.text(value.remaining))
  }
}

function textAt(bytes: Uint8Array, text: string): number {
  for (let at = bytes.indexOf(text.charCodeAt(0)); at >= 0;) {
    if (new Cursor(bytes, at).startsWith(text)) return at
    at = bytes.indexOf(text.charCodeAt(0), at + 1)
  }
  return -1
}

/** A number of 1, 2, 4 or 8 bytes (RFC 9000 §16). */
function readVariable(from: Cursor): number {
  const first = from.u8()
  let value = first & 0x3f
  for (let left = (1 << (first >> 6)) - 1; left > 0; left--) value = value * 256 + from.u8()
  return value
}

function stateOf(context: MessageContext): QuicState {
  context.state ??= {
    keys: undefined,
    hasKeys: false,
    hello: new Uint8Array(LONGEST_HELLO),
    isThere: new Uint8Array(LONGEST_HELLO),
    isDone: false,
  } satisfies QuicState
  return context.state as QuicState
}
