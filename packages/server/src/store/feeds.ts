import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { toDatabaseText, toDatabaseTime, toDatabaseTimeOrNull } from './time.ts'
import { newId } from './uuid.ts'

export const FEED_WAYS = ['online', 'bundle', 'by hand'] as const
export type FeedWay = (typeof FEED_WAYS)[number]

/** A feed as it stands. Times in milliseconds since 1970. */
export interface FeedRow {
  readonly id: string
  readonly isEnabled: boolean
  readonly url: string | undefined
  readonly everyHours: number | undefined
  readonly cursor: Readonly<Record<string, unknown>>
  readonly state: string
  readonly dataDate: number | undefined
  readonly lastRun: number | undefined
  readonly lastSuccess: number | undefined
  readonly lastWay: string | undefined
  readonly problem: string | undefined
  readonly counts: Readonly<Record<string, number>>
}

export async function listFeedRows(db: Executor): Promise<ReadonlyMap<string, FeedRow>> {
  const rows = await db.selectFrom('feeds').selectAll().execute()
  return new Map(rows.map((row) => [row.id, feedOf(row)]))
}

function feedOf(row: {
  id: string
  is_enabled: boolean
  url: string | null
  every_hours: number | null
  cursor: unknown
  state: string
  data_date: number | null
  last_run_at: number | null
  last_success_at: number | null
  last_way: string | null
  problem: string | null
  counts: unknown
}): FeedRow {
  return {
    id: row.id,
    isEnabled: row.is_enabled,
    url: row.url ?? undefined,
    everyHours: row.every_hours ?? undefined,
    cursor: row.cursor as FeedRow['cursor'],
    state: row.state,
    dataDate: row.data_date ?? undefined,
    lastRun: row.last_run_at ?? undefined,
    lastSuccess: row.last_success_at ?? undefined,
    lastWay: row.last_way ?? undefined,
    problem: row.problem ?? undefined,
    counts: row.counts as FeedRow['counts'],
  }
}

/** The row of a feed, made when it is not there yet, held until the end of the transaction. */
export async function lockFeed(trx: Trx, id: string): Promise<FeedRow> {
  await trx
    .insertInto('feeds')
    .values({ id })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const row = await trx
    .selectFrom('feeds')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return feedOf(row)
}

export interface FeedSettings {
  readonly isEnabled?: boolean | undefined
  /** Null: the address that the feed brings along. */
  readonly url?: string | null | undefined
  readonly everyHours?: number | null | undefined
}

export async function configureFeed(trx: Trx, id: string, settings: FeedSettings): Promise<void> {
  await lockFeed(trx, id)
  const { isEnabled, url, everyHours } = settings
  const set = {
    ...(isEnabled !== undefined && { is_enabled: isEnabled }),
    ...(url !== undefined && { url, cursor: '{}' }),
    ...(everyHours !== undefined && { every_hours: everyHours }),
  }
  if (Object.keys(set).length > 0) {
    await trx.updateTable('feeds').set(set).where('id', '=', id).execute()
  }
}

export interface FeedRun {
  readonly feedId: string
  readonly way: FeedWay
  readonly by: string
  readonly started: number
  readonly ended: number
  readonly outcome: 'changed' | 'unchanged' | 'refused' | 'failed'
  readonly problem?: string
  readonly counts: Readonly<Record<string, number>>
  /** Where a paged source goes on; kept on success only. */
  readonly cursor?: Readonly<Record<string, unknown>>
  readonly dataDate?: number
  /** When the source was looked at: the moment of the run, or that of making the bundle. */
  readonly seen?: number
}

