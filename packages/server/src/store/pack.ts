import { sql } from 'kysely'
import type { Db } from './database.ts'

/** An index of fewer rows is not worth the work. */
const FEWEST_ROWS = 500_000
/** Bytes of an entry when the index is packed, with the tenth of a page that is left free. */
const PACKED = 31
const LOOSE = PACKED * 1.15
/** It waits for every transaction that is open: one that hangs must not hold up the other clocks. */
const PATIENCE = '60s'

export interface Packed {
  readonly before: number
  readonly after: number
}

/**
 * Rebuilds the index of observations where it has grown loose: facts of a device come a few at a time, so its pages split
 * in halves that stay half empty. Beside the work of others; a rebuild that was broken off is cleared by the next.
 * Throws where somebody's transaction stays open longer than `patience`. Answers with the bytes of before and after, or nothing where it is packed.
 */
export async function packObservations(
  db: Db,
  fewest: number = FEWEST_ROWS,
  patience = PATIENCE,
): Promise<Packed | undefined> {
  const { rows: broken } = await sql<{ name: string }>`
    select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = 'observations'::regclass and not i.indisvalid and c.relname like 'observations\\_fact\\_cc%'`.execute(
    db,
  )
  for (const { name } of broken) await sql`drop index concurrently ${sql.ref(name)}`.execute(db)
  const before = await bytesOf(db)
  const { rows } = await sql<{ rows: number }>`
    select reltuples::bigint as rows from pg_class where oid = 'observations'::regclass`.execute(db)
  const count = rows[0]?.rows ?? 0
  if (count < fewest || before < count * LOOSE) return undefined
  await db.connection().execute(async (own) => {
    await sql`select set_config('lock_timeout', ${patience}, false)`.execute(own)
    try {
      await sql`reindex index concurrently observations_fact`.execute(own)
    } finally {
      await sql`reset lock_timeout`.execute(own)
    }
  })
  return { before, after: await bytesOf(db) }
}

async function bytesOf(db: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select pg_relation_size('observations_fact') as bytes`.execute(db)
  return rows[0]?.bytes ?? 0
}
