import { sql, type RawBuilder } from 'kysely'
import { toPlainList } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { toDatabaseTime } from './time.ts'
import { together } from './together.ts'

/**
 * When each asset was last seen: the one thing of an asset that changes all day. It has a table of its own, so that nothing
 * else of the asset is locked or written for it.
 */

/** When the row of `assets` was last seen; asked only of the rows that a query gives, not of those that it passes over. */
export const LAST_SEEN = sql<number>`(select seen from asset_sights where asset_id = assets.id)`

/** The sight of an asset that was never seen, or whose observations were not worked out yet. */
export const NEVER = sql`'epoch'::timestamptz`

/** The last sight of an asset is written this often: each time costs a row of every index. */
export const TOUCH_EVERY_MS = 20_000

/** What must be known of an asset to say that it is seen again. */
export interface Sight {
  /** Its number in tables with very many rows. */
  readonly number: number
  /** Not seen for a while, or never. */
  readonly isAbsent: boolean
  readonly hasReason: boolean
  readonly first: number
  readonly last: number
}

export async function loadSights(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Sight>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Sight & { id: string }>`
    select id, number, ${isAbsent} as "isAbsent", presence_reason is not null as "hasReason", first_seen as first,
      coalesce(seen, ${NEVER}) as last
    from assets left join asset_sights on asset_id = id where id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, ...sight }) => [id, sight]))
}

/** Of a row of `assets`: who is seen is active again. */
export const isAbsent = sql<boolean>`assets.state in ('expected', 'quiet', 'missing')`

/** Moments by asset, in ms since 1970, as a table `told (id, last)`. */
export function toldSights(last: ReadonlyMap<string, number>): RawBuilder<unknown> {
  const times = toPlainList([...last.values()].map(toDatabaseTime))
  return sql`unnest(${[...last.keys()]}::uuid[], ${times}::timestamptz[]) as told (id, last)`
}

/** Moves the sights of `toldSights` forward. Who writes them has their assets to itself (`takeReach`, `lockResolution`, `lockAssets`). */
export function moveSights(told: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    update asset_sights set seen = told.last from ${told}
    where asset_sights.asset_id = told.id and asset_sights.seen < told.last`
}

/** Assets that were only seen again, with the moment; who was not there is. */
export async function saveSights(trx: Trx, last: ReadonlyMap<string, number>): Promise<void> {
  if (last.size === 0) return
  const absent = sql<{ id: string }>`
    select id from assets where id = any(${[...last.keys()]}::uuid[]) and ${isAbsent} order by id for no key update`
  // Asked once the sights are held: who calls assets quiet holds theirs while it does, and is waited for.
  const [, { rows }] = await together(
    moveSights(toldSights(last)).execute(trx),
    absent.execute(trx),
  )
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  await sql`update assets set state = 'active' where id = any(${ids}::uuid[])`.execute(trx)
}

/** Assets of which something older came in, with its moment. */
export async function saveFirstSights(trx: Trx, first: ReadonlyMap<string, number>): Promise<void> {
  if (first.size === 0) return
  const times = toPlainList([...first.values()].map(toDatabaseTime))
  await sql`
    update assets set first_seen = told.seen
    from unnest(${[...first.keys()]}::uuid[], ${times}::timestamptz[]) as told (asset_id, seen)
    where id = told.asset_id and first_seen > told.seen`.execute(trx)
}