/** Writes down how a run went; a refused or failed one leaves freshness and counts as they were. */
export async function finishRun(trx: Trx, run: FeedRun): Promise<void> {
  await trx
    .insertInto('feed_runs')
    .values({
      id: newId(),
      feed_id: run.feedId,
      way: run.way,
      by_name: run.by,
      started: toDatabaseTime(run.started),
      ended: toDatabaseTime(run.ended),
      outcome: run.outcome,
      problem: run.problem === undefined ? null : toDatabaseText(run.problem).slice(0, 2000),
      counts: toJson(run.counts),
    })
    .execute()
  const isGood = run.outcome === 'changed' || run.outcome === 'unchanged'
  await trx
    .updateTable('feeds')
    .set({
      state: isGood ? 'fresh' : run.outcome,
      last_run_at: toDatabaseTime(run.ended),
      problem: run.problem === undefined ? null : toDatabaseText(run.problem).slice(0, 2000),
      ...(isGood && {
        last_success_at: toDatabaseTime(run.seen ?? run.ended),
        last_way: run.way,
      }),
      ...(isGood && run.cursor !== undefined && { cursor: toJson(run.cursor) }),
      ...(isGood && run.outcome === 'changed' && { counts: toJson(run.counts) }),
    })
    .where('id', '=', run.feedId)
    .execute()
  if (isGood && run.dataDate !== undefined) {
    const date = toDatabaseTimeOrNull(run.dataDate)
    await sql`update feeds set data_date = greatest(data_date, ${date}::timestamptz) where id = ${run.feedId}`.execute(
      trx,
    )
  }
}

export async function listRuns(db: Executor, feedId: string) {
  return await db
    .selectFrom('feed_runs')
    .select(['id', 'way', 'by_name', 'started', 'ended', 'outcome', 'problem', 'counts'])
    .where('feed_id', '=', feedId)
    .orderBy('started', 'desc')
    .limit(20)
    .execute()
}

export interface Quarantined {
  readonly name: string
  readonly hash: string
  readonly reason: string
  readonly bytes: number
  readonly raw: Uint8Array
}

/** What is kept of a document that could not be read. */
const RAW_LIMIT = 1_000_000

/** Sets bad documents aside, and ends the quarantine of those that could be read now. */
export async function quarantine(
  trx: Trx,
  feedId: string,
  bad: readonly Quarantined[],
  readNow: readonly string[],
  now: number,
): Promise<void> {
  const time = toDatabaseTime(now)
  const names = [...readNow, ...bad.map(({ name }) => name)].map((name) => nameOf(name))
  for (let start = 0; start < names.length; start += 1000) {
    await trx
      .updateTable('quarantined_documents')
      .set({ ended: time })
      .where('feed_id', '=', feedId)
      .where('ended', 'is', null)
      .where('name', 'in', names.slice(start, start + 1000))
      .execute()
  }
  for (const one of new Map(bad.map((each) => [nameOf(each.name), each])).values()) {
    await trx
      .insertInto('quarantined_documents')
      .values({
        id: newId(),
        feed_id: feedId,
        name: nameOf(one.name),
        hash: one.hash,
        reason: toDatabaseText(one.reason).slice(0, 2000),
        bytes: one.bytes,
        raw: Buffer.from(one.raw.subarray(0, RAW_LIMIT)),
        found: time,
      })
      .execute()
  }
}

function nameOf(name: string): string {
  return toDatabaseText(name).slice(0, 400)
}

export async function listQuarantine(db: Executor, feedId: string | undefined) {
  let query = db
    .selectFrom('quarantined_documents')
    .select(['id', 'feed_id', 'name', 'reason', 'bytes', 'found'])
    .where('ended', 'is', null)
  if (feedId !== undefined) query = query.where('feed_id', '=', feedId)
  return await query.orderBy('found', 'desc').orderBy('id').limit(500).execute()
}

export async function countQuarantine(db: Executor): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ feed_id: string; count: number }>`
    select feed_id, count(*) from quarantined_documents where ended is null group by feed_id`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.feed_id, Number(row.count)]))
}

export async function findQuarantined(db: Executor, id: string) {
  return await db
    .selectFrom('quarantined_documents')
    .select(['name', 'raw'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** How many facts a feed has left: what a much shorter document would be held against. */
export async function countSignals(db: Executor, feedId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from exploit_signals where sources @> array[${feedId}]`.execute(db)
  return Number(rows[0]?.count ?? 0)
}
