import {
  classChangeOf,
  identify,
  labelOf,
  type KeyLink,
  type Knowledge,
  type ObservedFact,
  type Precedence,
  type Standing,
} from '@wardkeeper/core'
import { weaveDeclared } from '../store/asset-values.ts'
import { loadStanding, saveSeenAssets, type SeenAsset } from '../store/assets.ts'
import { loadVotes, type TimedVote } from '../store/behaviour-votes.ts'
import { loadClaims, saveClaims } from '../store/claims.ts'
import type { Trx } from '../store/database.ts'
import { linksOfAssets } from '../store/key-links.ts'
import { loadFacts, type FactChoice } from '../store/observations.ts'
import { addPresence } from '../store/presence.ts'
import { TOUCH_EVERY_MS } from '../store/sights.ts'
import { together } from '../store/together.ts'

/** From when to when a batch saw an asset. */
export interface Seen {
  readonly first: number
  readonly last: number
}

/** What assets are worked out with. */
interface Grounds {
  readonly knowledge: Knowledge
  readonly precedence: Precedence
  readonly now: number
  /** Times of the batch in hand, of which not every fact is read again. */
  readonly seen?: ReadonlyMap<string, Seen>
  readonly choice?: FactChoice
}

/** Works out what each asset is, from what was seen of it and what is said of it. */
export async function identifyAssets(
  trx: Trx,
  siteId: string,
  assetIds: readonly string[],
  { knowledge, precedence, now, seen, choice = {} }: Grounds,
): Promise<void> {
  if (assetIds.length === 0) return
  const [facts, current, standing, votes] = await together(
    loadFacts(trx, assetIds, choice),
    linksOfAssets(trx, assetIds),
    loadStanding(trx, assetIds),
    loadVotes(trx, assetIds),
  )
  const links = Map.groupBy(current, ({ assetId }) => assetId)
  const told = assetIds.map((id) => {
    const of = { facts: facts.get(id) ?? [], links: links.get(id) ?? [], seen: seen?.get(id) }
    return describe(id, of, knowledge, now, { standing: standing.get(id), vote: votes.get(id) })
  })
  const woven = await weaveDeclared(trx, siteId, told, precedence)
  const claims = new Map(woven.map((asset) => [asset.id, asset.claims]))
  const before = await loadClaims(trx, assetIds)
  // What was seen before may be newer than the sight by as long as that is not written.
  const slack = seen === undefined ? TOUCH_EVERY_MS : 0
  await together(saveSeenAssets(trx, woven, slack), saveClaims(trx, siteId, claims, now, before))
  await addPresence(trx, siteId, classChanges(woven, standing))
}

/** What a batch shows of assets that it is the first to show: nothing is stored of them, and nobody said anything. */
export interface FirstSight {
  readonly facts: ReadonlyMap<string, readonly ObservedFact[]>
  readonly links: readonly KeyLink[]
  readonly seen: ReadonlyMap<string, Seen>
}

/** Works out assets that are new, without the database. */
export function describeNew(
  assetIds: readonly string[],
  { facts, links, seen }: FirstSight,
  { knowledge, now }: Pick<Grounds, 'knowledge' | 'now'>,
): readonly SeenAsset[] {
  const current = links
    .filter(({ until }) => until === undefined)
    .toSorted((a, b) => a.since - b.since || (a.key < b.key ? -1 : 1))
  const ownLinks = Map.groupBy(current, ({ assetId }) => assetId)
  return assetIds.map((id) => {
    const of = { facts: facts.get(id) ?? [], links: ownLinks.get(id) ?? [], seen: seen.get(id) }
    return describe(id, of, knowledge, now, { standing: undefined })
  })
}

/** Devices that are another kind of device than they were: somebody took over an address, or we were wrong. */
function classChanges(assets: readonly SeenAsset[], standing: ReadonlyMap<string, Standing>) {
  return assets.flatMap(({ id, claims, lastSeen }) => {
    const detail = classChangeOf(standing.get(id) ?? {}, claims)
    return detail === undefined
      ? []
      : [{ assetId: id, kind: 'class-changed' as const, time: lastSeen, detail }]
  })
}

interface Material {
  readonly facts: readonly ObservedFact[]
  readonly links: readonly { readonly key: string; readonly kind: string }[]
  readonly seen: Seen | undefined
}

function describe(
  id: string,
  { facts, links, seen }: Material,
  knowledge: Knowledge,
  now: number,
  {
    standing,
    vote,
  }: { readonly standing: Standing | undefined; readonly vote?: TimedVote | undefined },
): SeenAsset {
  const valuesOf = (kind: string) =>
    links.filter((link) => link.kind === kind).map(({ key }) => key.slice(kind.length + 1))
  const macs = valuesOf('mac')
  // The newest address first.
  const ips = valuesOf('ip').toReversed()
  const { claims, names } = identify(facts, knowledge, macs, standing, vote)
  return {
    id,
    label: labelOf(claims, names, ips, macs),
    macs,
    ips,
    names,
    hostname: names['dhcp'] ?? names['mdns'] ?? names['nbns'] ?? Object.values(names)[0],
    claims,
    firstSeen: facts.reduce(
      (first, fact) => Math.min(first, fact.first),
      Math.min(now, seen?.first ?? now),
    ),
    lastSeen: facts.reduce((last, fact) => Math.max(last, fact.last), seen?.last ?? 0),
  }
}
