import {
  bearsOnAsset,
  findAddressChanges,
  identify,
  keysOf,
  labelOf,
  resolve,
  type KeyLink,
  type Knowledge,
  type ObservedFact,
  type Precedence,
  type Resolution,
  type Standing,
} from '@wardkeeper/core'
import type { z } from 'zod'
import { weaveDeclared } from '../store/asset-values.ts'
import {
  createAssets,
  loadStanding,
  saveSeenAssets,
  touchAssets,
  type SeenAsset,
} from '../store/assets.ts'
import { tellChange } from '../store/changes.ts'
import { saveClaims } from '../store/claims.ts'
import type { Trx } from '../store/database.ts'
import { applyDeclarations } from '../store/declarations.ts'
import { addLinks, endLinks, linksOfAssets, loadLinks } from '../store/key-links.ts'
import { lockResolution, mergeAssets, splitAsset } from '../store/merge.ts'
import { addPresence, findAbsent, forgetReasons } from '../store/presence.ts'
import { loadSeparations } from '../store/regroup.ts'
import { loadFacts, saveObservations } from '../store/observations.ts'
import { toDatabaseText, toIndexedText } from '../store/time.ts'
import { newId } from '../store/uuid.ts'
import { assetChanged, observationRecorded } from './messages.ts'
import type { Stage } from './stage.ts'

/** Ties observations to assets and works out what each asset is. */
export function resolveAsset(
  knowledge: Knowledge,
  precedence: Precedence = {},
): Stage<z.infer<typeof observationRecorded>> {
  return {
    name: 'resolve-asset',
    consumes: ['observation.recorded'],
    payload: observationRecorded,
    async handle(trx, { siteId, facts: told }, message) {
      const facts = told.map(fitFact)
      const now = Date.now()
      // Two batches of one site that run at once could both create the same asset.
      await lockResolution(trx, siteId)
      const keys = [...new Set(facts.flatMap((fact) => keysOf(fact).map(({ key }) => key)))]
      const links = await loadLinks(trx, siteId, keys)
      const apart = await loadSeparations(trx, [...new Set(links.map(({ assetId }) => assetId))])
      const resolution = resolve(facts, links, newId, { apart })
      await saveResolution(trx, siteId, resolution, now)
      const owned = facts.map((fact, index) => ({ fact, assetId: resolution.assetOf[index] }))
      await notePresence(trx, siteId, { links, resolution, owned })
      const { bearing = [], other = [] } = Object.groupBy(owned, ({ fact }) =>
        bearsOnAsset(fact, knowledge) ? 'bearing' : 'other',
      )
      const fresh = await saveObservations(trx, siteId, bearing)
      await saveObservations(trx, siteId, other)
      const changed = changedAssets(resolution, fresh)
      await touchAssets(trx, lastSeen(owned, changed))
      await identifyAssets(trx, siteId, changed, knowledge, now, precedence)
      await applyDeclarations(trx, siteId, changed)
      await tellChange(trx, 'asset.changed', siteId, changed)
      if (changed.length === 0) return []
      const payload = { siteId, assetIds: changed }
      return [{ subject: 'asset.changed', id: `asset/${message.id}`, payload }]
    },
  }
}

/** Works assets out again after a person changed what belongs to them. */
export function identifyAsset(
  knowledge: Knowledge,
  precedence: Precedence = {},
): Stage<z.infer<typeof assetChanged>> {
  return {
    name: 'identify-asset',
    consumes: ['asset.regrouped'],
    payload: assetChanged,
    async handle(trx, { siteId, assetIds }, message) {
      await lockResolution(trx, siteId)
      const whole = await trx
        .selectFrom('assets')
        .select('id')
        .where('id', 'in', assetIds)
        .where('merged_into', 'is', null)
        .execute()
      const ids = whole.map(({ id }) => id)
      await identifyAssets(trx, siteId, ids, knowledge, Date.now(), precedence)
      await applyDeclarations(trx, siteId, ids)
      await tellChange(trx, 'asset.changed', siteId, ids)
      return [
        { subject: 'asset.changed', id: `asset/${message.id}`, payload: { siteId, assetIds: ids } },
      ]
    },
  }
}

const VALUE_LETTERS = 4000

/** The wire may tell anything at any length; a key must fit into an index. */
function fitFact(fact: ObservedFact): ObservedFact {
  if (toIndexedText(fact.value) === fact.value) return fact
  const value = toDatabaseText(toDatabaseText(fact.value).slice(0, VALUE_LETTERS))
  const fitting = { ...fact, value }
  const isKey = keysOf(fitting).some(({ kind }) => kind !== 'mac' && kind !== 'ip')
  return isKey ? { ...fact, value: toIndexedText(value) } : fitting
}

