import { sql, type RawBuilder } from 'kysely'
import type { Executor, Trx } from './database.ts'

export const FACETS = ['type', 'category', 'manufacturer', 'unit', 'state', 'is_connected'] as const
export type Facet = (typeof FACETS)[number]
export interface FacetValue {
  readonly value: string | undefined
  readonly count: number
}
export type FacetCounts = { total: number } & Record<Facet, FacetValue[]>

/** Counts of these rows for each value of each facet; a row may stand for many assets by its `count`. */
export async function sumFacets(db: Executor, rows: RawBuilder<unknown>): Promise<FacetCounts> {
  const columns = sql.raw(FACETS.join(', '))
  const sets = sql.raw(FACETS.map((facet) => `(${facet})`).join(', '))
  const texts = sql.raw(FACETS.map((facet) => `${facet}::text`).join(', '))
  const found = await sql<{ facet: number; value: string | null; count: number }>`
    select grouping(${columns}) as facet, coalesce(${texts}) as value, sum(count)::bigint as count
    from ${rows} as rows group by grouping sets (${sets}, ()) having sum(count) > 0
    order by count desc, value`.execute(db)
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, []])) as unknown as FacetCounts
  counts.total = 0
  for (const { facet, value, count } of found.rows) {
    const name = BY_BITS.get(facet)
    if (name === undefined) counts.total = count
    else counts[name].push({ value: value ?? undefined, count })
  }
  return counts
}

const ALL_BITS = (1 << FACETS.length) - 1
/** Each grouping set is told by the bits of the columns that it leaves out. */
const BY_BITS = new Map<number, Facet>(
  FACETS.map((facet, index) => [ALL_BITS & ~(1 << (FACETS.length - 1 - index)), facet]),
)

/** Any fixed number: one adds up at a time. */
const LOCK = 4_780_010
/** So many rows are summed in a few milliseconds. */
const ENOUGH = 2000

/**
 * Makes one row of all rows of `asset_counts` that are about the same values. Whoever reads meanwhile sees the rows of
 * before or those of after, and the sums of both are the same.
 */
export async function addUpCounts(trx: Trx): Promise<void> {
  const { rows } = await sql<{ rows: number; isMine: boolean }>`
    select (select count(*) from asset_counts) as rows, pg_try_advisory_xact_lock(${LOCK}) as "isMine"`.execute(
    trx,
  )
  if (rows[0]?.isMine !== true || rows[0].rows < ENOUGH) return
  const columns = sql.raw(
    'site_id, type, category, manufacturer, unit, state, is_connected, has_critical, has_high, has_medium, has_low',
  )
  await sql`
    with gone as (delete from asset_counts returning *)
    insert into asset_counts (${columns}, count)
    select ${columns}, sum(count) from gone group by ${columns} having sum(count) <> 0`.execute(trx)
}
