import type { KeyKind, KeyLink, ObservedFact } from '../vocabulary.ts'
import { isDeviceMac, isHostIp, kindOfMac } from './address.ts'
import { furtherKeysOf, isBinding, isMakerField, serialOf } from './keys.ts'
import { rememberedFor } from './memo.ts'
import { findOwners } from './ownership.ts'
import type { Ownership } from './ownership.ts'
import { Partition } from './partition.ts'
import { normalizeName } from './vocabulary.ts'

/** The partition of MACs, addresses, keys and known assets into devices, before ids are given. */
export interface Grouping {
  readonly owners: Ownership
  /** Known assets that lose an address to the host behind them. */
  readonly lost: readonly LostAddress[]
  readonly parts: Partition
  /** For each fact its node: `mac:..`, `ip:..` or undefined. */
  readonly nodeOf: readonly (string | undefined)[]
  /** Strong keys with the node that gave them first. */
  readonly stated: ReadonlyMap<string, StatedKey>
  /** Why nodes were joined, by key. */
  readonly reasons: ReadonlyMap<string, string>
}

/** A strong key that a fact states, and where it was stated first. */
export interface StatedKey {
  readonly kind: KeyKind
  readonly node: string
  since: number
}

/** Groups everything that belongs to one device, before ids are given. `known` holds current links only. */
export function groupFacts(
  facts: readonly ObservedFact[],
  known: readonly KeyLink[],
  isLocal: (ip: string) => boolean,
  apart: Apart = new Set(),
): Grouping {
  const owners = findOwners(facts, known)
  const parts = new Partition()
  const knownKeys = new Set(known.map(({ key }) => key))
  const nodesOf = rememberedFor((subject: Subject) => nodesOfSubject(subject, owners))
  const nodeOf = facts.map((fact) => {
    const nodes = nodesOf(fact.subject)
    const node = isBinding(fact) ? nodes.bound : nodes.at(fact.first)
    const isForeign = node?.startsWith('ip:') && !isLocal(node.slice(3)) && !knownKeys.has(node)
    return isForeign ? undefined : node
  })
  const reasons = new Map<string, string>()
  const isApart = separatorOf(known, apart)
  const stated = joinStated({ facts, nodeOf, known, parts, reasons, isApart })
  const lost = findLost(known, owners)
  joinKnown({ known, owners, lost, parts, reasons, isApart })
  return { owners, lost, parts, nodeOf, stated, reasons }
}

type Subject = ObservedFact['subject']

/** The nodes that facts about one subject are about. A text made anew for each fact would be hashed anew wherever it is looked up. */
interface SubjectNodes {
  /** Of facts that prove that the MAC holds the address. */
  readonly bound: string | undefined
  /** Of all others, by their time. */
  at(time: number): string | undefined
}

/** The MAC that holds the address of a subject, else its own MAC, else its address. */
function nodesOfSubject({ mac, ip }: Subject, owners: Ownership): SubjectNodes {
  const ownMac = mac !== undefined && isDeviceMac(mac) ? `mac:${mac}` : undefined
  if (ip === undefined || !isHostIp(ip)) return { bound: ownMac, at: () => ownMac }
  const isRouter = mac !== undefined && kindOfMac(mac) === 'virtual-router'
  const bound = isRouter ? undefined : ownMac
  const holders = owners.holdingsOf(ip)
  const isHolder = ownMac !== undefined && holders.some((holding) => holding.mac === mac)
  if (isHolder) return { bound, at: () => ownMac }
  const address = `ip:${ip}`
  const nodeOfHolder = (time: number) => {
    const holder = owners.holderOf(ip, time)
    return holder === undefined ? address : `mac:${holder}`
  }
  return { bound, at: nodeOfHolder }
}

/** Joins nodes that state the same strong key: a chassis, a NetBIOS adapter, a serial number with its maker. */
function joinStated({
  facts,
  nodeOf,
  known,
  parts,
  reasons,
  isApart,
}: {
  readonly facts: readonly ObservedFact[]
  readonly nodeOf: readonly (string | undefined)[]
  readonly known: readonly KeyLink[]
  readonly parts: Partition
  readonly reasons: Map<string, string>
  readonly isApart: IsApart
}): Grouping['stated'] {
  const stated = new Map<string, StatedKey>()
  const makers = makersByNode(facts, nodeOf)
  for (const [index, fact] of facts.entries()) {
    const node = nodeOf[index]
    if (node === undefined) continue
    for (const { key, kind } of furtherKeysOf(fact)) {
      if (kind === 'mac' && key === `mac:${fact.subject.mac}`) continue
      const scoped = kind === 'serial' ? scopeSerial(fact.value, makers.get(node)) : key
      if (scoped === undefined || isApart(node, scoped)) continue
      parts.join(node, scoped)
      const before = stated.get(scoped)
      if (before) before.since = Math.min(before.since, fact.first)
      else stated.set(scoped, { kind, node, since: fact.first })
      reasons.set(scoped, `both state ${fact.field} ${fact.value}`)
    }
  }
  keepLookups(stated, known)
  return stated
}

