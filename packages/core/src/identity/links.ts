import type { KeyKind, KeyLink, ObservedFact } from '../vocabulary.ts'
import { isDeviceMac } from './address.ts'
import type { Grouping } from './grouping.ts'

type IdOf = (node: string) => string | undefined

/** The changes that bring the links of before in step with a grouping. */
export function changeLinks(
  grouping: Grouping,
  known: readonly KeyLink[],
  facts: readonly ObservedFact[],
  idOf: IdOf,
): { readonly linked: readonly KeyLink[]; readonly ended: readonly KeyLink[] } {
  const wanted = new Map<string, KeyLink>()
  const history: KeyLink[] = []
  const gone = new Map<string, number>()
  for (const link of [
    ...macLinks(grouping, facts, idOf),
    ...statedLinks(grouping, idOf),
    ...addressLinks(grouping, facts, idOf),
    ...markLinks(grouping, idOf),
  ]) {
    if (link.until !== undefined) history.push(link)
    else wanted.set(link.key, link)
  }
  for (const { key, until } of history)
    if (!wanted.has(key)) gone.set(key, Math.max(until ?? 0, gone.get(key) ?? 0))
  return diff({ wanted, history, gone }, known, idOf)
}

interface Wanted {
  readonly wanted: ReadonlyMap<string, KeyLink>
  readonly history: readonly KeyLink[]
  /** Keys that point nowhere any more, with the time they ended. */
  readonly gone: ReadonlyMap<string, number>
}

function diff({ wanted, history, gone }: Wanted, known: readonly KeyLink[], idOf: IdOf) {
  const linked: KeyLink[] = []
  const ended: KeyLink[] = []
  const kept = new Set<string>()
  for (const link of known) {
    const next = wanted.get(link.key)
    const assetId = next?.assetId ?? idOf(`asset:${link.assetId}`) ?? link.assetId
    const end = next ? Math.max(next.since, link.since) : gone.get(link.key)
    if (end === undefined && assetId === link.assetId) continue
    if (next && assetId === link.assetId) kept.add(link.key)
    else {
      ended.push({ ...link, until: end ?? link.since })
      if (!next && end === undefined) linked.push({ ...link, assetId })
    }
  }
  const before = new Map(known.map((link) => [link.key, link]))
  for (const link of wanted.values()) if (!kept.has(link.key)) linked.push(link)
  for (const link of history) {
    const isKnown = before.get(link.key)?.assetId === link.assetId
    if (!isKnown && link.kind !== 'binding') linked.push(link)
  }
  return { linked, ended }
}

function* macLinks({ nodeOf, owners }: Grouping, facts: readonly ObservedFact[], idOf: IdOf) {
  const since = new Map<string, number>()
  const see = (node: string, time: number) => {
    if (time < (since.get(node) ?? Infinity)) since.set(node, time)
  }
  for (const [index, node] of nodeOf.entries())
    if (node?.startsWith('mac:')) see(node, facts[index]?.first ?? 0)
  for (const { mac, first } of owners.sights) if (isDeviceMac(mac)) see(`mac:${mac}`, first)
  for (const [node, time] of since) yield* linkTo(idOf(node), node, 'mac', time)
}

function* statedLinks({ stated }: Grouping, idOf: IdOf) {
  for (const [key, { kind, node, since }] of stated) yield* linkTo(idOf(node), key, kind, since)
}

/** Who holds each address: its holders one after the other, or the asset known by the address alone. */
function* addressLinks(
  { owners, lost, nodeOf }: Grouping,
  facts: readonly ObservedFact[],
  idOf: IdOf,
) {
  const alone = new Map<string, number>()
  for (const [index, node] of nodeOf.entries()) {
    if (!node?.startsWith('ip:')) continue
    alone.set(node, Math.min(facts[index]?.first ?? 0, alone.get(node) ?? Infinity))
  }
  for (const { node, since } of lost)
    if (node.startsWith('ip:')) alone.set(node, Math.min(since, alone.get(node) ?? Infinity))
  for (const [node, since] of alone) yield* linkTo(idOf(node), node, 'ip', since)
  for (const ip of new Set(owners.sights.map((sight) => sight.ip)))
    for (const { mac, since, until } of owners.holdingsOf(ip))
      yield* linkTo(idOf(`mac:${mac}`), `ip:${ip}`, 'ip', since, until)
}

/** What the next call must know of a MAC: which addresses it holds, and that it forwards for others. */
function* markLinks({ owners }: Grouping, idOf: IdOf) {
  for (const { mac, ip, first, last, isProven } of owners.sights) {
    const holder = owners.holdingsOf(ip).at(-1)
    const isHolding = holder?.mac === mac && holder.until === undefined
    const [word, other] = isProven ? ['proven', 'seen'] : ['seen', 'proven']
    const id = idOf(`mac:${mac}`)
    yield* linkTo(id, `${word}:${mac}/${ip}`, 'binding', first, isHolding ? undefined : last)
    yield* linkTo(id, `${other}:${mac}/${ip}`, 'binding', first, last)
    if (owners.isGateway(mac) && isDeviceMac(mac))
      yield* linkTo(id, `gateway:${mac}`, 'binding', first)
  }
}

function* linkTo(
  assetId: string | undefined,
  key: string,
  kind: KeyKind,
  since: number,
  until?: number,
) {
  if (assetId !== undefined) yield { key, kind, assetId, since, until } satisfies KeyLink
}
