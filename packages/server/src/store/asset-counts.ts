import { sql, type RawBuilder } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { addUpRows } from './summed-rows.ts'

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

/** Makes one row of all rows of `asset_counts` that are about the same values. */
export async function addUpCounts(trx: Trx): Promise<void> {
  await addUpRows(trx, {
    table: 'asset_counts',
    columns: ['site_id', ...FACETS, 'has_critical', 'has_high', 'has_medium', 'has_low'],
    lock: 4_780_010,
    enough: 2000,
  })
}
