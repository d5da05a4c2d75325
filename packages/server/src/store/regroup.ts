import { Refusal } from '@wardkeeper/core'
import { sql } from 'kysely'
import { actAs } from './act-as.ts'
import { createAssets } from './assets.ts'
import type { Executor, Trx } from './database.ts'
import { plainTables, restore, touchedBy } from './merge-record.ts'
import { lockRegrouping, lockResolution, mergeAssets, takeBackObservations } from './merge.ts'
import { newId } from './uuid.ts'

/** Who decides, and why. */
export interface Decision {
  readonly by: string
  readonly reason: string
}

export interface MergeRecord {
  readonly id: string
  readonly site_id: string
  readonly into_id: string
  readonly from_id: string
  readonly kind: string
  readonly because: string
  readonly by_name: string
  readonly created_at: number
  readonly undone_at: number | null
  readonly undone_by: string | null
  readonly undone_because: string | null
}

/** Merges and splits that an asset took part in, newest first. */
export async function listMerges(
  db: Executor,
  assetId: string,
): Promise<readonly (MergeRecord & { from_label: string; into_label: string })[]> {
  const { rows } = await sql<MergeRecord & { from_label: string; into_label: string }>`
    select m.*, f.label as from_label, i.label as into_label from merges m
    join assets f on f.id = m.from_id join assets i on i.id = m.into_id
    where (m.into_id = ${assetId} or m.from_id = ${assetId}) and m.kind <> 'undone-split'
    order by m.id desc limit 100`.execute(db)
  return rows
}

export async function findMerge(db: Executor, id: string): Promise<MergeRecord | undefined> {
  const { rows } = await sql<MergeRecord>`select * from merges where id = ${id}`.execute(db)
  return rows[0]
}

/** Makes one record of two by hand; a person who kept them apart before is overruled. */
export async function mergeByHand(
  trx: Trx,
  siteId: string,
  { from, into }: { readonly from: string; readonly into: string },
  { by, reason }: Decision,
  now: number,
): Promise<string> {
  await lockResolution(trx, siteId)
  await lockRegrouping(trx, siteId)
  await demandWhole(trx, siteId, [from, into])
  if (from === into) throw new Refusal('same-asset', ['These are one record already.'])
  await actAs(trx, { by, cause: 'merged', reason })
  await endSeparation(trx, from, into)
  return await mergeAssets(trx, siteId, { from, into, because: reason, by }, now)
}

/**
 * Makes two records of one by hand: these interfaces and addresses, with all that was seen of them, are another
 * device. Answers with the id of the new record.
 */
export async function splitByHand(
  trx: Trx,
  siteId: string,
  { from, keys }: { readonly from: string; readonly keys: readonly string[] },
  { by, reason }: Decision,
  now: number,
): Promise<string> {
  await lockResolution(trx, siteId)
  await lockRegrouping(trx, siteId)
  await demandWhole(trx, siteId, [from])
  await demandPart(trx, from, keys)
  await actAs(trx, { by, cause: 'merged', reason })
  const into = newId()
  await createAssets(trx, siteId, [into], now)
  await trx
    .insertInto('merges')
    .values({
      id: newId(),
      site_id: siteId,
      into_id: from,
      from_id: into,
      because: reason,
      by_name: by,
      kind: 'split',
    })
    .execute()
  await layKeys(trx, from, into, keys)
  await separate(trx, siteId, from, into, { by, reason })
  return into
}

/** Takes a merge or a split back. Answers with the assets to be worked out again. */
export async function undoMerge(
  trx: Trx,
  merge: MergeRecord,
  { by, reason }: Decision,
  now: number,
): Promise<readonly string[]> {
  const { id, site_id: siteId, from_id: from, into_id: into, kind } = merge
  await lockResolution(trx, siteId)
  await lockRegrouping(trx, siteId)
  const current = await findMerge(trx, id)
  if (current?.undone_at !== null) throw new Refusal('undone', ['It was undone before.'])
  await actAs(trx, { by, cause: 'merged', reason })
  if (kind === 'split') {
    await demandWhole(trx, siteId, [from, into])
    await endSeparation(trx, from, into)
    await mergeAssets(trx, siteId, { from, into, because: reason, by, kind: 'undone-split' }, now)
  } else {
    await demandLatest(trx, merge)
    await restore(trx, id, from, touchedBy(from, into, await plainTables(trx)))
    await takeBackObservations(trx, id, from, into)
    await separate(trx, siteId, from, into, { by, reason })
  }
  await sql`update merges set undone_at = now(), undone_by = ${by}, undone_because = ${reason}
    where id = ${id}`.execute(trx)
  return kind === 'split' ? [into] : [from, into]
}

