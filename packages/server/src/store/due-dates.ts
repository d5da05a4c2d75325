import { dueDates, earlyDays, type Schedule } from '@wardkeeper/core'
import { sql } from 'kysely'
import { judgeSoon } from './apply-rules.ts'
import type { Trx } from './database.ts'

const DEVICES_AT_ONCE = 2000

/**
 * Works out when each schedule is due next, where something that bears on it changed; of all devices, or of these.
 * What is to be done is marked by triggers, so a pass without changes costs one look at an empty index.
 */
export async function workOutDueDates(trx: Trx, assetIds?: readonly string[]): Promise<void> {
  for (;;) {
    // Locked before what was done is read: who writes it down meanwhile waits, and marks the schedule again.
    const { rows: marked } = await sql<{ asset_id: string }>`
      select asset_id from dossier_entries where kind = 'schedule' and not is_due_known
        and ${assetIds === undefined ? sql`true` : sql`asset_id = any(${assetIds}::uuid[])`}
      order by asset_id, id limit ${DEVICES_AT_ONCE} for update`.execute(trx)
    if (marked.length === 0) return
    await workOut(trx, [...new Set(marked.map((row) => row.asset_id))])
  }
}

async function workOut(trx: Trx, assetIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{
    id: string
    asset_id: string
    body: Omit<Schedule, 'id'>
    last: string | null
  }>`
    select e.id, e.asset_id, e.body, (select max(date) from maintenance_records m where m.schedule_id = e.id)::text as last
    from dossier_entries e where e.asset_id = any(${assetIds}::uuid[]) and e.kind = 'schedule' and e.ended_at is null`.execute(
    trx,
  )
  const worked = [...Map.groupBy(rows, (row) => row.asset_id).values()].flatMap((own) => {
    const schedules = own.map(({ id, body }) => ({ ...body, id }))
    const done = own.flatMap(({ id, last }) =>
      last === null ? [] : [{ date: last, scheduleId: id }],
    )
    // Whether it is overdue is asked later: the next date does not depend on the day.
    const due = dueDates(schedules, done, '')
    return schedules.map((one) => ({
      id: one.id,
      next: due.get(one.id)?.next ?? null,
      early: earlyDays(one),
    }))
  })
  await sql`
    update dossier_entries e set next_due = w.next, early_days = w.early, is_due_known = true
    from unnest(${worked.map(({ id }) => id)}::uuid[], ${worked.map(({ next }) => next)}::date[],
      ${worked.map(({ early }) => early)}::int[]) as w (id, next, early)
    where e.id = w.id`.execute(trx)
  await sql`
    update dossier_entries set next_due = null, is_due_known = true
    where asset_id = any(${assetIds}::uuid[]) and kind = 'schedule' and ended_at is not null and not is_due_known`.execute(
    trx,
  )
  await judgeSoon(trx, assetIds)
}
