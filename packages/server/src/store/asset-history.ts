import { sql } from 'kysely'
import type { ChangeCause } from './act-as.ts'
import type { AssetRecord } from './assets.ts'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { BadCursor, inSites, readPage, type ListQuery, type Page } from './keyset.ts'
import { toDatabaseTime } from './time.ts'

export interface ChangeRecord {
  readonly id: number
  readonly asset_id: string
  readonly time: number
  readonly by_name: string
  readonly cause: ChangeCause
  readonly reason: string | null
  readonly changes: Readonly<Record<string, readonly [before: unknown, after: unknown]>>
}

/** A claim that a change of an observed attribute goes back to. */
export interface ClaimBehind {
  readonly attribute: string
  readonly value: string
  readonly rule: string
  readonly confidence: number
}

/** What changed of one asset, and of those that were merged into it, newest first. */
export function readHistory(
  db: Executor,
  assetId: string,
  query: ListQuery & { readonly field?: string | undefined },
): Promise<Page<ChangeRecord & { readonly claims: readonly ClaimBehind[] | null }>> {
  return readPage(
    db,
    {
      select: sql`id, asset_id, time, by_name, cause, reason, changes, (
        select jsonb_agg(jsonb_build_object('attribute', attribute, 'value', value, 'rule', rule, 'confidence',
          confidence)) from claims c
        where c.asset_id = asset_changes.asset_id and asset_changes.cause = 'observed'
          and c.value = asset_changes.changes -> c.attribute ->> 1
          and (c.valid_to is null or c.valid_to >= asset_changes.time - interval '1 minute')
          and c.valid_from <= asset_changes.time + interval '1 minute') as claims`,
      from: sql`asset_changes`,
      where: [
        sql`asset_id in (select ${assetId}::uuid union all select id from assets where merged_into = ${assetId})`,
        ...(query.field === undefined ? [] : [sql`changes ? ${query.field}`]),
      ],
      id: sql`id`,
      idType: 'bigint',
      sorts: { time: { expression: sql`id`, type: 'bigint' } },
      defaultSort: '-time',
    },
    query,
  )
}

/** Writes what changed of an asset outside of its row: a document, a schedule, a locked claim. */
export async function noteChange(
  trx: Trx,
  siteId: string,
  assetId: string,
  changes: ChangeRecord['changes'],
): Promise<void> {
  await sql`
    insert into asset_changes (site_id, asset_id, by_name, cause, reason, changes)
    values (${siteId}, ${assetId}, coalesce(nullif(current_setting('wardkeeper.by', true), ''), 'the network'),
      coalesce(nullif(current_setting('wardkeeper.cause', true), ''), 'observed'),
      nullif(current_setting('wardkeeper.reason', true), ''), ${toJson(changes)}::jsonb)`.execute(
    trx,
  )
}

/** The record as it was at a moment, made by taking back what changed after it; undefined before it began. */
export async function assetAt(
  db: Executor,
  asset: AssetRecord,
  at: number,
): Promise<AssetRecord | undefined> {
  // It is made in the transaction that fills it, and has a name from its first change on.
  const began = await sql<{ time: number | null }>`
    select min(time) as time from asset_changes where asset_id = ${asset.id}`.execute(db)
  if (at < (began.rows[0]?.time ?? asset.created_at)) return undefined
  const { rows } = await sql<{ field: string; value: unknown }>`
    select distinct on (field) field, change -> 0 as value
    from asset_changes, jsonb_each(changes) as each (field, change)
    where asset_id = ${asset.id} and time > ${toDatabaseTime(at)}::timestamptz
    order by field, id`.execute(db)
  const before = rows
    .filter(({ field }) => field in asset)
    .map(({ field, value }) => [field, value])
  return { ...asset, ...(Object.fromEntries(before) as Partial<AssetRecord>) }
}

export interface Changes {
  readonly items: readonly (ChangeRecord & { readonly site_id: string })[]
  readonly next: string
  readonly hasMore: boolean
}

/** Changes of all assets after a cursor, oldest first. What commits late comes late, but it comes. */
export async function changesSince(
  db: Executor,
  sites: readonly string[] | undefined,
  since: string | undefined,
  limit: number,
): Promise<Changes> {
  const [position, id] = positionOf(since)
  const { rows } = await sql<ChangeRecord & { site_id: string; position: number }>`
    select * from asset_changes
    where (position, id) > (${position}::bigint, ${id}::bigint)
      and position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      and ${inSites(sql`site_id`, sites)[0] ?? sql`true`}
    order by position, id limit ${limit + 1}`.execute(db)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items,
    next: last === undefined ? (since ?? '0-0') : `${last.position}-${last.id}`,
    hasMore: rows.length > limit,
  }
}

/** A cursor of this feed, or a moment: `2026-11-25T08:00:00Z` begins with what changed after it. */
function positionOf(since: string | undefined): readonly [string, string] {
  if (since === undefined) return ['0', '0']
  const [, position, id] = /^(\d{1,18})-(\d{1,18})$/.exec(since) ?? []
  if (position === undefined || id === undefined) throw new BadCursor()
  return [position, id]
}

/** The cursor that stands before everything that changed after a moment. */
export async function cursorAt(db: Executor, at: number): Promise<string> {
  const { rows } = await sql<{ position: number; id: number }>`
    select position, id from asset_changes where time > ${toDatabaseTime(at)}::timestamptz
    order by position, id limit 1`.execute(db)
  const [first] = rows
  if (first === undefined) {
    const { rows: ends } = await sql<{ position: number | null }>`
      select max(position) as position from asset_changes`.execute(db)
    return `${ends[0]?.position ?? 0}-999999999999999999`
  }
  return `${first.position}-${first.id - 1}`
}