async function saveResolution(
  trx: Trx,
  siteId: string,
  resolution: Resolution,
  now: number,
): Promise<void> {
  const { created, merged, split } = resolution
  await createAssets(trx, siteId, created, now)
  // A merge moves the links of the asset that goes; what remains to be changed is told of the one that stays.
  for (const merge of merged) await mergeAssets(trx, siteId, merge, now)
  const heirOf = new Map(merged.map(({ from, into }) => [from, into]))
  const moved = new Set(merged.map(({ into }) => into))
  const linked = new Set(resolution.linked.map(({ key, assetId }) => `${assetId} ${key}`))
  const ended = resolution.ended.flatMap((link) => {
    const assetId = heirOf.get(link.assetId) ?? link.assetId
    const isOnlyMoved =
      heirOf.has(link.assetId) && moved.has(assetId) && linked.has(`${assetId} ${link.key}`)
    return isOnlyMoved ? [] : [{ ...link, assetId }]
  })
  await endLinks(trx, siteId, ended)
  await addLinks(trx, siteId, resolution.linked)
  for (const part of split) await splitAsset(trx, part)
}

interface Resolved {
  readonly links: readonly KeyLink[]
  readonly resolution: Resolution
  readonly owned: readonly { readonly fact: ObservedFact; readonly assetId: string | undefined }[]
}

/** Writes down who is new, who is there again and who has another address. */
async function notePresence(
  trx: Trx,
  siteId: string,
  { links, resolution, owned }: Resolved,
): Promise<void> {
  const first = new Map<string, number>()
  for (const { fact, assetId } of owned)
    if (assetId !== undefined)
      first.set(assetId, Math.min(fact.first, first.get(assetId) ?? Infinity))
  const timeOf = (id: string) => first.get(id) ?? Date.now()
  const absent = await findAbsent(trx, [...first.keys()])
  await forgetReasons(trx, [...first.keys()])
  await addPresence(trx, siteId, [
    ...resolution.created.map((assetId) => ({
      assetId,
      kind: 'joined' as const,
      time: timeOf(assetId),
      detail: 'Seen for the first time',
    })),
    ...absent.map((assetId) => ({
      assetId,
      kind: 'returned' as const,
      time: timeOf(assetId),
      detail: 'Seen again',
    })),
    ...findAddressChanges(links, resolution.linked),
  ])
}

function changedAssets(resolution: Resolution, fresh: ReadonlySet<string>): readonly string[] {
  const gone = new Set(resolution.merged.map(({ from }) => from))
  const changed = [
    ...fresh,
    ...resolution.created,
    ...resolution.linked.map(({ assetId }) => assetId),
    ...resolution.ended.map(({ assetId }) => assetId),
    ...resolution.merged.map(({ into }) => into),
    ...resolution.split.flatMap(({ from, into }) => [from, into]),
  ]
  return [...new Set(changed)].filter((id) => !gone.has(id)).toSorted()
}

function lastSeen(
  owned: readonly { readonly fact: ObservedFact; readonly assetId: string | undefined }[],
  changed: readonly string[],
): ReadonlyMap<string, number> {
  const done = new Set(changed)
  const seen = new Map<string, number>()
  for (const { fact, assetId } of owned) {
    if (assetId === undefined || done.has(assetId)) continue
    seen.set(assetId, Math.max(seen.get(assetId) ?? 0, fact.last))
  }
  return seen
}

/** Works out what each asset is, from what was seen of it and what is said of it. */
export async function identifyAssets(
  trx: Trx,
  siteId: string,
  assetIds: readonly string[],
  knowledge: Knowledge,
  now: number,
  precedence: Precedence,
): Promise<void> {
  const facts = await loadFacts(trx, assetIds)
  const links = Map.groupBy(await linksOfAssets(trx, assetIds), ({ assetId }) => assetId)
  const standing = await loadStanding(trx, assetIds)
  const told = assetIds.map((id) =>
    describe(id, facts.get(id) ?? [], links.get(id) ?? [], knowledge, now, standing.get(id)),
  )
  const seen = await weaveDeclared(trx, siteId, told, precedence)
  await saveSeenAssets(trx, siteId, seen)
  await saveClaims(trx, siteId, new Map(seen.map(({ id, claims }) => [id, claims])), now)
}

function describe(
  id: string,
  facts: readonly ObservedFact[],
  links: readonly { readonly key: string; readonly kind: string }[],
  knowledge: Knowledge,
  now: number,
  standing: Standing | undefined,
): SeenAsset {
  const valuesOf = (kind: string) =>
    links.filter((link) => link.kind === kind).map(({ key }) => key.slice(kind.length + 1))
  const macs = valuesOf('mac')
  // The newest address first.
  const ips = valuesOf('ip').toReversed()
  const { claims, names } = identify(facts, knowledge, macs, standing)
  return {
    id,
    label: labelOf(claims, names, ips, macs),
    macs,
    ips,
    names,
    hostname: names['dhcp'] ?? names['mdns'] ?? names['nbns'] ?? Object.values(names)[0],
    claims,
    firstSeen: facts.reduce((first, fact) => Math.min(first, fact.first), now),
    lastSeen: facts.reduce((last, fact) => Math.max(last, fact.last), 0),
  }
}
