import {
  addressKeys,
  bearsOnAsset,
  findAddressChanges,
  keysOf,
  rememberedFor,
  resolve,
  statedKeys,
  traitOf,
  type KeyLink,
  type Knowledge,
  type Trait,
  type ObservedFact,
  type Precedence,
  type Resolution,
} from '@wardkeeper/core'
import type { z } from 'zod'
import { saveTraits } from '../store/asset-traits.ts'
import { addSeenAssets, createAssets, lockAssets, type SeenAsset } from '../store/assets.ts'
import { tellChange } from '../store/changes.ts'
import { saveClaims } from '../store/claims.ts'
import type { Trx } from '../store/database.ts'
import { applyDeclarations } from '../store/declarations.ts'
import { addLinks, endLinks } from '../store/key-links.ts'
import { lockRegrouping, lockResolution, mergeAssets, splitAsset } from '../store/merge.ts'
import { addPresence, forgetReasons } from '../store/presence.ts'
import { loadSeparations } from '../store/regroup.ts'
import { subjectKey } from '../store/observation-names.ts'
import { findNumbers } from '../store/observation-rows.ts'
import { factsInHand, saveObservations } from '../store/observations.ts'
import { locksOfMessage, takeReach } from '../store/reach.ts'
import {
  loadSights,
  saveFirstSights,
  saveSights,
  TOUCH_EVERY_MS,
  type Sight,
} from '../store/sights.ts'
import { keepNews } from './expect-news.ts'
import { describeNew, identifyAssets, type Seen } from './identify-assets.ts'
import type { Marks } from './mark-observations.ts'
import { toDatabaseText, toIndexedText } from '../store/time.ts'
import { together } from '../store/together.ts'
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
  const ahead = new WeakMap<object, Ready>()
  const readyOf = (payload: z.infer<typeof observationRecorded>) => {
    const ready = ahead.get(payload)
    ahead.delete(payload)
    return ready ?? makeReady(payload.facts, knowledge)
  }
  let most: number | undefined
  const news = keepNews()
  return {
    name: 'resolve-asset',
    consumes: ['observation.recorded'],
    payload: observationRecorded,
    course: 'ahead',
    prepare: (payload) => void ahead.set(payload, makeReady(payload.facts, knowledge)),
    async handle(trx, told, message, turn) {
      const { siteId } = told
      const { facts, keys, strangers, bears, traits: shown } = readyOf(told)
      const now = Date.now()
      most ??= await locksOfMessage(trx)
      const wanted = { keys, strangers }
      const { owners, links } = await takeReach(trx, siteId, wanted, { most, before: turn?.before })
      const [apart, ownSights, named] = await together(
        loadSeparations(trx, owners),
        loadSights(trx, owners),
        findNumbers(trx, siteId, facts),
      )
      // From here on nothing is written that the next message could wait for, unless it is about the same devices.
      turn?.release()
      const resolution = resolve(facts, links, newId, { apart })
      const owned = facts.map((fact, index) => ({
        fact,
        assetId: resolution.assetOf[index],
        bears: bears[index] ?? true,
      }))
      const seen = seenOf(owned)
      const isRegrouped = resolution.merged.length > 0 || resolution.split.length > 0
      const choice = { bearing: marks.isComplete && !isRegrouped }
      if (isRegrouped) await lockRegrouping(trx, siteId)
      const isNew = new Set(addedBy(resolution))
      const shownFirst = owned.filter(({ assetId }) => assetId !== undefined && isNew.has(assetId))
      const sight = { facts: factsInHand(shownFirst, choice), links: resolution.linked, seen }
      const added = describeNew([...isNew], sight, { knowledge, now })
      await saveResolution(trx, siteId, { resolution, added }, now)
      // What a merge or a split changed is looked at again.
      const others = [...seen.keys()].filter((id) => isRegrouped || !ownSights.has(id))
      const sights = new Map([...ownSights, ...(await loadSights(trx, others))])
      const numbers = new Map([...sights].map(([id, { number }]) => [id, number]))
      const source = `${siteId} ${toIndexedText(told.sensor)}`
      const { fresh, wereNew } = await saveObservations(trx, siteId, owned, {
        numbers,
        named,
        areNew: news.isExpected(source),
        meanwhile: turn?.meanwhile,
      })
      news.note(source, wereNew)
      const changed = changedAssets(resolution, fresh)
      const known = changed.filter((id) => !isNew.has(id))
      const { again, earlier, back } = onlySeen(seen, sights, changed)
      const forgiven = forgivenBy(seen, sights, now - longestQuiet)
      await lockAssets(trx, [...new Set([...known, ...earlier.keys(), ...back, ...forgiven])])
      await forgetReasons(trx, forgiven)
      await notePresence(trx, siteId, { links, resolution, seen, sights })
      await saveTraits(trx, siteId, traitsOf(shown, resolution))
      if (turn !== undefined) setImmediate(turn.meanwhile)
      await saveSights(trx, again)
      await saveFirstSights(trx, earlier)
      await identifyAssets(trx, siteId, known, { knowledge, precedence, now, seen, choice })
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
      await lockAssets(trx, assetIds)
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
  /** Whom facts are about that give no key. */
  readonly strangers: readonly string[]
  readonly bears: readonly boolean[]
  /** By the place of the fact. */
  readonly traits: ReadonlyMap<number, Trait>
}

function makeReady(told: readonly ObservedFact[], knowledge: Knowledge): Ready {
  const facts = told.map(fitFact)
  const keys = new Set<string>()
  const strangers = new Set<string>()
  const traits = new Map<number, Trait>()
  const keysOfSubject = rememberedFor((subject: ObservedFact['subject']) => {
    const own = addressKeys(subject)
    for (const { key } of own) keys.add(key)
    return own
  })
  for (const [place, fact] of facts.entries()) {
    const stated = statedKeys(fact)
    for (const { key } of stated) keys.add(key)
    if (keysOfSubject(fact.subject).length + stated.length === 0)
      strangers.add(subjectKey(fact.subject))
    const trait = traitOf(fact)
    if (trait !== undefined) traits.set(place, trait)
  }
  const bears = facts.map((fact) => bearsOnAsset(fact, knowledge))
  return { facts, keys: [...keys], strangers: [...strangers], bears, traits }
}

function traitsOf(shown: Ready['traits'], { assetOf }: Resolution) {
  return [...shown].flatMap(([place, trait]) => {
    const assetId = assetOf[place]
    return assetId === undefined ? [] : [{ assetId, ...trait }]
  })
}

const VALUE_LETTERS = 4000
/** What is new has no claims yet. */
const NONE: ReadonlyMap<string, readonly never[]> = new Map()

/** The wire may tell anything at any length; a key must fit into an index. */
function fitFact(fact: ObservedFact): ObservedFact {
  if (toIndexedText(fact.value) === fact.value) return fact
  const value = toDatabaseText(toDatabaseText(fact.value).slice(0, VALUE_LETTERS))
  const fitting = { ...fact, value }
  const isKey = keysOf(fitting).some(({ kind }) => kind !== 'mac' && kind !== 'ip')
  return isKey ? { ...fact, value: toIndexedText(value) } : fitting
}

/** New assets of which all that there is to know is in the batch. */
function addedBy({ created, split }: Resolution): readonly string[] {
  // Those to which facts of another asset move are worked out from what is stored then.
  const filled = new Set(split.map(({ into }) => into))
  return created.filter((id) => !filled.has(id))
}

async function saveResolution(
  trx: Trx,
  siteId: string,
  { resolution, added }: { readonly resolution: Resolution; readonly added: readonly SeenAsset[] },
  now: number,
): Promise<void> {
  const { created, merged, split } = resolution
  const isAdded = new Set(added.map(({ id }) => id))
  await createAssets(
    trx,
    siteId,
    created.filter((id) => !isAdded.has(id)),
    now,
  )
  await addSeenAssets(trx, siteId, added)
  await saveClaims(trx, siteId, new Map(added.map(({ id, claims }) => [id, claims])), now, NONE)
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
}

/** Who was excused for not being seen and is there again; a sight before `since` does not say so. */
function forgivenBy(
  seen: ReadonlyMap<string, Seen>,
  sights: ReadonlyMap<string, Sight>,
  since: number,
): readonly string[] {
  return [...seen].flatMap(([id, { last }]) =>
    sights.get(id)?.hasReason && last > since ? [id] : [],
  )
}

/** Writes down who is new, who is there again and who has another address. */
async function notePresence(
  trx: Trx,
  siteId: string,
  { links, resolution, seen, sights }: Resolved,
): Promise<void> {
  const timeOf = (id: string) => seen.get(id)?.first ?? Date.now()
  const known = [...seen.keys()]
  // Something older of a device that is missing does not bring it back.
  const absent = known.filter((id) => {
    const sight = sights.get(id)
    return sight?.isAbsent === true && (seen.get(id)?.last ?? 0) > sight.last
  })
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

interface OnlySeen {
  /** When they were last seen, where that is worth a row. */
  readonly again: ReadonlyMap<string, number>
  /** Since when they are known, where that is earlier than it was. */
  readonly earlier: ReadonlyMap<string, number>
  /** Of `again` those that were not there. */
  readonly back: readonly string[]
}

/** Assets that were seen and need not be worked out. */
function onlySeen(
  seen: ReadonlyMap<string, Seen>,
  sights: ReadonlyMap<string, Sight>,
  changed: readonly string[],
): OnlySeen {
  const done = new Set(changed)
  const rest = [...seen].filter(([id]) => !done.has(id) && sights.has(id))
  const isLater = ([id, { last }]: (typeof rest)[number]) => {
    const { last: known = 0, isAbsent = false } = sights.get(id) ?? {}
    return last > known + (isAbsent ? 0 : TOUCH_EVERY_MS)
  }
  const again = new Map(rest.filter(isLater).map(([id, { last }]) => [id, last]))
  const earlier = rest.filter(([id, { first }]) => first < (sights.get(id)?.first ?? 0))
  return {
    again,
    earlier: new Map(earlier.map(([id, { first }]) => [id, first])),
    back: [...again.keys()].filter((id) => sights.get(id)?.isAbsent),
  }
}
