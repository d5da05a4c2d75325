import type { Said } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'

/** Says by which knowledge observations are marked from now on; true when all of them are already. */
export async function openMarks(db: Executor, digest: string): Promise<boolean> {
  const { rows } = await sql<{ is_done: boolean }>`
    insert into observation_marks (digest) values (${digest})
    on conflict (id) do update set digest = excluded.digest, updated_at = now(),
      page = case when observation_marks.digest = excluded.digest then observation_marks.page else 0 end,
      is_done = observation_marks.is_done and observation_marks.digest = excluded.digest
    returning is_done`.execute(db)
  return rows[0]?.is_done ?? false
}

/** Pages of the table that are marked in one transaction: some ten thousand rows. */
const PAGES = 400

type Bears = (fact: Said) => boolean

/** Marks the observations of the next pages anew; true when there are no more. */
export async function markPages(trx: Trx, bears: Bears): Promise<boolean> {
  const state = await sql<{ page: number; pages: number }>`
    select page, (pg_relation_size('observations') / current_setting('block_size')::integer)::bigint as pages
    from observation_marks for update`.execute(trx)
  const { page, pages } = state.rows[0] ?? { page: 0, pages: 0 }
  const { rows } = await sql<MarkedRow>`
    select o.ctid::text as place, o.bears, f.name as field, o.value, u.mac, u.ip
    from observations o
    join observation_names f on f.id = o.field
    join observation_subjects u on u.id = o.subject
    where o.ctid >= ${`(${page},0)`}::tid and o.ctid < ${`(${page + PAGES},0)`}::tid`.execute(trx)
  const wrong = rows.filter((row) => row.bears !== bears(factOf(row)))
  if (wrong.length > 0) {
    // What was seen again meanwhile is another version of its row, and marked already.
    await sql`
      update observations set bears = not bears
      where ctid = any(${wrong.map(({ place }) => place)}::tid[])`.execute(trx)
  }
  const isDone = page + PAGES >= pages
  await sql`update observation_marks set page = ${page + PAGES}, is_done = ${isDone}, updated_at = now()`.execute(
    trx,
  )
  return isDone
}

interface MarkedRow {
  readonly place: string
  readonly bears: boolean
  readonly field: string
  readonly value: string
  readonly mac: string
  readonly ip: string
}

function factOf({ field, value, mac, ip }: MarkedRow): Said {
  const subject = { ...(mac === '' ? {} : { mac }), ...(ip === '' ? {} : { ip }) }
  return { subject, field, value }
}
