import { sql } from 'kysely'
import type { Executor } from './database.ts'
import type { DetectionRecord } from './detections.ts'
import type { IncidentRecord } from './incidents.ts'
import {
  anywhere,
  inSites,
  oneOf,
  readPage,
  type ListQuery,
  type Page,
  type SortKey,
} from './keyset.ts'
import type { WorkOrderRecord } from './work-orders.ts'

type Sites = readonly string[] | undefined
type Many = readonly string[] | undefined

const SEVERITY: SortKey = { expression: sql`severity_rank`, type: 'bigint' }
/** Those without a date come last in ascending order. */
const DUE: SortKey = { expression: sql`coalesce(due, 'infinity')`, type: 'timestamptz' }
const OPENED: SortKey = { expression: sql`opened`, type: 'timestamptz' }

export function listDetections(
  db: Executor,
  sites: Sites,
  query: ListQuery & { state?: Many; severity?: Many; assetId?: string | undefined },
): Promise<Page<DetectionRecord>> {
  return readPage<DetectionRecord>(
    db,
    {
      select: sql`detections.*`,
      from: sql`detections`,
      where: [
        ...inSites(sql`site_id`, sites),
        ...oneOf(sql`state`, query.state),
        ...oneOf(sql`severity`, query.severity),
        ...(query.assetId
          ? [sql`(actor_id = ${query.assetId} or target_id = ${query.assetId})`]
          : []),
        ...(query.q
          ? [sql`lower(concat_ws(' ', detector, seen, expected)) like ${anywhere(query.q)}`]
          : []),
      ],
      id: sql`id`,
      sorts: { time: { expression: sql`time`, type: 'timestamptz' }, severity: SEVERITY },
      defaultSort: '-time',
    },
    query,
  )
}

export function listIncidents(
  db: Executor,
  sites: Sites,
  query: ListQuery & { state?: Many; severity?: Many; assetId?: string | undefined },
): Promise<Page<IncidentRecord>> {
  return readPage<IncidentRecord>(
    db,
    {
      select: sql`incidents.*`,
      from: sql`incidents`,
      where: [
        ...inSites(sql`site_id`, sites),
        ...oneOf(sql`state`, query.state),
        ...oneOf(sql`severity`, query.severity),
        ...(query.assetId ? [sql`asset_ids @> array[${query.assetId}::uuid]`] : []),
        ...(query.q ? [sql`lower(title) like ${anywhere(query.q)}`] : []),
      ],
      id: sql`id`,
      sorts: { opened: OPENED, severity: SEVERITY, due: DUE },
      defaultSort: '-opened',
    },
    query,
  )
}

export function listWorkOrders(
  db: Executor,
  sites: Sites,
  query: ListQuery & {
    state?: Many
    technicianId?: string | undefined
    assetId?: string | undefined
    incidentId?: string | undefined
  },
): Promise<Page<WorkOrderRecord>> {
  return readPage<WorkOrderRecord>(
    db,
    {
      select: sql`work_orders.*`,
      from: sql`work_orders`,
      where: [
        ...inSites(sql`site_id`, sites),
        ...oneOf(sql`state`, query.state),
        ...(query.technicianId ? [sql`technician_id = ${query.technicianId}`] : []),
        ...(query.assetId ? [sql`asset_ids @> array[${query.assetId}::uuid]`] : []),
        ...(query.incidentId ? [sql`incident_id = ${query.incidentId}`] : []),
        ...(query.q ? [sql`lower(concat_ws(' ', number, title)) like ${anywhere(query.q)}`] : []),
      ],
      id: sql`id`,
      sorts: {
        opened: OPENED,
        due: DUE,
        severity: SEVERITY,
        number: { expression: sql`number`, type: 'bigint' },
      },
      defaultSort: '-opened',
    },
    query,
  )
}

/** Labels of assets, for views that name them. */
export async function labelsOf(
  db: Executor,
  ids: readonly (string | null | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null && id !== undefined))]
  if (wanted.length === 0) return new Map()
  const rows = await db
    .selectFrom('assets')
    .select(['id', 'label'])
    .where('id', 'in', wanted)
    .execute()
  return new Map(rows.map((row) => [row.id, row.label]))
}