async function demandWhole(trx: Trx, siteId: string, ids: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from assets where id = any(${ids}::uuid[]) and site_id = ${siteId} and merged_into is null
    order by id for update`.execute(trx)
  if (rows.length < new Set(ids).size) {
    const text = 'One of the records is at another site or was merged into another one meanwhile.'
    throw new Refusal('gone', [text])
  }
}

/** Merges lie on each other: what was merged later must be taken back first. */
async function demandLatest(trx: Trx, { id, into_id: into }: MergeRecord): Promise<void> {
  const { rows } = await sql<{ label: string }>`
    select f.label from merges m join assets f on f.id = m.from_id
    where m.undone_at is null and m.id > ${id} and m.kind = 'merge' and (m.into_id = ${into} or m.from_id = ${into})
    order by m.id desc limit 1`.execute(trx)
  const [later] = rows
  if (later !== undefined)
    throw new Refusal('later-merge', [`Undo the later merge with ${later.label} first.`])
}

async function demandPart(trx: Trx, from: string, keys: readonly string[]): Promise<void> {
  const { rows } = await sql<{ key: string }>`
    select key from key_links where asset_id = ${from} and until is null and kind in ('mac', 'ip')`.execute(
    trx,
  )
  const own = new Set(rows.map(({ key }) => key))
  const strange = keys.filter((key) => !own.has(key))
  if (strange.length > 0)
    throw new Refusal('not-its-key', [`The device does not hold ${strange.join(', ')} now.`])
  const macs = [...own].filter((key) => key.startsWith('mac:'))
  const remaining = (macs.length > 0 ? macs : [...own]).filter((key) => !keys.includes(key))
  if (keys.length === 0 || remaining.length === 0)
    throw new Refusal('nothing-left', ['Something must go and something must stay.'])
}

/** Interfaces with the addresses that they hold, and what was seen of them. */
async function layKeys(
  trx: Trx,
  from: string,
  into: string,
  keys: readonly string[],
): Promise<void> {
  const macs = keys.filter((key) => key.startsWith('mac:')).map((key) => key.slice(4))
  const bound = macs.map((mac) => `%:${mac}/%`)
  await sql`
    update key_links l set asset_id = ${into} where asset_id = ${from} and until is null and (
      key = any(${keys}::text[]) or kind = 'binding' and key like any(${bound}::text[])
      or kind = 'ip' and exists (select from key_links b where b.asset_id in (${from}, ${into}) and b.until is null
        and b.key like any(${bound}::text[]) and b.key like '%/' || substr(l.key, 4)))`.execute(trx)
  const subjects = sql`
    select id from observation_subjects where mac = any(${macs}::text[])
    union select u.id from observation_subjects u join key_links k on k.key = 'ip:' || u.ip
    where k.asset_id = ${into} and k.until is null and u.mac = ''`
  await sql`
    update observations set asset = (select number from assets where id = ${into})
    where asset = (select number from assets where id = ${from}) and subject in (${subjects})`.execute(
    trx,
  )
  for (const end of ['client', 'server']) {
    const [asset, mac, ip] = ['asset_id', 'mac', 'ip'].map((part) => sql.ref(`${end}_${part}`))
    await sql`
      update flow_summaries set ${asset} = ${into} where ${asset} = ${from} and (${mac} = any(${macs}::text[])
        or exists (select from key_links where asset_id = ${into} and key = 'ip:' || ${ip} and until is null))`.execute(
      trx,
    )
  }
}

function pairOf(one: string, other: string): readonly [string, string] {
  return one < other ? [one, other] : [other, one]
}

async function separate(
  trx: Trx,
  siteId: string,
  one: string,
  other: string,
  { by, reason }: Decision,
): Promise<void> {
  const [first, second] = pairOf(one, other)
  await sql`
    insert into separations (id, site_id, one_id, other_id, because, by_name)
    values (${newId()}, ${siteId}, ${first}, ${second}, ${reason}, ${by}) on conflict do nothing`.execute(
    trx,
  )
}

async function endSeparation(trx: Trx, one: string, other: string): Promise<void> {
  const [first, second] = pairOf(one, other)
  await sql`update separations set ended_at = now()
    where one_id = ${first} and other_id = ${second} and ended_at is null`.execute(trx)
}

/** Pairs among these assets that a person keeps apart. */
export async function loadSeparations(
  db: Executor,
  assetIds: readonly string[],
): Promise<readonly (readonly [string, string])[]> {
  if (assetIds.length === 0) return []
  const { rows } = await sql<{ one_id: string; other_id: string }>`
    select one_id, other_id from separations where ended_at is null
      and one_id = any(${assetIds}::uuid[]) and other_id = any(${assetIds}::uuid[])`.execute(db)
  return rows.map(({ one_id: one, other_id: other }) => [one, other])
}
