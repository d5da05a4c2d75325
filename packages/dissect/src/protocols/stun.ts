import { hostIp } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { dtls } from './dtls.ts'

const COOKIE = 0x2112a442
const HEADER_LENGTH = 20
const MOST_ATTRIBUTES = 32

/** Methods (RFC 8489 §18.2, RFC 8656 §17). */
const METHODS: Readonly<Record<number, string>> = {
  1: 'binding',
  2: 'shared-secret',
  3: 'allocate',
  4: 'refresh',
  6: 'send',
  7: 'data',
  8: 'create-permission',
  9: 'channel-bind',
  10: 'connect',
  11: 'connection-bind',
  12: 'connection-attempt',
}
const ATTRIBUTE = { mapped: 0x0001, xorMapped: 0x0020, software: 0x8022 } as const
/** Attributes of RFC 3489, which has no cookie to be known by. */
const LAST_OLD_ATTRIBUTE = 0x000b

/** STUN and TURN (RFC 8489, RFC 8656; RFC 3489 without its cookie): software, and the address seen from outside. */
export const stun: Dissector = {
  protocol: 'stun',
  over: 'udp',
  ports: [3478, 19302],
  firstBytes: [0, 1],
  appetite: 16,
  looksLike: (message) => likeness(message),

  *dissect(message, context) {
    // DTLS and RTP may share the flow (RFC 7983).
    const first = message.peek()
    if (first >= 20 && first < 64) yield* insideFacts(message, context)
    else if (first >= 128 && first < 192) context.carries('rtp')
    else if (first < 4) yield* messageFacts(message, context)
  },
}

/** STUN over a stream: one message after the other (RFC 8489 §6.2.2). */
export const stunTcp: Dissector = {
  protocol: 'stun',
  over: 'tcp',
  ports: [3478],
  firstBytes: [0, 1],
  looksLike: (stream) => (stream.remaining < HEADER_LENGTH ? 'incomplete' : likeness(stream)),

  length(stream) {
    if (stream.remaining < 4) return 0
    // Data of a TURN channel have a header of their own (RFC 8656 §12.4).
    const isChannel = stream.peek() >= 0x40 && stream.peek() < 0x50
    const length = (stream.peek(2) << 8) | stream.peek(3)
    if (isChannel) return 4 + ((length + 3) & ~3)
    return stream.peek() < 2 ? HEADER_LENGTH + length : -1
  },

  *dissect(message, context) {
    if (message.peek() < 2) yield* messageFacts(message, context)
  },
}

function likeness(message: Cursor): Likeness {
  const type = message.u16()
  const length = message.u16()
  const cookie = message.u32()
  if (METHODS[methodOf(type)] === undefined || type > 0x3fff || !message.skip(12).ok) return 'no'
  if (cookie === COOKIE) {
    const isWhole = length === message.remaining || (length % 4 === 0 && length < message.remaining)
    return isWhole ? 'strong' : 'no'
  }
  if (length !== message.remaining || methodOf(type) > 4) return 'no'
  return attributesLikeness(message)
}

/** Attributes fill the rest: those of RFC 3489 alone are sure, with others among them it is likely. */
function attributesLikeness(message: Cursor): Likeness {
  let count = 0
  let areOld = true
  while (message.remaining > 0 && count < MOST_ATTRIBUTES) {
    const type = message.u16()
    message.skip(message.u16())
    const isOld = (type > 0 && type <= LAST_OLD_ATTRIBUTE) || (type >= 0x8000 && type < 0x8030)
    if (!message.ok) return 'no'
    areOld &&= isOld
    count++
  }
  if (count === 0 || message.remaining > 0) return 'no'
  return areOld ? 'strong' : 'weak'
}

/** The bits of the method stand around those of the class (RFC 8489 §5). */
function methodOf(type: number): number {
  return (type & 0xf) | ((type & 0xe0) >> 1) | ((type & 0x3e00) >> 2)
}

function* messageFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const type = message.u16()
  const length = message.u16()
  /** Cookie and transaction: what covers an address. */
  const cover = message.view(16)
  const attributes = message.take(length)
  if (!attributes.ok) return
  const isAnswer = (type & 0x0110) === 0x0100
  yield* factOf(from, 'stun.method', METHODS[methodOf(type)])
  for (let count = 0; count < MOST_ATTRIBUTES && attributes.remaining >= 4; count++) {
    const kind = attributes.u16()
    const value = attributes.take(attributes.u16())
    if (!value.ok) return
    attributes.skip(Math.min(-value.remaining & 3, attributes.remaining))
    if (kind === ATTRIBUTE.software) {
      yield* factOf(from, 'stun.software', value.utf8(value.remaining))
    } else if (isAnswer && (kind === ATTRIBUTE.mapped || kind === ATTRIBUTE.xorMapped)) {
      const asker = from === 'client' ? 'server' : 'client'
      const address = addressOf(value, kind === ATTRIBUTE.xorMapped ? cover : undefined)
      yield* factOf(asker, 'stun.mapped-address', address)
    }
  }
}

/** The address that the server saw; of the second kind covered with cookie and transaction (RFC 8489 §14.2). */
function addressOf(value: Cursor, cover: Uint8Array | undefined): string | undefined {
  const family = value.skip(1).u8()
  const address = value.skip(2).view(family === 2 ? 16 : 4)
  return value.ok ? hostIp(address.map((byte, at) => byte ^ (cover?.[at] ?? 0))) : undefined
}

/** Reads a message of DTLS in the same flow, with what DTLS remembers of it. */
function* insideFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const state = (context.state ??= { dtls: undefined }) as { dtls: unknown }
  context.carries('dtls')
  context.state = state.dtls
  try {
    yield* dtls.dissect(message, context)
  } finally {
    state.dtls = context.state
    context.state = state
  }
}
