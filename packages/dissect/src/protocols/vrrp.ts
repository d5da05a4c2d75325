import { hostIp } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'

const ADVERTISEMENT = 1
const HEADER = 8
/** Authentication data behind the addresses of version 2 (RFC 3768 §5.3.10). */
const SECRET = 8
const AUTHENTICATION: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'cleartext',
  2: 'header',
  // Cisco's own: a hash behind the addresses.
  254: 'md5',
}
/** Words of authentication data that CARP says to have, in the place of the count. */
const CARP_WORDS = 7
const MOST_ADDRESSES = 32

/**
 * Virtual Router Redundancy Protocol, versions 2 (RFC 3768) and 3 (RFC 9568): which routers stand for which address.
 * The password of version 2 is not read.
 */
export const vrrp: Dissector = {
  protocol: 'vrrp',
  over: 'ip',
  ipProtocols: [112],
  ttl: 255,
  appetite: Infinity,

  looksLike(message) {
    const { remaining } = message
    const { version, type, count, authentication } = readHead(message)
    if (!message.ok || type !== ADVERTISEMENT || count === 0) return 'no'
    const rest = remaining - HEADER - 4 * count
    if (version === 3) return rest === 0 || rest === 12 * count ? 'strong' : 'no'
    if (version !== 2 || AUTHENTICATION[authentication] === undefined) return 'no'
    // Some leave the empty authentication out. CARP has the same number and first byte, and is then as long.
    if (rest === 0) return count === CARP_WORDS ? 'no' : 'strong'
    return rest === SECRET || (rest > 0 && authentication === 254) ? 'strong' : 'no'
  },

  *dissect(message) {
    const { version, group, priority, count, authentication } = readHead(message)
    const size = version === 3 && message.remaining === 16 * count ? 16 : 4
    const told = [
      ['version', String(version)],
      ['group', String(group)],
      // Zero: it gives up the address at this moment (RFC 9568 §5.2.4).
      ['priority', priority === 0 ? undefined : String(priority)],
      ['authentication', version === 2 ? AUTHENTICATION[authentication] : undefined],
    ] as const
    for (const [name, value] of told) yield* factOf('client', `vrrp.${name}`, value)
    yield* addressFacts(message, size, count)
  },
}

function readHead(message: Cursor) {
  const first = message.u8()
  const group = message.u8()
  const priority = message.u8()
  const count = message.u8()
  const authentication = message.u8()
  message.skip(3)
  return { version: first >> 4, type: first & 15, group, priority, count, authentication }
}

function* addressFacts(message: Cursor, size: number, count: number): Generator<Fact> {
  for (let left = Math.min(count, MOST_ADDRESSES); left > 0; left--) {
    const ip = hostIp(message.view(size))
    if (message.ok) yield* factOf('client', 'vrrp.address', ip)
  }
}
