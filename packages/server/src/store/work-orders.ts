import type {
  Expectation,
  Severity,
  WorkOrder,
  WorkOrderKind,
  WorkOrderState,
} from '@wardkeeper/core'
import { sql, type Selectable } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseText, toDatabaseTime, toDatabaseTimeOrNull } from './time.ts'

export type WorkOrderRecord = Selectable<Schema['work_orders']>

/** Adds an order; the database numbers it. */
export async function addWorkOrder(
  trx: Trx,
  siteId: string,
  order: WorkOrder,
): Promise<WorkOrderRecord> {
  return await trx
    .insertInto('work_orders')
    .values({ id: order.id, site_id: siteId, ...rowOf(order) })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function saveWorkOrder(trx: Trx, order: WorkOrder): Promise<void> {
  await trx.updateTable('work_orders').set(rowOf(order)).where('id', '=', order.id).execute()
}

export async function readWorkOrder(
  db: Executor,
  id: string,
): Promise<WorkOrderRecord | undefined> {
  return await db.selectFrom('work_orders').selectAll().where('id', '=', id).executeTakeFirst()
}

/** One order, locked until the transaction ends. */
export async function lockWorkOrder(trx: Trx, id: string): Promise<WorkOrderRecord | undefined> {
  return await trx
    .selectFrom('work_orders')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** Every order of an incident, locked. */
export async function lockOrdersOf(trx: Trx, incidentId: string): Promise<readonly WorkOrder[]> {
  const rows = await trx
    .selectFrom('work_orders')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(workOrderOf)
}

/** Orders that were said to be done and wait for the network's word, locked; all, or those of some assets. */
export async function sitesWithUnverified(db: Executor): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('work_orders')
    .select('site_id')
    .distinct()
    .where('state', '=', 'done')
    .orderBy('site_id')
    .execute()
  return rows.map((row) => row.site_id)
}

export async function lockUnverified(
  trx: Trx,
  siteId: string | undefined,
  assetIds?: readonly string[],
): Promise<readonly WorkOrderRecord[]> {
  let query = trx.selectFrom('work_orders').selectAll().where('state', '=', 'done')
  if (siteId !== undefined) query = query.where('site_id', '=', siteId)
  if (assetIds !== undefined) {
    query = query.where(sql<boolean>`asset_ids && ${assetIds}::uuid[]`)
  }
  return await query.orderBy('id').forUpdate().execute()
}

/**
 * Remembers how far the sensors had seen the devices when the work was said to be done. A capture that is
 * handed in later runs by its own clock; only what it shows beyond this moment is news.
 */
export async function markSeenUntil(trx: Trx, order: WorkOrder): Promise<void> {
  await sql`
    update work_orders set seen_until = (
      select max(last_seen) from (
        select seen as last_seen from asset_sights where asset_id = any(${order.assetIds}::uuid[])
        union all select max(last_seen) from flow_summaries where client_asset_id = any(${order.assetIds}::uuid[])
        union all select max(last_seen) from flow_summaries where server_asset_id = any(${order.assetIds}::uuid[])
      ) as seen
    ) where id = ${order.id}`.execute(trx)
}

function rowOf(order: WorkOrder) {
  return {
    kind: order.kind,
    title: toDatabaseText(order.title),
    state: order.state,
    severity: order.severity,
    asset_ids: order.assetIds,
    incident_id: order.incidentId ?? null,
    finding_ids: order.findingIds,
    expectation: toJson(order.expectation),
    technician_id: order.technicianId ?? null,
    opened: toDatabaseTime(order.opened),
    due: toDatabaseTimeOrNull(order.due),
    done: toDatabaseTimeOrNull(order.done),
    resolution: order.resolution === undefined ? null : toDatabaseText(order.resolution),
    verification: order.verification === undefined ? null : toJson(order.verification),
  }
}

export function workOrderOf(row: WorkOrderRecord): WorkOrder {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind as WorkOrderKind,
    title: row.title,
    state: row.state as WorkOrderState,
    severity: row.severity as Severity,
    assetIds: row.asset_ids,
    incidentId: row.incident_id ?? undefined,
    findingIds: row.finding_ids,
    expectation: row.expectation as Expectation,
    technicianId: row.technician_id ?? undefined,
    opened: row.opened,
    due: row.due ?? undefined,
    done: row.done ?? undefined,
    resolution: row.resolution ?? undefined,
    verification: (row.verification as WorkOrder['verification'] | null) ?? undefined,
  }
}