/** A serial number is stored twice: with its maker, which decides, and bare, by which `known` finds its asset. */
function keepLookups(stated: Map<string, StatedKey>, known: readonly KeyLink[]): void {
  const taken = new Set(known.map(({ key }) => key))
  for (const [key, entry] of [...stated].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const bare = `serial:${key.slice(key.lastIndexOf('/') + 1)}`
    if (entry.kind !== 'serial' || taken.has(bare) || stated.has(bare)) continue
    stated.set(bare, entry)
  }
}

function scopeSerial(value: string, maker: string | undefined): string | undefined {
  const serial = serialOf(value)
  return serial === undefined || maker === undefined
    ? undefined
    : `serial:${maker}/${serial.replaceAll('/', '-')}`
}

function makersByNode(facts: readonly ObservedFact[], nodeOf: readonly (string | undefined)[]) {
  const makers = new Map<string, string>()
  for (const [index, { field, value }] of facts.entries()) {
    const node = nodeOf[index]
    if (node === undefined || !isMakerField(field)) continue
    const maker = normalizeName(value)
    if (maker === '') continue
    const before = makers.get(node)
    if (before === undefined || maker < before) makers.set(node, maker)
  }
  return makers
}

interface KnownParts {
  readonly known: readonly KeyLink[]
  readonly owners: Ownership
  readonly lost: readonly LostAddress[]
  readonly parts: Partition
  readonly reasons: Map<string, string>
  readonly isApart: IsApart
}

/** Joins nodes with the assets that their keys already point to. */
function joinKnown({ known, owners, lost, parts, reasons, isApart }: KnownParts): void {
  const withMac = new Set(known.filter(({ kind }) => kind === 'mac').map(({ assetId }) => assetId))
  const movedTo = new Map(lost.map(({ assetId, node }) => [assetId, node]))
  for (const { key, kind, assetId } of known) {
    const asset = `asset:${assetId}`
    if (kind === 'mac') parts.join(asset, key)
    else if (kind === 'ip') {
      if (withMac.has(assetId)) continue
      const ip = key.slice('ip:'.length)
      const last = owners.holdingsOf(ip).at(-1)?.mac
      const holder = last === undefined || isApart(key, `mac:${last}`) ? undefined : last
      if (holder !== undefined)
        reasons.set(`mac:${holder}`, `${holder} holds ${ip}, known before by the address alone`)
      parts.join(asset, holder === undefined ? key : `mac:${holder}`)
    } else if (kind !== 'binding' && !isLookupOnly(key)) {
      parts.join(movedTo.get(assetId) ?? asset, key)
    }
  }
}

/** Pairs of assets that a person keeps apart, as `<id> <id>` in both orders. */
export type Apart = ReadonlySet<string>
type IsApart = (key: string, other: string) => boolean

/** Do two keys belong to assets that a person keeps apart? */
function separatorOf(known: readonly KeyLink[], apart: Apart): IsApart {
  if (apart.size === 0) return () => false
  const ownerOf = new Map(known.map(({ key, assetId }) => [key, assetId]))
  return (key, other) => apart.has(`${ownerOf.get(key)} ${ownerOf.get(other)}`)
}

/** A serial number without its maker finds its asset but proves nothing. */
function isLookupOnly(key: string): boolean {
  return key.startsWith('serial:') && !key.includes('/')
}

/** An asset that was taken for the host of an address which is behind it, and the node of that host. */
export interface LostAddress {
  readonly assetId: string
  readonly ip: string
  readonly node: string
  readonly since: number
}

/** What such an asset stated of itself came over that address, so it goes with it. */
function findLost(known: readonly KeyLink[], owners: Ownership): readonly LostAddress[] {
  const lost: LostAddress[] = []
  for (const { key, kind, assetId, since } of known) {
    if (kind !== 'binding') continue
    const [, mac = '', ip = ''] = /^seen:([0-9a-f:]{17})\/(.+)$/.exec(key) ?? []
    if (ip === '' || owners.holdingsOf(ip).some((holding) => holding.mac === mac)) continue
    const holder = owners.holdingsOf(ip).at(-1)?.mac
    lost.push({ assetId, ip, since, node: holder === undefined ? `ip:${ip}` : `mac:${holder}` })
  }
  return lost
}
