import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'

/** How often each kind of what is matched has changed; 0 where there was never any. */
export interface Revisions {
  readonly advisories: number
  readonly cves: number
  /** Bills of materials, statements of exploitability, dates of support, known exploitation. */
  readonly facts: number
}

/** Another number whenever something that is matched is another, in whatever order transactions were begun. */
export async function readRevisions(db: Executor): Promise<Revisions> {
  const { rows } = await sql<{ kind: string; count: number }>`
    select kind, sum(count)::bigint as count from content_changes group by kind`.execute(db)
  const counts = new Map(rows.map(({ kind, count }) => [kind, count]))
  const countOf = (kind: keyof Revisions) => counts.get(kind) ?? 0
  return { advisories: countOf('advisories'), cves: countOf('cves'), facts: countOf('facts') }
}

/** Any fixed number: one adds up at a time. */
const LOCK = 4_780_011
/** So many rows are summed in a millisecond. */
const ENOUGH = 1000

/** Makes one row of all changes of a kind. Whoever reads meanwhile sees those of before or that of after: the same sum. */
export async function addUpChanges(trx: Trx): Promise<void> {
  const { rows } = await sql<{ rows: number; isMine: boolean }>`
    select (select count(*) from content_changes) as rows, pg_try_advisory_xact_lock(${LOCK}) as "isMine"`.execute(
    trx,
  )
  if (rows[0]?.isMine !== true || rows[0].rows < ENOUGH) return
  await sql`
    with gone as (delete from content_changes returning *)
    insert into content_changes (kind, site_id, count)
    select kind, site_id, sum(count) from gone group by kind, site_id`.execute(trx)
}
