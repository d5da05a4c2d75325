import { hostIp, ipText, stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { nameText, readName } from './dns-message.ts'

/** Types of ICMPv6 (RFC 4861 §4). */
const TYPE = {
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
  redirect: 137,
} as const
/** Options (RFC 4861 §4.6, RFC 8106 §5). */
const OPTION = { source: 1, target: 2, prefix: 3, mtu: 5, dnsServers: 25, searchList: 31 } as const
const MOST_OPTIONS = 32
const MOST_VALUES = 16
/** Bytes of a message before its options, by type. */
const FIXED: Readonly<Record<number, number>> = { 133: 8, 134: 16, 135: 24, 136: 24, 137: 40 }
/** Preference of a default router (RFC 4191 §2.1); the third is reserved and counts as medium. */
const PREFERENCES: readonly string[] = ['medium', 'high', 'medium', 'low']

/**
 * Neighbor Discovery of IPv6 (RFC 4861): who is a router and what it gives, who answers for which address. A spoofed
 * claim shows as one address under two MACs in `ndp.address`, or as an `ndp.link-address` that is not the subject's MAC.
 */
export const ndp: Dissector = {
  protocol: 'ndp',
  over: 'ip',
  ipProtocols: [58],
  ttl: 255,
  appetite: Infinity,

  looksLike(message) {
    const { remaining } = message
    const type = message.u8()
    const code = message.u8()
    const fixed = FIXED[type]
    return fixed !== undefined && code === 0 && remaining >= fixed ? 'strong' : 'no'
  },

  *dissect(message, { isMulticast }) {
    const type = message.peek()
    if (type === TYPE.routerAdvertisement) yield* routerFacts(message)
    else if (type === TYPE.neighborAdvertisement) yield* advertisementFacts(message)
    else if (type === TYPE.neighborSolicitation) yield* solicitationFacts(message, isMulticast)
    else if (type === TYPE.redirect) yield* redirectFacts(message)
    else yield* linkAddressFacts(message.skip(8))
  },
}

/** RFC 4861 §4.2. */
function* routerFacts(message: Cursor): Generator<Fact> {
  const flags = message.skip(5).u8()
  const lifetime = message.u16()
  const options = message.skip(8)
  if (!message.ok) return
  // A router without a lifetime gives prefixes and is not to be sent anything.
  const preference = lifetime === 0 ? 'none' : PREFERENCES[(flags >> 3) & 3]
  yield* factOf('client', 'ndp.router', preference)
  const managed = (flags & 0x80) !== 0 ? 'addresses' : (flags & 0x40) !== 0 ? 'other' : 'nothing'
  yield { subject: 'client', field: 'ndp.from-dhcp', value: managed }
  for (const { type, body } of optionsOf(options)) yield* routerOptionFacts(type, body)
}

function* routerOptionFacts(type: number, body: Cursor): Generator<Fact> {
  if (type === OPTION.source) yield* linkAddress(body)
  else if (type === OPTION.prefix) {
    const length = body.u8()
    const prefix = ipText(body.skip(13).view(16))
    if (body.ok && length <= 128) yield* factOf('client', 'ndp.prefix', `${prefix}/${length}`)
  } else if (type === OPTION.mtu) {
    const mtu = body.skip(2).u32()
    if (body.ok) yield { subject: 'client', field: 'ndp.mtu', value: String(mtu) }
  } else if (type === OPTION.dnsServers) {
    body.skip(6)
    for (let left = MOST_VALUES; left > 0 && body.remaining >= 16; left--) {
      yield* factOf('client', 'ndp.dns-server', hostIp(body.view(16)))
    }
  } else if (type === OPTION.searchList) {
    body.skip(6)
    for (let left = MOST_VALUES; left > 0 && body.peek() !== 0 && body.ok; left--) {
      const name = nameText(readName(body, body.position))
      if (body.ok) yield* factOf('client', 'ndp.search-domain', name)
    }
  }
}

/** RFC 4861 §4.4. Who answers in place of another, and who shares an address with others, does not override (§7.2.8). */
function* advertisementFacts(message: Cursor): Generator<Fact> {
  const flags = message.skip(4).u8()
  const ip = hostIp(message.skip(3).view(16))
  if (!message.ok || ip === undefined) return
  const isRouter = (flags & 0x80) !== 0
  const isOverriding = (flags & 0x20) !== 0
  if (isRouter) yield { subject: 'client', field: 'ndp.role', value: 'router' }
  for (const { type, body } of optionsOf(message)) {
    if (type !== OPTION.target) continue
    const mac = stationMac(body.view(6))
    if (mac === undefined || !body.ok) continue
    yield { subject: 'client', field: 'ndp.link-address', value: mac }
    if (isOverriding) yield { subject: { mac, ip }, field: 'ndp.address', value: ip }
  }
}

/**
 * RFC 4861 §4.3. Who asks all without saying where it can be reached has no address yet: it probes for the one that it
 * wants (RFC 4862 §5.4).
 */
function* solicitationFacts(message: Cursor, isMulticast: boolean): Generator<Fact> {
  const target = hostIp(message.skip(8).view(16))
  let hasSource = false
  for (const { type, body } of optionsOf(message)) {
    if (type !== OPTION.source) continue
    hasSource = true
    yield* linkAddress(body)
  }
  const isProbe = message.ok && isMulticast && !hasSource
  if (isProbe) yield* factOf('client', 'ndp.probe', target)
}

/** RFC 4861 §4.5. */
function* redirectFacts(message: Cursor): Generator<Fact> {
  const target = hostIp(message.skip(8).view(16))
  if (message.ok) yield* factOf('client', 'ndp.redirect', target)
}

function* linkAddressFacts(options: Cursor): Generator<Fact> {
  for (const { type, body } of optionsOf(options)) {
    if (type === OPTION.source) yield* linkAddress(body)
  }
}

function* linkAddress(body: Cursor): Generator<Fact> {
  const mac = stationMac(body.view(6))
  if (body.ok) yield* factOf('client', 'ndp.link-address', mac)
}

/** Options, in eights of bytes with their head (RFC 4861 §4.6); one of no length ends them. */
function* optionsOf(message: Cursor): Generator<{ readonly type: number; readonly body: Cursor }> {
  for (let left = MOST_OPTIONS; left > 0 && message.remaining >= 8; left--) {
    const type = message.u8()
    const length = message.u8()
    if (length === 0) return
    const body = message.take(length * 8 - 2)
    if (!body.ok || !message.ok) return
    yield { type, body }
  }
}
