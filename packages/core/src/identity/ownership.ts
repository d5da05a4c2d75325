import type { KeyLink, ObservedFact } from '../vocabulary.ts'
import {
  isDeviceMac,
  isHostIp,
  isIpv6,
  isLinkLocal,
  kindOfMac,
  macOfEui64,
  prefix64,
} from './address.ts'
import { isBinding, isGatewaySign, isLease } from './keys.ts'
import { rememberedFor } from './memo.ts'

/** A MAC seen with an address: from when to when, and whether that proves that it holds it. */
export interface Sight {
  readonly mac: string
  readonly ip: string
  first: number
  last: number
  isProven: boolean
  isLease: boolean
}

/** A stretch of time in which one MAC held an address. */
export interface Holding {
  readonly mac: string
  readonly since: number
  readonly until: number | undefined
}

/** Who holds which address, worked out from all sights together. */
export interface Ownership {
  readonly sights: readonly Sight[]
  /** Sends for addresses that are not its own. */
  isGateway(mac: string): boolean
  /** Holders of an address, oldest first; empty when it is only known as an address. */
  holdingsOf(ip: string): readonly Holding[]
  /** Holder at a time; before the first holding it is the first. */
  holderOf(ip: string, time: number): string | undefined
}

/** More prefixes than a host has at once: one for each network that it is part of. */
const MOST_PREFIXES = 2

/**
 * Works out who holds which address.
 *
 * A frame that crossed a router carries the router's MAC and the host's address. So a MAC holds an address if it was
 * proven (ARP, DHCP, neighbour discovery, an address made from the MAC), or if it is the only address ever seen with
 * it. A MAC with a proven address and others beside it, or with several unproven ones, forwards for them.
 */
export function findOwners(facts: readonly ObservedFact[], known: readonly KeyLink[]): Ownership {
  const sights = gatherSights(facts, known)
  const byMac = Map.groupBy(sights, ({ mac }) => mac)
  const proven = new Set(sights.filter((sight) => sight.isProven).map(({ ip }) => ip))
  const gateways = new Set(
    known.filter(isGatewayMark).map(({ key }) => key.slice('gateway:'.length)),
  )
  for (const fact of facts) if (isGatewaySign(fact)) gateways.add(fact.subject.mac ?? '')
  const leased = firstLeases(sights)
  for (const [mac, own] of byMac) if (isForwarding(mac, own, proven, leased)) gateways.add(mac)
  const byIp = Map.groupBy(sights, ({ ip }) => ip)
  for (const [ip, seen] of byIp) {
    if (proven.has(ip)) continue
    // Two MACs with one unproven address: at most one of them is its host, and nothing says which.
    const candidates = seen.filter(({ mac }) => !gateways.has(mac))
    if (candidates.length > 1) for (const { mac } of candidates) gateways.add(mac)
  }
  const isHolder = ({ mac, isProven }: Sight) =>
    isDeviceMac(mac) && (isProven || !gateways.has(mac))
  const holdings = new Map<string, readonly Holding[]>()
  for (const [ip, seen] of byIp) {
    const claims = seen.filter(
      (sight) => sight.isProven || !proven.has(ip) || isBefore(sight, leased),
    )
    holdings.set(ip, holdingsFrom(claims.filter(isHolder), byMac))
  }
  const holdingsOf = (ip: string) => holdings.get(ip) ?? []
  return {
    sights,
    isGateway: (mac) => gateways.has(mac) || kindOfMac(mac) === 'virtual-router',
    holdingsOf,
    holderOf(ip, time) {
      const list = holdingsOf(ip)
      return (list.findLast(({ since }) => since <= time) ?? list[0])?.mac
    },
  }
}

function gatherSights(facts: readonly ObservedFact[], known: readonly KeyLink[]): readonly Sight[] {
  const sights: Sight[] = []
  const byMac = new Map<string, Map<string, Sight>>()
  const sightOf = (mac: string, ip: string) => {
    const byIp = byMac.get(mac) ?? new Map<string, Sight>()
    const known = byIp.get(ip)
    if (known !== undefined) return known
    const sight = { mac, ip, first: Infinity, last: -Infinity, isProven: false, isLease: false }
    sights.push(sight)
    byMac.set(mac, byIp.set(ip, sight))
    return sight
  }
  const see = ({ mac, ip, ...told }: Sight) => widen(sightOf(mac, ip), told)
  const sightOfSubject = rememberedFor(({ mac, ip }: ObservedFact['subject']) => {
    if (mac === undefined || ip === undefined || !isHostIp(ip)) return undefined
    if (kindOfMac(mac) === 'none' || kindOfMac(mac) === 'group') return undefined
    return { sight: sightOf(mac, ip), isOwn: isLinkLocal(ip) || macOfEui64(ip) === mac }
  })
  for (const { key, kind, since, until } of known) {
    if (kind !== 'binding') continue
    const mark = /^(proven|seen):([0-9a-f:]{17})\/(.+)$/.exec(key)
    const [, word, mac = '', ip = ''] = mark ?? []
    if (mark && until === undefined)
      see({ mac, ip, first: since, last: since, isProven: word === 'proven', isLease: false })
  }
  for (const fact of facts) {
    const seen = sightOfSubject(fact.subject)
    if (seen === undefined) continue
    const isProven = seen.isOwn || isBinding(fact)
    const { first, last } = fact
    widen(seen.sight, { first, last, isProven, isLease: isProven && isLease(fact) })
  }
  for (const sight of ownersBehind([...sights], facts, known)) see(sight)
  for (const sight of ownersByName(facts)) see(sight)
  return sights
}

