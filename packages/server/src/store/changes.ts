import { sql } from 'kysely'
import type { Executor } from './database.ts'

export const CHANGES_CHANNEL = 'wardkeeper_changes'

/** Kinds of change that are told to whoever listens. */
export type ChangeType =
  | 'asset.changed'
  | 'finding.changed'
  | 'detection.changed'
  | 'incident.changed'
  | 'work-order.changed'
  | 'sensor.changed'
  | 'import.changed'
  | 'reconciliation.changed'

export interface Change {
  readonly type: ChangeType
  readonly siteId: string
  readonly ids: readonly string[]
}

/** PostgreSQL takes 8000 bytes in one notification. */
const IDS_PER_NOTICE = 150

/** Tells listeners of every process, once the transaction is committed. */
export async function tellChange(
  db: Executor,
  type: ChangeType,
  siteId: string,
  ids: readonly string[],
): Promise<void> {
  const notices: string[] = []
  for (let start = 0; start < ids.length; start += IDS_PER_NOTICE) {
    const change: Change = { type, siteId, ids: ids.slice(start, start + IDS_PER_NOTICE) }
    notices.push(JSON.stringify(change))
  }
  if (notices.length === 0) return
  await sql`select pg_notify(${CHANGES_CHANNEL}, notice) from unnest(${notices}::text[]) as one (notice)`.execute(
    db,
  )
}
