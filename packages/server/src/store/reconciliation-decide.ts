import {
  nativeKeyOf,
  Refusal,
  type DeclaredDevice,
  type Difference,
  type ReconciliationKind,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import { acceptValue } from './asset-values.ts'
import type { Trx } from './database.ts'
import { createDeclaredAssets, linkKeys } from './declared-assets.ts'
import { saveRecords } from './declared-records.ts'
import { lockRegrouping, lockResolution } from './merge.ts'
import type { ItemCandidate, ItemRecord } from './reconciliation.ts'
import { mergeByHand } from './regroup.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export type Decision =
  | 'link'
  | 'create'
  | 'merge'
  | 'take-declared'
  | 'take-observed'
  | 'retire'
  | 'missing'
  | 'not-connected'
  | 'dismiss'

/** The answers that make sense for a question. */
export const DECISIONS_OF: Readonly<Record<ReconciliationKind, readonly Decision[]>> = {
  ambiguous: ['link', 'create', 'dismiss'],
  clone: ['dismiss'],
  duplicate: ['link', 'create', 'dismiss'],
  ghost: ['link', 'missing', 'not-connected', 'retire', 'dismiss'],
  moved: ['take-declared', 'take-observed', 'dismiss'],
  proposal: ['create', 'link', 'dismiss'],
  'seen-twice': ['merge', 'dismiss'],
  stranger: ['link', 'create', 'dismiss'],
  vanished: ['retire', 'dismiss'],
  'wrong-model': ['take-declared', 'take-observed', 'dismiss'],
  'wrong-version': ['take-declared', 'take-observed', 'dismiss'],
}

/** Answers that lay keys to a device, or take them from one. */
const LAYS_KEYS: ReadonlySet<Decision> = new Set(['link', 'create', 'merge'])

/**
 * Keeps messages of observations out of these sites where the answer lays keys: what they read of the keys would be
 * outdated when they write. All sites at once, in one order and before any row is locked; an answer that lays no key keeps nobody
 * waiting until it is taken back.
 */
export async function holdKeys(
  trx: Trx,
  siteIds: readonly string[],
  decision: Decision | 'take-back',
): Promise<void> {
  if (decision !== 'take-back' && !LAYS_KEYS.has(decision)) return
  const sites = [...new Set(siteIds)].toSorted()
  for (const siteId of sites) await lockResolution(trx, siteId)
  if (decision !== 'create') for (const siteId of sites) await lockRegrouping(trx, siteId)
}

/** What an answer changed, so that it can be taken back. Kept with the question. */
export interface Effect {
  readonly assetIds: readonly string[]
  readonly recordsMade?: readonly string[]
  readonly recordsEnded?: readonly string[]
  readonly recordsMoved?: readonly { readonly id: string; readonly from: string }[]
  readonly accepted?: readonly string[]
  readonly states?: readonly { readonly assetId: string; readonly before: string }[]
  readonly linksEnded?: readonly string[]
  readonly mergeId?: string
}

interface Answer {
  readonly decision: Decision
  readonly assetId: string | undefined
  readonly by: string
  readonly reason: string
  readonly now: number
}

/** Does what the answer says; a rule that says no throws a Refusal. */
export async function carryOut(trx: Trx, item: ItemRecord, answer: Answer): Promise<Effect> {
  const kind = item.kind as ReconciliationKind
  if (item.state !== 'open')
    throw new Refusal('already-answered', [
      `"${item.title}" was answered by ${item.decided_by ?? 'the world'} already.`,
    ])
  if (!DECISIONS_OF[kind].includes(answer.decision))
    throw new Refusal('no-such-answer', [
      `"${item.title}" cannot be answered with ${answer.decision}.`,
    ])
  return await DEEDS[answer.decision](trx, item, answer)
}

type Deed = (trx: Trx, item: ItemRecord, answer: Answer) => Promise<Effect>

const DEEDS: Readonly<Record<Decision, Deed>> = {
  dismiss: (_trx, item) =>
    Promise.resolve({ assetIds: item.asset_id === null ? [] : [item.asset_id] }),
  link: linkItem,
  create: createFromItem,
  merge: mergeItem,
  'take-declared': (trx, item, answer) => acceptSide(trx, item, answer, ({ declared }) => declared),
  'take-observed': (trx, item, answer) => acceptSide(trx, item, answer, ({ observed }) => observed),
  missing: (trx, item) => setState(trx, item, 'missing'),
  retire: retireItem,
  'not-connected': async (trx, item, { by, reason, now }) => {
    const assetId = demandAsset(item)
    const id = newId()
    await acceptValue(trx, {
      id,
      siteId: item.site_id,
      assetId,
      attribute: 'connected',
      value: 'no',
      isLocked: false,
      by,
      reason,
      time: toDatabaseTime(now),
    })
    return { assetIds: [assetId], accepted: [id] }
  },
}

function demandAsset(item: ItemRecord): string {
  if (item.asset_id === null) throw new Refusal('no-device', [`"${item.title}" names no device.`])
  return item.asset_id
}

/** The device that a person chose, or the one that was suggested. */
function chosen(item: ItemRecord, { assetId }: Answer): string {
  const suggested = (item.candidates as readonly ItemCandidate[])[0]?.assetId
  const id = assetId ?? suggested
  if (id === undefined)
    throw new Refusal('nothing-to-link', [
      `For "${item.title}" nothing is suggested: open it and choose a device.`,
    ])
  return id
}

async function linkItem(trx: Trx, item: ItemRecord, answer: Answer): Promise<Effect> {
  const target = chosen(item, answer)
  const found = await trx
    .selectFrom('assets')
    .select('id')
    .where('id', '=', target)
    .where('site_id', '=', item.site_id)
    .where('merged_into', 'is', null)
    .executeTakeFirst()
  if (found === undefined)
    throw new Refusal('no-such-device', [
      'The device that was chosen is not at this site any more.',
    ])
  const said = await deviceOfItem(trx, item)
  if (said !== undefined) return await recordFor(trx, item, said, target, answer.now)
  const own = demandAsset(item)
  if (own === target) throw new Refusal('same-device', ['A device cannot be linked with itself.'])
  // The records go to the device that is seen; the one that only they made retires.
  const [ghost, seen] = item.kind === 'ghost' ? [own, target] : [target, own]
  return await moveRecords(trx, item.site_id, ghost, seen, answer.now)
}

interface Said {
  readonly source: string
  readonly nativeKey: string
  readonly body: DeclaredDevice
}

/** The record that a question is about, where it is not one of a device yet. */
async function deviceOfItem(trx: Trx, item: ItemRecord): Promise<Said | undefined> {
  if (item.kind === 'proposal') {
    const body = deviceOfProposal(item.differences as readonly Difference[])
    return { source: 'hand', nativeKey: nativeKeyOf(body) ?? `item:${item.id}`, body }
  }
  if (item.import_id === null || item.import_row === null) return undefined
  const row = await trx
    .selectFrom('import_rows')
    .innerJoin('imports', 'imports.id', 'import_rows.import_id')
    .select(['imports.source', 'import_rows.native_key', 'import_rows.device'])
    .where('import_id', '=', item.import_id)
    .where('row', '=', item.import_row)
    .executeTakeFirst()
  if (row === undefined || row.native_key === null || row.device === null) return undefined
  return { source: row.source, nativeKey: row.native_key, body: row.device as DeclaredDevice }
}

/** A proposal keeps its values as differences from nothing. */
export function deviceOfProposal(differences: readonly Difference[]): DeclaredDevice {
  const entries = differences.flatMap(({ attribute, declared }) => {
    if (declared === undefined) return []
    return [
      [
        attribute,
        attribute === 'macs' || attribute === 'ips' ? declared.split(' ') : declared,
      ] as const,
    ]
  })
  return Object.fromEntries(entries)
}

async function recordFor(
  trx: Trx,
  item: ItemRecord,
  { source, nativeKey, body }: Said,
  assetId: string,
  now: number,
): Promise<Effect> {
  const { site_id: siteId } = item
  const before = await trx
    .selectFrom('declared_records')
    .select(['id', 'asset_id'])
    .where('site_id', '=', siteId)
    .where('source', '=', source)
    .where('native_key', '=', nativeKey)
    .where('until', 'is', null)
    .executeTakeFirst()
  await saveRecords(trx, { siteId, source, importId: undefined, now }, [
    { nativeKey, assetId, body },
  ])
  await linkKeys(trx, siteId, [{ id: assetId, body }], now)
  const made = await trx
    .selectFrom('declared_records')
    .select('id')
    .where('site_id', '=', siteId)
    .where('source', '=', source)
    .where('native_key', '=', nativeKey)
    .where('until', 'is', null)
    .executeTakeFirstOrThrow()
  const isSame = made.id === before?.id
  return {
    assetIds: [
      ...new Set([
        assetId,
        ...(before?.asset_id === undefined || before.asset_id === null ? [] : [before.asset_id]),
      ]),
    ],
    recordsMade: isSame ? [] : [made.id],
    recordsEnded: before === undefined || isSame ? [] : [before.id],
  }
}

/** A row of a file or a proposal becomes a device of its own; a stranger gets a record by hand. */
async function createFromItem(trx: Trx, item: ItemRecord, answer: Answer): Promise<Effect> {
  const said = await deviceOfItem(trx, item)
  if (said !== undefined) {
    const id = newId()
    await createDeclaredAssets(trx, item.site_id, [{ id, body: said.body }], answer.now)
    return await recordFor(trx, item, said, id, answer.now)
  }
  const assetId = demandAsset(item)
  const asset = await trx
    .selectFrom('assets')
    .selectAll()
    .where('id', '=', assetId)
    .executeTakeFirstOrThrow()
  const body = Object.fromEntries(
    Object.entries({
      manufacturer: asset.manufacturer,
      model: asset.model,
      serial: asset.serial,
      type: asset.type,
      category: asset.category,
      macs: asset.macs.length === 0 ? null : asset.macs,
      connected: 'yes',
    }).filter(([, value]) => value !== null),
  ) as DeclaredDevice
  return await recordFor(
    trx,
    item,
    { source: 'hand', nativeKey: nativeKeyOf(body) ?? `item:${item.id}`, body },
    assetId,
    answer.now,
  )
}

/** The record that came later goes into the one that was there before. */
async function mergeItem(trx: Trx, item: ItemRecord, answer: Answer): Promise<Effect> {
  const from = demandAsset(item)
  const into = chosen(item, answer)
  const { by, reason, now } = answer
  const mergeId = await mergeByHand(trx, item.site_id, { from, into }, { by, reason }, now)
  return { assetIds: [into, from], mergeId }
}

async function moveRecords(
  trx: Trx,
  siteId: string,
  ghost: string,
  seen: string,
  now: number,
): Promise<Effect> {
  const { rows } = await sql<{ id: string }>`
    update declared_records set asset_id = ${seen} where site_id = ${siteId} and asset_id = ${ghost} and until is null returning id`.execute(
    trx,
  )
  if (rows.length === 0)
    throw new Refusal('no-record', [
      'The device that was never seen has no record any more; there is nothing to link.',
    ])
  const state = await trx
    .selectFrom('assets')
    .select('state')
    .where('id', '=', ghost)
    .executeTakeFirstOrThrow()
  await trx.updateTable('assets').set({ state: 'retired' }).where('id', '=', ghost).execute()
  const links = await sql<{
    id: string
  }>`update key_links set until = ${toDatabaseTime(now)} where asset_id = ${ghost} and until is null returning id`.execute(
    trx,
  )
  return {
    assetIds: [seen, ghost],
    recordsMoved: rows.map(({ id }) => ({ id, from: ghost })),
    states: [{ assetId: ghost, before: state.state }],
    linksEnded: links.rows.map(({ id }) => id),
  }
}

async function acceptSide(
  trx: Trx,
  item: ItemRecord,
  { by, reason, now }: Answer,
  side: (one: Difference) => string | undefined,
): Promise<Effect> {
  const assetId = demandAsset(item)
  const accepted: string[] = []
  for (const difference of item.differences as readonly Difference[]) {
    const value = side(difference)
    // An address is where a device is, not what somebody accepts; the answer alone is kept.
    if (value === undefined || difference.attribute === 'ip') continue
    const id = newId()
    await acceptValue(trx, {
      id,
      siteId: item.site_id,
      assetId,
      attribute: difference.attribute,
      value,
      isLocked: false,
      by,
      reason,
      time: toDatabaseTime(now),
    })
    if (difference.attribute === 'room')
      await trx.updateTable('assets').set({ room: value }).where('id', '=', assetId).execute()
    accepted.push(id)
  }
  return { assetIds: [assetId], accepted }
}

async function setState(trx: Trx, item: ItemRecord, state: string): Promise<Effect> {
  const assetId = demandAsset(item)
  const before = await trx
    .selectFrom('assets')
    .select('state')
    .where('id', '=', assetId)
    .executeTakeFirstOrThrow()
  await trx.updateTable('assets').set({ state }).where('id', '=', assetId).execute()
  return { assetIds: [assetId], states: [{ assetId, before: before.state }] }
}

async function retireItem(trx: Trx, item: ItemRecord, { now }: Answer): Promise<Effect> {
  const effect = item.asset_id === null ? { assetIds: [] } : await setState(trx, item, 'retired')
  if (item.kind !== 'vanished' || item.record_id === null) return effect
  await trx
    .updateTable('declared_records')
    .set({ until: toDatabaseTime(now) })
    .where('id', '=', item.record_id)
    .execute()
  return { ...effect, recordsEnded: [item.record_id] }
}
