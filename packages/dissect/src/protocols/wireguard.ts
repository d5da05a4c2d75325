import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'

/** Message types and their lengths (WireGuard paper §5.4). */
const TYPE = { initiation: 1, response: 2, cookie: 3, data: 4 } as const
const LENGTHS: Readonly<Record<number, number>> = { 1: 148, 2: 92, 3: 64 }
const SHORTEST_DATA = 32

/** WireGuard: told by type, zeros and exact length, believed once the handshake is answered. */
export const wireguard: Dissector = {
  protocol: 'wireguard',
  over: 'udp',
  ports: [51_820],
  firstBytes: Object.values(TYPE),
  appetite: 4,
  looksLike: (message) => likeness(message),

  *dissect(message, context) {
    const type = message.peek()
    if (likeness(message) === 'no') {
      message.ok = false
      return
    }
    yield { subject: context.from, field: 'wireguard.message', value: nameOf(type) }
    const index = message.skip(4).u32()
    // Data must name the peer that the handshake named.
    if (type === TYPE.initiation) context.state = index
    else if (type === TYPE.response && message.u32() !== context.state) context.doubt()
    else if (type === TYPE.data && context.state === undefined) {
      context.state = index
      context.doubt()
    }
  },
}

function nameOf(type: number): string {
  return Object.entries(TYPE).find(([, value]) => value === type)?.[0] ?? ''
}

function likeness(message: Cursor): Likeness {
  const type = message.peek()
  const isZero = message.peek(1) === 0 && message.peek(2) === 0 && message.peek(3) === 0
  if (!isZero || type < TYPE.initiation || type > TYPE.data) return 'no'
  const length = LENGTHS[type]
  if (length !== undefined) return message.remaining === length ? 'weak' : 'no'
  const isCounter = message.peek(15) === 0 && message.peek(14) === 0 && message.peek(13) === 0
  const isPadded = message.remaining >= SHORTEST_DATA && message.remaining % 16 === 0
  return isCounter && isPadded ? 'weak' : 'no'
}
