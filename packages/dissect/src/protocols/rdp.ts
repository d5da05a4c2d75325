import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { utf16 } from './ntlmssp.ts'

const TPKT = 3
const X224 = { request: 0xe0, confirm: 0xd0, data: 0xf0 } as const
const NEGOTIATION = { request: 1, response: 2, failure: 3 } as const
const LONGEST = 16_384
const COOKIE = 'Cookie: msts'
const CONNECT_INITIAL = 0x65
const CONNECT_RESPONSE = 0x66

/** Of a request each bit is an offer; of a response the one that is chosen (MS-RDPBCGR §2.2.1.1.1). */
const SECURITY: readonly (readonly [number, string])[] = [
  [1, 'TLS'],
  [2, 'CredSSP'],
  [4, 'RDSTLS'],
  [8, 'CredSSP early user authorization'],
  [16, 'RDSAAD'],
]
const STANDARD = 'standard RDP'
const FAILURE: Readonly<Record<number, string>> = {
  1: 'TLS required',
  2: 'TLS not allowed',
  3: 'no certificate',
  4: 'inconsistent flags',
  5: 'CredSSP required',
  6: 'TLS with user authentication required',
}
const BLOCK = { clientCore: 0xc001, serverCore: 0x0c01, serverSecurity: 0x0c02 } as const
const ENCRYPTION = ['none', 'low', 'client compatible', 'high', 'FIPS']

/**
 * RDP until it is encrypted: security offered and chosen, and the client's build and machine name where standard RDP
 * security leaves them in clear. The cookie, which is a user name, is not read (MS-RDPBCGR §2.2.1).
 */
export const rdp: Dissector = {
  protocol: 'rdp',
  over: 'tcp',
  ports: [3389],
  firstBytes: [TPKT],
  looksLike,

  length(stream) {
    if (stream.peek() !== TPKT || stream.peek(1) !== 0) return -1
    if (stream.remaining < 4) return 0
    const length = (stream.peek(2) << 8) | stream.peek(3)
    return length >= 7 && length <= LONGEST ? length : -1
  },

  *dissect(message, context) {
    message.skip(4)
    const header = message.take(message.u8())
    const type = header.u8() & 0xf0
    header.skip(5)
    if (type === X224.request) yield* offer(header, context.from)
    if (type === X224.confirm) yield* choice(header, context)
    if (type === X224.data) yield* conferenceFacts(message.view(message.remaining), context.from)
    message.skip(message.remaining)
  },
}

function looksLike(message: Cursor): Likeness {
  if (message.peek() !== TPKT || message.peek(1) !== 0) return 'no'
  if (message.remaining < 11) return message.remaining < 4 ? 'incomplete' : 'no'
  const length = (message.peek(2) << 8) | message.peek(3)
  const type = message.peek(5)
  if ((type !== X224.request && type !== X224.confirm) || message.peek(4) !== length - 5)
    return 'no'
  const rest = new Cursor(message.bytes, message.position + 11, message.position + length)
  if (rest.remaining === 0) return 'weak'
  if (rest.startsWith(COOKIE)) return 'strong'
  const isNegotiation = rest.peek() >= 1 && rest.peek() <= 3 && rest.remaining === 8
  return isNegotiation && rest.peek(2) === 8 && rest.peek(3) === 0 ? 'strong' : 'no'
}

/** The negotiation stands after the cookie, at the end (§2.2.1.1); old clients send none. */
function* offer(header: Cursor, from: Side): Generator<Fact> {
  const end = header.end - 8
  const isThere = header.remaining >= 8 && header.bytes[end] === NEGOTIATION.request
  const request = new Cursor(header.bytes, isThere ? end + 4 : header.end, header.end)
  yield* factOf(from, 'rdp.offers', isThere ? securityNames(request.u32le()) : STANDARD)
}

function* choice(header: Cursor, context: MessageContext): Generator<Fact> {
  const type = header.u8()
  const value = header.skip(3).u32le()
  const { from } = context
  if (!header.ok || type === NEGOTIATION.response) {
    const chosen = header.ok ? value : 0
    yield* factOf(from, 'rdp.security', securityNames(chosen))
    if (chosen !== 0) context.become('tls')
  } else if (type === NEGOTIATION.failure) yield* factOf(from, 'rdp.refuses', FAILURE[value])
}

function securityNames(bits: number): string {
  const names = SECURITY.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name)
  return names.length === 0 ? STANDARD : names.join(', ')
}

/** Settings in the GCC conference of a connect message (T.125, §2.2.1.3 and §2.2.1.4). */
function* conferenceFacts(bytes: Uint8Array, from: Side): Generator<Fact> {
  if (bytes[0] !== 0x7f || (bytes[1] !== CONNECT_INITIAL && bytes[1] !== CONNECT_RESPONSE)) return
  for (const { type, block } of blocks(bytes, bytes[1] === CONNECT_INITIAL ? 'Duca' : 'McDn')) {
    if (type === BLOCK.clientCore) yield* clientFacts(block, from)
    if (type === BLOCK.serverCore) yield* factOf(from, 'rdp.version', versionOf(block))
    if (type === BLOCK.serverSecurity) {
      const level = block.skip(4).u32le()
      if (block.ok) yield* factOf(from, 'rdp.encryption', ENCRYPTION[level])
    }
  }
}

/** Blocks of settings after the key that says whose they are, and a length of one or two octets. */
function* blocks(bytes: Uint8Array, key: string): Generator<{ type: number; block: Cursor }> {
  const start = indexOf(bytes, key)
  if (start < 0) return
  const cursor = new Cursor(bytes, start + key.length)
  if ((cursor.u8() & 0x80) !== 0) cursor.skip(1)
  for (let count = 0; count < 16 && cursor.remaining >= 4; count++) {
    const type = cursor.u16le()
    yield { type, block: cursor.take(cursor.u16le() - 4) }
  }
}

function* clientFacts(core: Cursor, from: Side): Generator<Fact> {
  yield* factOf(from, 'rdp.version', versionOf(core))
  core.skip(8)
  const keyboard = core.u32le()
  const build = core.u32le()
  const name = utf16(core.view(32))
  if (!core.ok) return
  yield* factOf(from, 'rdp.client-build', String(build))
  yield* factOf(from, 'rdp.client-name', name)
  yield* factOf(from, 'rdp.keyboard', `0x${keyboard.toString(16).padStart(8, '0')}`)
}

/** Major and minor in the two halves of 32 bits. */
function versionOf(core: Cursor): string {
  const minor = core.u16le()
  return `${core.u16le()}.${minor}`
}

function indexOf(bytes: Uint8Array, key: string): number {
  const first = key.charCodeAt(0)
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if ([...key].every((letter, index) => bytes[at + index] === letter.charCodeAt(0))) return at
  }
  return -1
}
