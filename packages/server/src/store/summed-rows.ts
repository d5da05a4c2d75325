import { sql } from 'kysely'
import type { Trx } from './database.ts'

/** A table of counts to which changes are added as rows, so that no writer waits for another. */
export interface SummedTable {
  readonly table: string
  /** What is counted: rows that are alike in these are one count. */
  readonly columns: readonly string[]
  /** Any number of its own: one adds up at a time. */
  readonly lock: number
  /** So many rows are summed in a few milliseconds, and left until there are more. */
  readonly enough: number
  /** The table marks sums by `is_sum`, so that only what came after them is counted against `enough`. */
  readonly marksSums?: boolean
}

/**
 * Makes one row of all rows that count the same. Whoever reads meanwhile sees the rows of before or those of after, and the
 * sums of both are the same.
 */
export async function addUpRows(
  trx: Trx,
  { table, columns, lock, enough, marksSums = false }: SummedTable,
): Promise<void> {
  const from = sql.table(table)
  const { rows } = await sql<{ rows: number; isMine: boolean }>`
    select (select count(*) from ${from} ${sql.raw(marksSums ? 'where not is_sum' : '')}) as rows,
      pg_try_advisory_xact_lock(${lock}) as "isMine"`.execute(trx)
  if (rows[0]?.isMine !== true || rows[0].rows < enough) return
  const names = sql.join(columns.map((name) => sql.ref(name)))
  await sql`
    with gone as (delete from ${from} returning *)
    insert into ${from} (${names}, count ${sql.raw(marksSums ? ', is_sum' : '')})
    select ${names}, sum(count) ${sql.raw(marksSums ? ', true' : '')} from gone
    group by ${names} having sum(count) <> 0`.execute(trx)
}
