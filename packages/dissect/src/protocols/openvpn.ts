import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

/** Opcodes, in the upper five bits of the first byte (openvpn-rfc §4). */
const OPCODES: Readonly<Record<number, string>> = {
  1: 'hard-reset-client-1',
  2: 'hard-reset-server-1',
  7: 'hard-reset-client-2',
  8: 'hard-reset-server-2',
  10: 'hard-reset-client-3',
}
const RESETS: Readonly<Record<MessageContext['from'], readonly number[]>> = {
  client: [1, 7, 10],
  server: [2, 8],
}
const LAST_OPCODE = 11
const SESSION_LENGTH = 8
/** A reset without an HMAC: opcode, session, no acknowledgement, packet number. */
const BARE_LENGTH = 14
/** With an HMAC of 16 to 64 bytes, packet number and time before the rest. */
const HMAC_LENGTHS: readonly number[] = [16, 20, 28, 32, 48, 64]
const CRYPT_LENGTHS: readonly number[] = [54, 62]

/** OpenVPN (openvpn-rfc): the start of a session, believed once both sides have begun one. */
export const openvpn: Dissector = {
  protocol: 'openvpn',
  over: 'udp',
  ports: [1194],
  firstBytes: resetBytes(),
  appetite: 6,
  looksLike: (message, context) => likeness(message, context, message.remaining),
  dissect: (message, context) => messageFacts(message, context),
}

/** OpenVPN over a stream: each packet after its length. */
export const openvpnTcp: Dissector = {
  protocol: 'openvpn',
  over: 'tcp',
  ports: [1194],
  firstBytes: [0],
  appetite: 6,

  looksLike(stream, context) {
    if (stream.remaining < 3) return stream.peek() === 0 ? 'incomplete' : 'no'
    const length = stream.u16()
    return length === stream.remaining ? likeness(stream, context, length) : 'no'
  },

  length(stream) {
    if (stream.remaining < 2) return 0
    const length = stream.u16()
    return length > 0 ? length + 2 : -1
  },

  dissect: (message, context) => messageFacts(message.skip(2), context),
}

function resetBytes(): number[] {
  return Object.keys(OPCODES).flatMap((opcode) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((key) => (Number(opcode) << 3) | key),
  )
}

function likeness(message: Cursor, { from }: MessageContext, length: number): Likeness {
  const first = message.peek()
  if (!RESETS[from].includes(first >> 3) || (first & 7) !== 0) return 'no'
  const isSession = [1, 2, 3, 4].some((ahead) => message.peek(ahead) !== 0)
  return isSession && resetForm(message, length) ? 'weak' : 'no'
}

/** How a reset is protected, told by its length and by the numbers that must be zero or small. */
function resetForm(message: Cursor, length: number): string | undefined {
  const zeros = (at: number, count: number) =>
    Array.from({ length: count }, (_, index) => message.peek(at + index)).every(
      (byte) => byte === 0,
    )
  const acknowledgements = message.peek(1 + SESSION_LENGTH)
  if (length === BARE_LENGTH && zeros(9, 5)) return 'none'
  if (length === BARE_LENGTH + 12 && acknowledgements === 1) return 'none'
  for (const hmac of HMAC_LENGTHS) {
    const at = 1 + SESSION_LENGTH + hmac
    const isNumber = zeros(at, 3) && message.peek(at + 3) === 1
    const rest = length - at - 8
    if (isNumber && (rest === 5 || rest === 17)) return 'hmac'
  }
  // Encrypted control: packet number, seconds since 1970, HMAC; version 2 sets flags in the number.
  const seconds = message.peek(13)
  const isNumber = message.peek() >> 3 === 10 || (zeros(9, 3) && CRYPT_LENGTHS.includes(length))
  const isTime = seconds >= 0x50 && seconds < 0x90
  return isNumber && isTime && length > 50 ? 'encrypted' : undefined
}

function* messageFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const opcode = message.peek() >> 3
  if (opcode < 1 || opcode > LAST_OPCODE) {
    message.ok = false
    return
  }
  const sides = (context.state ??= new Set()) as Set<string>
  if (OPCODES[opcode] === undefined) {
    if (sides.size < 2) context.doubt()
    return
  }
  // Once more from the same side proves nothing.
  if (sides.has(context.from) || !RESETS[context.from].includes(opcode)) context.doubt()
  sides.add(context.from)
  yield* factOf(context.from, 'openvpn.control-protection', resetForm(message, message.remaining))
}
