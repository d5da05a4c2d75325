import { hexText } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const NAT_PORT = 4500
const HEADER_LENGTH = 28
const MOST_PAYLOADS = 24
const VENDOR = { 1: 13, 2: 43 } as const
const ENCRYPTED_FLAG = 1
const SECURED_PAYLOAD = 46

/** Exchanges (RFC 2408 §3.1, RFC 7296 §3.1). */
const EXCHANGES: Readonly<Record<number, string>> = {
  1: 'base',
  2: 'main',
  4: 'aggressive',
  5: 'informational',
  32: 'quick',
  33: 'new-group',
  34: 'ike-sa-init',
  35: 'ike-auth',
  36: 'create-child-sa',
  37: 'informational',
}
const FIRST_VERSION_2 = 34

/** What is known of the start of a vendor id; mostly a digest of a text. */
const VENDORS: readonly (readonly [string, string])[] = [
  ['12f5f28c457168a9702d9fe274cc', 'cisco-unity'],
  ['4048b7d56ebce88525e7de7f00d6c2d3', 'fragmentation'],
  ['1e2b516905991c7d7c96fcbfb587e461', 'microsoft'],
  ['4a131c81070358455c5728f20e95452f', 'nat-traversal'],
  ['882fe56d6fd20dbc2251613b2ebe5beb', 'strongswan'],
  ['8299031757a36082c6a621de', 'fortinet'],
  ['f4ed19e0c114eb516faaac0ee37daf28', 'check-point'],
  ['afcad71368a1f1c96b8696fc77570100', 'dead-peer-detection'],
]

/** Key exchange of IPsec, IKE versions 1 and 2 (RFC 2408, RFC 7296), and ESP inside UDP (RFC 3948). */
export const ipsec: Dissector = {
  protocol: 'ipsec',
  over: 'udp',
  ports: [500, NAT_PORT],
  appetite: 6,
  looksLike: (message, context) => likeness(message, context),

  *dissect(message, { from }) {
    skipMarker(message)
    if (message.remaining < HEADER_LENGTH || !isHeader(message)) return
    const payload = message.peek(16)
    const version = message.peek(17) >> 4
    const isEncrypted = version === 1 && (message.peek(19) & ENCRYPTED_FLAG) !== 0
    yield* factOf(from, 'ipsec.ike-version', String(version))
    yield* factOf(from, 'ipsec.exchange', EXCHANGES[message.peek(18)])
    if (!isEncrypted) yield* payloadFacts(message.skip(HEADER_LENGTH), payload, version, from)
  },
}

/** Four zero bytes tell key exchange from ESP in the same port (RFC 3948 §2.2). */
function skipMarker(message: Cursor): void {
  const isMarker = [0, 1, 2, 3].every((ahead) => message.peek(ahead) === 0)
  if (isMarker) message.skip(4)
}

/** Every exchange has a cookie of who began it; without one a header proves less. */
function hasCookie(message: Cursor): boolean {
  return [0, 1, 2, 3, 4, 5, 6, 7].some((ahead) => message.peek(ahead) !== 0)
}

function isHeader(message: Cursor): boolean {
  const major = message.peek(17) >> 4
  const exchange = message.peek(18)
  const isExchange =
    EXCHANGES[exchange] !== undefined && major === (exchange < FIRST_VERSION_2 ? 1 : 2)
  const length =
    ((message.peek(24) << 24) |
      (message.peek(25) << 16) |
      (message.peek(26) << 8) |
      message.peek(27)) >>>
    0
  const isFlags = (message.peek(19) & 0xc0) === 0 && (message.peek(17) & 0x0f) === 0
  return isExchange && isFlags && length >= HEADER_LENGTH && length === message.remaining
}

function likeness(message: Cursor, { clientPort, serverPort }: MessageContext): Likeness {
  const isNat = clientPort === NAT_PORT || serverPort === NAT_PORT
  const isKeepAlive = message.remaining === 1 && message.peek() === 0xff
  if (isNat && isKeepAlive) return 'weak'
  const start = message.position
  if (isHeader(message)) return hasCookie(message) ? 'strong' : 'weak'
  skipMarker(message)
  if (message.position > start && isHeader(message)) return hasCookie(message) ? 'strong' : 'weak'
  // ESP: a parameter index above the reserved ones, and a low sequence number.
  const index = message.u32()
  const sequence = message.u32()
  return isNat && message.remaining >= 24 && index > 255 && sequence < 0x10000 ? 'weak' : 'no'
}

function* payloadFacts(
  message: Cursor,
  first: number,
  version: number,
  from: MessageContext['from'],
): Generator<Fact> {
  let type = first
  for (let count = 0; count < MOST_PAYLOADS && type !== 0 && message.remaining >= 4; count++) {
    if (type === SECURED_PAYLOAD && version === 2) return
    const next = message.u8()
    const body = message.skip(1).take(message.u16() - 4)
    if (!body.ok) return
    if (type === VENDOR[version === 1 ? 1 : 2]) {
      const id = hexText(body.view(Math.min(body.remaining, 20)))
      const name = VENDORS.find(([start]) => id.startsWith(start))?.[1]
      yield* factOf(from, 'ipsec.vendor-id', name ?? id)
    }
    type = next
  }
}
