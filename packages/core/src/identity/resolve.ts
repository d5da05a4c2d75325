import type { KeyLink, ObservedFact } from '../vocabulary.ts'
import { isDeviceMac, isPrivateIp } from './address.ts'
import { groupFacts } from './grouping.ts'
import type { Grouping } from './grouping.ts'
import { changeLinks } from './links.ts'

/** What `resolve` decided. Applying `ended` and `linked` to the links of before gives the links of now. */
export interface Resolution {
  /** For each fact its asset; undefined for what is none (a shared router address, a host on the internet). */
  readonly assetOf: readonly (string | undefined)[]
  readonly created: readonly string[]
  /** New links; one with `until` set is history that the facts told of. */
  readonly linked: readonly KeyLink[]
  /** Links of `known` that ended, with `until` set. */
  readonly ended: readonly KeyLink[]
  readonly merged: readonly {
    readonly into: string
    readonly from: string
    readonly because: string
  }[]
  /** Facts of asset `from` about address `ip` belong to `into`: a router had been taken for a host behind it. */
  readonly split: readonly { readonly from: string; readonly into: string; readonly ip: string }[]
}

export interface ResolveSettings {
  /** Addresses that may become assets although no MAC of theirs is seen; private ones by default. */
  readonly isLocal?: (ip: string) => boolean
  /** Pairs of assets that a person keeps apart: no key that both state makes them one. */
  readonly apart?: readonly (readonly [string, string])[]
}

/**
 * Ties facts to assets: one device, one record. Pure, and within one call independent of the order of the facts.
 *
 * `known` holds every current link of every key that `keysOf` gives for these facts, and all current links of the
 * assets that those point to. Two assets become one only over a key that no two devices share, or when an asset that
 * was known by its address alone turns out to be the one whose MAC holds it.
 */
export function resolve(
  facts: readonly ObservedFact[],
  known: readonly KeyLink[],
  newId: () => string,
  settings: ResolveSettings = {},
): Resolution {
  const current = known.filter(({ until }) => until === undefined)
  const apart = new Set(
    (settings.apart ?? []).flatMap(([one, other]) => [`${one} ${other}`, `${other} ${one}`]),
  )
  const grouping = groupFacts(facts, current, settings.isLocal ?? isPrivateIp, apart)
  const { idOf, created, merged } = nameGroups(grouping, current, newId)
  const split = grouping.lost.flatMap(({ assetId, ip, node }) => {
    const [from, into] = [idOf(`asset:${assetId}`), idOf(node)]
    return from === undefined || into === undefined || from === into ? [] : [{ from, into, ip }]
  })
  return {
    assetOf: grouping.nodeOf.map((node) => (node === undefined ? undefined : idOf(node))),
    created,
    merged,
    split,
    ...changeLinks(grouping, current, facts, idOf),
  }
}

/** Gives every group the id of its oldest asset, or a new one. */
function nameGroups(
  { parts, owners, lost, nodeOf, reasons }: Grouping,
  known: readonly KeyLink[],
  newId: () => string,
) {
  const ids = new Map<string, string>()
  const created: string[] = []
  const merged: { into: string; from: string; because: string }[] = []
  for (const assetId of assetsByAge(known)) {
    const root = parts.find(`asset:${assetId}`)
    const into = ids.get(root)
    if (into === undefined) ids.set(root, assetId)
    else merged.push({ into, from: assetId, because: reasonFor(root, parts, reasons) })
  }
  const macs = owners.sights.map(({ mac }) => mac).filter((mac) => isDeviceMac(mac))
  const others = [...macs.map((mac) => `mac:${mac}`), ...lost.map(({ node }) => node)]
  const nodes = new Set([...nodeOf, ...others])
  for (const node of nodes) {
    if (node === undefined || ids.has(parts.find(node))) continue
    const id = newId()
    ids.set(parts.find(node), id)
    created.push(id)
  }
  // Nothing is joined any more, and ten facts ask for one node.
  const idOfNode = new Map([...nodes].map((node) => [node, ids.get(parts.find(node ?? ''))]))
  const idOf = (node: string) =>
    idOfNode.has(node) ? idOfNode.get(node) : ids.get(parts.find(node))
  return { created, merged, idOf }
}

function assetsByAge(known: readonly KeyLink[]): readonly string[] {
  const since = new Map<string, number>()
  for (const link of known)
    since.set(link.assetId, Math.min(link.since, since.get(link.assetId) ?? Infinity))
  const byAge = [...since].toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
  return byAge.map(([assetId]) => assetId)
}

function reasonFor(root: string, parts: Grouping['parts'], reasons: Grouping['reasons']): string {
  const found = [...reasons].filter(([key]) => parts.find(key) === root).map(([, reason]) => reason)
  return found.toSorted().join('; ')
}