function widen(sight: Sight, { first, last, isProven, isLease }: Omit<Sight, 'mac' | 'ip'>): void {
  sight.first = Math.min(sight.first, first)
  sight.last = Math.max(sight.last, last)
  sight.isProven ||= isProven
  sight.isLease ||= isLease
}

/** Addresses made from a MAC that is known otherwise belong to it, whoever passed their packets on. */
function ownersBehind(
  sights: readonly Sight[],
  facts: readonly ObservedFact[],
  known: readonly KeyLink[],
): Sight[] {
  const macs = new Set(facts.map(({ subject }) => subject.mac))
  for (const { key, kind } of known) if (kind === 'mac') macs.add(key.slice('mac:'.length))
  return sights.flatMap((sight) => {
    const mac = macOfEui64(sight.ip)
    const isBehind = mac !== undefined && mac !== sight.mac && macs.has(mac)
    return isBehind ? [{ ...sight, mac, isProven: true, isLease: false }] : []
  })
}

/** Further addresses that a host of the link gives itself in mDNS, where its name is its own (RFC 6762 §9). */
function ownersByName(facts: readonly ObservedFact[]): Sight[] {
  const told = facts.filter(({ field }) => field === 'mdns.hostname')
  const macsOf = new Map<string, Set<string>>()
  for (const { subject, sensor, value } of told) {
    const key = `${sensor} ${value}`
    if (subject.mac !== undefined) macsOf.set(key, (macsOf.get(key) ?? new Set()).add(subject.mac))
  }
  return told.flatMap(({ subject, sensor, value, first, last }) => {
    const [mac, ...others] = macsOf.get(`${sensor} ${value}`) ?? []
    const { ip } = subject
    const isPlain = subject.mac === undefined && ip !== undefined && isHostIp(ip)
    if (!isPlain || mac === undefined || others.length > 0) return []
    return [{ mac, ip, first, last, isProven: true, isLease: false }]
  })
}

/** When each address was first given out by DHCP. */
function firstLeases(sights: readonly Sight[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>()
  for (const sight of sights)
    if (sight.isLease) first.set(sight.ip, Math.min(sight.first, first.get(sight.ip) ?? Infinity))
  return first
}

/** Last seen before the address was given to somebody else: an earlier holder, not a router. */
function isBefore({ ip, last }: Sight, leased: ReadonlyMap<string, number>): boolean {
  return last < (leased.get(ip) ?? -Infinity)
}

function isForwarding(
  mac: string,
  sights: readonly Sight[],
  provenIps: ReadonlySet<string>,
  leased: ReadonlyMap<string, number>,
): boolean {
  const routable = sights.filter(({ ip }) => !isLinkLocal(ip))
  const unproven = routable.filter((sight) => !sight.isProven && !isBefore(sight, leased))
  if (unproven.some(({ ip }) => provenIps.has(ip) || isOfAnother(ip, mac))) return true
  const v4 = unproven.filter(({ ip }) => !isIpv6(ip))
  const hasProvenV4 = routable.some(({ ip, isProven }) => isProven && !isIpv6(ip))
  if (v4.length > (hasProvenV4 ? 0 : 1)) return true
  const prefixes = new Set(unproven.filter(({ ip }) => isIpv6(ip)).map(({ ip }) => prefix64(ip)))
  return prefixes.size > MOST_PREFIXES
}

function isOfAnother(ip: string, mac: string): boolean {
  const burntIn = macOfEui64(ip)
  return burntIn !== undefined && burntIn !== mac
}

function holdingsFrom(
  claims: readonly Sight[],
  byMac: ReadonlyMap<string, readonly Sight[]>,
): Holding[] {
  const moments = claims.flatMap(({ mac, first, last }) => [
    { mac, time: first },
    { mac, time: last },
  ])
  moments.sort((a, b) => a.time - b.time || (a.mac < b.mac ? -1 : 1))
  const holdings: { mac: string; since: number; until: number | undefined }[] = []
  for (const { mac, time } of moments) {
    const current = holdings.at(-1)
    if (current?.mac === mac) continue
    if (current) current.until = time
    holdings.push({ mac, since: time, until: undefined })
  }
  const last = holdings.at(-1)
  const claim = claims.find(({ mac }) => mac === last?.mac)
  if (last && claim) last.until = leaseEnd(claim, byMac.get(claim.mac) ?? [])
  return holdings
}

/** When the holder was given another IPv4 address by DHCP, and was not seen with this one since. */
function leaseEnd(claim: Sight, ofSameMac: readonly Sight[]): number | undefined {
  if (isIpv6(claim.ip)) return undefined
  const later = ofSameMac.filter(
    ({ ip, isLease: isLeased, first }) => isLeased && ip !== claim.ip && first > claim.last,
  )
  return later.length === 0 ? undefined : Math.min(...later.map(({ first }) => first))
}

function isGatewayMark({ key, until }: KeyLink): boolean {
  return key.startsWith('gateway:') && until === undefined
}
