import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Rows below which any plan will do. */
const FEW = 1000
const PATIENCE = '1s'

/**
 * Takes statistics of tables that are three times as large as when they were taken last. The database does so by itself, but
 * only once in a minute or two: until then it reads whole tables for a device whose rows it could look up, which takes a
 * new inventory half of its speed. Answers with the names of the tables.
 */
export async function gatherStatistics(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select s.relname as name from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    where s.schemaname = current_schema and s.n_mod_since_analyze > ${FEW} + 2 * greatest(c.reltuples, 0)
    order by s.relname`.execute(db)
  if (rows.length === 0) return []
  await db.connection().execute(async (own) => {
    await sql`select set_config('lock_timeout', ${PATIENCE}, false)`.execute(own)
    try {
      for (const { name } of rows) await sql`analyze ${sql.ref(name)}`.execute(own)
    } finally {
      await sql`reset lock_timeout`.execute(own)
    }
  })
  return rows.map(({ name }) => name)
}
