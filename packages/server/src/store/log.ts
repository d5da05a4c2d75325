import type { Executor, Trx } from './database.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface LogEntry {
  readonly time: number
  readonly by: string
  readonly what: string
  readonly reason?: string | undefined
}

/** Writes down what happened to an incident or a work order. */
export async function addLog(
  trx: Trx,
  siteId: string,
  subjectId: string,
  entry: LogEntry,
): Promise<void> {
  await trx
    .insertInto('log_entries')
    .values({
      id: newId(),
      site_id: siteId,
      subject_id: subjectId,
      time: toDatabaseTime(entry.time),
      by_name: entry.by,
      what: entry.what,
      reason: entry.reason ?? null,
    })
    .execute()
}

/** What happened to these subjects, oldest first. */
export async function readLogs(
  db: Executor,
  subjectIds: readonly string[],
): Promise<ReadonlyMap<string, readonly LogEntry[]>> {
  if (subjectIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('log_entries')
    .selectAll()
    .where('subject_id', 'in', subjectIds)
    .orderBy('id')
    .execute()
  const logs = new Map<string, LogEntry[]>()
  for (const row of rows) {
    const entry = {
      time: row.time,
      by: row.by_name,
      what: row.what,
      reason: row.reason ?? undefined,
    }
    const list = logs.get(row.subject_id)
    if (list) list.push(entry)
    else logs.set(row.subject_id, [entry])
  }
  return logs
}
