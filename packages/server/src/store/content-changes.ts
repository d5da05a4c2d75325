import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { addUpRows } from './summed-rows.ts'

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

/** Makes one row of all changes of a kind. */
export async function addUpChanges(trx: Trx): Promise<void> {
  const columns = ['kind', 'site_id']
  await addUpRows(trx, { table: 'content_changes', columns, lock: 4_780_011, enough: 1000 })
}
