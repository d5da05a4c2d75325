import {
  bearsOnAsset,
  findAddressChanges,
  keysOf,
  traitOf,
  resolve,
  type KeyLink,
  type Knowledge,
  type Trait,
  type ObservedFact,
  type Precedence,
  type Resolution,
} from '@wardkeeper/core'
import type { z } from 'zod'
import { saveTraits } from '../store/asset-traits.ts'
import { createAssets, touchAssets } from '../store/assets.ts'
import { tellChange } from '../store/changes.ts'
import type { Trx } from '../store/database.ts'
import { applyDeclarations } from '../store/declarations.ts'
import { addLinks, endLinks, loadLinks } from '../store/key-links.ts'
import { lockResolution, mergeAssets, splitAsset } from '../store/merge.ts'
import { addPresence, forgetReasons, loadSights, type Sight } from '../store/presence.ts'
import { loadSeparations } from '../store/regroup.ts'
import { saveObservations } from '../store/observations.ts'
import { identifyAssets, type Seen } from './identify-assets.ts'
import type { Marks } from './mark-observations.ts'
import { toDatabaseText, toIndexedText } from '../store/time.ts'
import { newId } from '../store/uuid.ts'
import { assetChanged, observationRecorded } from './messages.ts'
import type { Stage } from './stage.ts'

export interface ResolveSettings {
  readonly precedence?: Precedence
  readonly marks?: Marks
  /** Silence in ms that no device is called quiet for: who was seen longer ago is not seen again. */
  readonly longestQuiet?: number
}

/** Ties observations to assets and works out what each asset is. */
export function resolveAsset(
  knowledge: Knowledge,
  { precedence = {}, marks = { isComplete: false }, longestQuiet = Infinity }: ResolveSettings = {},
): Stage<z.infer<typeof observationRecorded>> {
  let ahead: { readonly of: object; readonly ready: Ready } | undefined
  const readyOf = (payload: z.infer<typeof observationRecorded>) => {
    const known = ahead?.of === payload ? ahead : undefined
    ahead = undefined
    return known === undefined ? makeReady(payload.facts, knowledge) : known.ready
  }
  return {
    name: 'resolve-asset',
    consumes: ['observation.recorded'],
    payload: observationRecorded,
    prepare: (payload) =>
      void (ahead = { of: payload, ready: makeReady(payload.facts, knowledge) }),
    async handle(trx, told, message, meanwhile) {
      const { siteId } = told
      const { facts, keys, bears, traits: shown } = readyOf(told)
      const now = Date.now()
      // Two batches of one site that run at once could both create the same asset.
      await lockResolution(trx, siteId)
      const links = await loadLinks(trx, siteId, keys)
      const apart = await loadSeparations(trx, [...new Set(links.map(({ assetId }) => assetId))])
      const resolution = resolve(facts, links, newId, { apart })
      await saveResolution(trx, siteId, resolution, now)
      const owned = facts.map((fact, index) => ({
        fact,
        assetId: resolution.assetOf[index],
        bears: bears[index] ?? true,
      }))
      const seen = seenOf(owned)
      const sights = await loadSights(trx, [...seen.keys()])
      const since = now - longestQuiet
      await notePresence(trx, siteId, { links, resolution, seen, sights, since })
      const numbers = new Map([...sights].map(([id, { number }]) => [id, number]))
      const fresh = await saveObservations(trx, siteId, owned, { numbers, meanwhile })
      const changed = changedAssets(resolution, fresh)
      await saveTraits(trx, siteId, traitsOf(shown, resolution))
      await touchAssets(trx, onlySeen(seen, sights, changed))
      const isRegrouped = resolution.merged.length > 0 || resolution.split.length > 0
      const choice = { bearing: marks.isComplete && !isRegrouped }
      await identifyAssets(trx, siteId, changed, { knowledge, precedence, now, seen, choice })
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
      await identifyAssets(trx, siteId, ids, { knowledge, precedence, now: Date.now() })
      await applyDeclarations(trx, siteId, ids)
      await tellChange(trx, 'asset.changed', siteId, ids)
      return [
        { subject: 'asset.changed', id: `asset/${message.id}`, payload: { siteId, assetIds: ids } },
      ]
    },
  }
}

/** What can be said of facts without the database. */
interface Ready {
  readonly facts: readonly ObservedFact[]
  readonly keys: readonly string[]
  readonly bears: readonly boolean[]
  /** By the place of the fact. */
  readonly traits: ReadonlyMap<number, Trait>
}

function makeReady(told: readonly ObservedFact[], knowledge: Knowledge): Ready {
  const facts = told.map(fitFact)
  const keys = new Set<string>()
  const traits = new Map<number, Trait>()
  for (const [place, fact] of facts.entries()) {
    for (const { key } of keysOf(fact)) keys.add(key)
    const trait = traitOf(fact)
    if (trait !== undefined) traits.set(place, trait)
  }
  const bears = facts.map((fact) => bearsOnAsset(fact, knowledge))
  return { facts, keys: [...keys], bears, traits }
}

function traitsOf(shown: Ready['traits'], { assetOf }: Resolution) {
  return [...shown].flatMap(([place, trait]) => {
    const assetId = assetOf[place]
    return assetId === undefined ? [] : [{ assetId, ...trait }]
  })
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

function seenOf(
  owned: readonly { readonly fact: ObservedFact; readonly assetId: string | undefined }[],
): ReadonlyMap<string, Seen> {
  const seen = new Map<string, { first: number; last: number }>()
  for (const { fact, assetId } of owned) {
    if (assetId === undefined) continue
    const { first, last } = fact
    const before = seen.get(assetId)
    if (before === undefined) seen.set(assetId, { first, last })
    else {
      before.first = Math.min(before.first, first)
      before.last = Math.max(before.last, last)
    }
  }
  return seen
}

interface Resolved {
  readonly links: readonly KeyLink[]
  readonly resolution: Resolution
  readonly seen: ReadonlyMap<string, Seen>
  readonly sights: ReadonlyMap<string, Sight>
  /** A sight that is older does not say that a device is there. */
  readonly since: number
}

/** Writes down who is new, who is there again and who has another address. */
async function notePresence(
  trx: Trx,
  siteId: string,
  { links, resolution, seen, sights, since }: Resolved,
): Promise<void> {
  const timeOf = (id: string) => seen.get(id)?.first ?? Date.now()
  const known = [...seen.keys()]
  const absent = known.filter((id) => sights.get(id)?.isAbsent)
  await forgetReasons(
    trx,
    known.filter((id) => sights.get(id)?.hasReason && (seen.get(id)?.last ?? 0) > since),
  )
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

/** Assets that were seen again and need not be worked out, with the times that say more than was known. */
function onlySeen(
  seen: ReadonlyMap<string, Seen>,
  sights: ReadonlyMap<string, Sight>,
  changed: readonly string[],
): ReadonlyMap<string, Seen> {
  const done = new Set(changed)
  return new Map(
    [...seen].filter(([id, { first, last }]) => {
      const sight = sights.get(id)
      return !done.has(id) && (sight === undefined || last > sight.last || first < sight.first)
    }),
  )
}
