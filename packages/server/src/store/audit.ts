import { createHash } from 'node:crypto'
import { sql, type Selectable } from 'kysely'
import type { Executor, Trx } from './database.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseTime } from './time.ts'

export interface AuditEntry {
  readonly siteId: string
  readonly byName: string
  readonly userId?: string | undefined
  /** `work-order.assigned`, `user.added` .. */
  readonly action: string
  /** `work-order:<id>`, `user:<name>` .. */
  readonly subject: string
  readonly reason?: string | undefined
  readonly before?: unknown
  readonly after?: unknown
}

const LOCK = 4_780_004
const PAGE = 1000

/** Writes one entry, chained to the one before by its hash; call it last in the transaction of the change. */
export async function appendAudit(
  trx: Trx,
  entry: AuditEntry,
  now: number = Date.now(),
): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
  const last = await trx
    .selectFrom('audit_entries')
    .select(['id', 'hash'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const id = (last?.id ?? 0) + 1
  const time = toDatabaseTime(now)
  const body = JSON.stringify({ id, time, ...entry })
  const previous = last?.hash ?? ''
  await trx
    .insertInto('audit_entries')
    .values({
      id,
      site_id: entry.siteId,
      time,
      by_name: entry.byName,
      action: entry.action,
      subject: entry.subject,
      reason: entry.reason ?? null,
      body,
      previous_hash: previous,
      hash: hashOf(previous, body),
    })
    .execute()
}

function hashOf(previous: string, body: string): string {
  return createHash('sha256').update(previous).update('\n').update(body).digest('hex')
}

export interface AuditCheck {
  readonly entries: number
  /** The first entry that does not fit, and why; undefined when the chain is whole. */
  readonly broken: { readonly id: number; readonly reason: string } | undefined
  /** Hash of the last entry: kept elsewhere, it also shows that the end was cut off. */
  readonly lastHash: string
}

/** Reads the whole log and follows its chain. */
export async function verifyAudit(db: Executor): Promise<AuditCheck> {
  let entries = 0
  let lastHash = ''
  for (;;) {
    const rows = await db
      .selectFrom('audit_entries')
      .selectAll()
      .where('id', '>', entries)
      .orderBy('id')
      .limit(PAGE)
      .execute()
    for (const row of rows) {
      const reason = faultOf(row, entries + 1, lastHash)
      if (reason !== undefined) return { entries, lastHash, broken: { id: row.id, reason } }
      entries++
      lastHash = row.hash
    }
    if (rows.length < PAGE) return { entries, lastHash, broken: undefined }
  }
}

/** Number of the entry with this hash. */
export async function findAuditEntry(db: Executor, hash: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('audit_entries')
    .select('id')
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row?.id
}

type AuditRow = Selectable<Schema['audit_entries']>

function faultOf(row: AuditRow, id: number, previous: string): string | undefined {
  if (row.id !== id) return `entry ${id} is missing`
  if (row.previous_hash !== previous) return 'it does not follow the entry before it'
  if (row.hash !== hashOf(previous, row.body)) return 'its text was changed'
  const body = JSON.parse(row.body) as AuditEntry & { readonly time: string }
  const isSame =
    body.byName === row.by_name &&
    body.action === row.action &&
    body.subject === row.subject &&
    body.siteId === row.site_id &&
    (body.reason ?? null) === row.reason &&
    body.time === toDatabaseTime(row.time)
  return isSame ? undefined : 'its columns were changed'
}
