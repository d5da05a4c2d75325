import { sql } from 'kysely'
import type { Executor } from './database.ts'

/** What every list, facet and search reads. */
const TABLES = ['assets', 'asset_search', 'asset_sights', 'asset_counts'] as const

/**
 * Fetches what lists read into the memory of the database, where that takes no more than a quarter of it: after a start, and
 * after work that went over gigabytes. Answers with the pages that were fetched; none where the database cannot.
 */
export async function warmInventory(db: Executor): Promise<number> {
  const { rows: known } = await sql<{ is_able: boolean }>`
    select to_regproc('pg_prewarm') is not null as is_able`.execute(db)
  if (known[0]?.is_able !== true) return 0
  const { rows } = await sql<{ pages: number }>`
    with tables as (select oid from pg_class where oid = any(${[...TABLES]}::regclass[])), wanted as (
      select oid from tables union all select indexrelid from pg_index where indrelid in (select oid from tables)
    )
    select coalesce(sum(pg_prewarm(oid)), 0)::float8 as pages from wanted
    where (select sum(pg_relation_size(oid)) from wanted) <= pg_size_bytes(current_setting('shared_buffers')) / 4`.execute(
    db,
  )
  return rows[0]?.pages ?? 0
}
