import { addDays, type DueMaintenance, type Vocabulary } from '@wardkeeper/core'
import { sql, type RawBuilder } from 'kysely'
import type { Executor } from './database.ts'
import type { SiteMaintenance } from './maintenance-settings.ts'

export type DueRow = DueMaintenance & {
  readonly scheduleId: string | undefined
  readonly source: string | undefined
  readonly nativeKey: string | undefined
}

interface Row {
  readonly asset_id: string
  readonly origin: string
  readonly schedule_id: string | null
  readonly source: string | null
  readonly native_key: string | null
  readonly name: string
  readonly due: string
  readonly label: string
  readonly unit: string | null
  readonly manufacturer: string | null
  readonly model: string | null
  readonly type: string | null
}

/** What an imported record calls its maintenance: it names a date and no task. */
const RECORD_TASK = 'Preventive maintenance'

/** Devices in service whose maintenance is due and that have no work for that date yet, the earliest first. */
export async function dueMaintenance(
  db: Executor,
  siteId: string,
  settings: SiteMaintenance,
  { today, vocabulary, most }: { today: string; vocabulary: Vocabulary; most: number },
): Promise<readonly DueRow[]> {
  const { rows } = await sql<Row>`
    select d.*, d.due::text as due, a.label, a.unit, a.manufacturer, a.model, a.type
    ${fromDue(siteId, settings.withRecords, dueFrom(settings, today))}
    order by d.due, d.origin limit ${most}`.execute(db)
  return rows.map((row) => ({
    assetId: row.asset_id,
    siteId,
    origin: row.origin,
    scheduleId: row.schedule_id ?? undefined,
    source: row.source ?? undefined,
    nativeKey: row.native_key ?? undefined,
    name: row.name,
    due: row.due,
    label: row.label,
    unit: row.unit ?? undefined,
    manufacturer: row.manufacturer ?? undefined,
    model: row.model ?? undefined,
    type: row.type ?? undefined,
    isLifeSupport: row.type !== null && vocabulary.types.get(row.type)?.isLifeSupport === true,
  }))
}

/** What was due before the day from which due dates count, and so has no work: it is shown, not opened. */
export async function countBacklog(
  db: Executor,
  siteId: string,
  { since, withRecords }: SiteMaintenance,
): Promise<number> {
  const earlier = { from: '0001-01-01', before: since, early: sql`true` }
  const { rows } = await sql<{ count: number }>`
    select count(distinct d.asset_id) as count ${fromDue(siteId, withRecords, earlier)}`.execute(db)
  return rows[0]?.count ?? 0
}

interface Span {
  /** ISO dates, the second not included. */
  readonly from: string
  readonly before: string
  /** On the schedule `e`: not longer before its date than the work may be done early. */
  readonly early: RawBuilder<unknown>
}

function dueFrom({ since, leadDays }: SiteMaintenance, today: string): Span {
  const early = sql`e.next_due - least(${leadDays}::int, e.early_days) <= ${today}::date`
  return { from: since, before: addDays(today, leadDays + 1), early }
}

function fromDue(siteId: string, withRecords: boolean, { from, before, early }: Span) {
  // A schedule that was written here stands over the date of a record: else one device would get work twice.
  const records = sql`
    union all
    select r.asset_id, 'record:' || r.source || '/' || r.native_key, null, r.source, r.native_key, ${RECORD_TASK},
      (r.body ->> 'nextPm')::date
    from declared_records r
    where r.site_id = ${siteId} and r.until is null and r.body ? 'nextPm'
      and r.body ->> 'nextPm' >= ${from} and r.body ->> 'nextPm' < ${before}
      and pg_input_is_valid(r.body ->> 'nextPm', 'date')
      and not exists (select from dossier_entries e where e.asset_id = r.asset_id and e.kind = 'schedule'
        and e.ended_at is null)`
  return sql`
    from (
      select e.asset_id, 'schedule:' || e.id as origin, e.id as schedule_id, null::text as source,
        null::text as native_key, e.body ->> 'name' as name, e.next_due as due
      from dossier_entries e
      where e.site_id = ${siteId} and e.kind = 'schedule' and e.ended_at is null
        and e.next_due >= ${from}::date and e.next_due < ${before}::date and ${early}
      ${withRecords ? records : sql``}
    ) d join assets a on a.id = d.asset_id
    where a.merged_into is null and a.state not in ('retired', 'disposed')
      and not exists (select from maintenance_work w where w.site_id = ${siteId} and w.origin = d.origin
        and w.due = d.due and w.outcome is distinct from 'lapsed')`
}
