import { endMaintenance, type MaintenanceEnd, type WorkOrder } from '@wardkeeper/core'
import { sql } from 'kysely'
import { actAs } from './act-as.ts'
import { tellChange } from './changes.ts'
import type { Executor, Trx } from './database.ts'
import { workOutDueDates } from './due-dates.ts'
import { addMaintenanceRecord } from './dossier.ts'
import { addLog } from './log.ts'
import type { DueRow } from './maintenance-due.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'
import { lockWorkOrder, saveWorkOrder, workOrderOf } from './work-orders.ts'

const SELF = 'Wardkeeper'

/** The maintenance of one device within an order. */
export interface MaintenanceLine {
  readonly asset_id: string
  readonly work_order_id: string
  readonly schedule_id: string | null
  readonly source: string | null
  readonly native_key: string | null
  readonly name: string
  readonly due: string
  readonly outcome: 'recorded' | 'lapsed' | 'cancelled' | null
}

export async function addMaintenanceWork(
  trx: Trx,
  siteId: string,
  orderId: string,
  batch: string,
  items: readonly DueRow[],
): Promise<void> {
  await trx
    .insertInto('maintenance_work')
    .values(
      items.map((item) => ({
        id: newId(),
        site_id: siteId,
        asset_id: item.assetId,
        work_order_id: orderId,
        origin: item.origin,
        schedule_id: item.scheduleId ?? null,
        source: item.source ?? null,
        native_key: item.nativeKey ?? null,
        batch,
        name: item.name,
        due: item.due,
      })),
    )
    .execute()
}

/** An order of this batch that nobody has begun and that has room, locked. */
export async function findJoinable(
  trx: Trx,
  siteId: string,
  batch: string,
  most: number,
): Promise<{ readonly id: string; readonly room: number } | undefined> {
  const { rows } = await sql<{ id: string; lines: number }>`
    select o.id, (select count(*) from maintenance_work l where l.work_order_id = o.id) as lines from work_orders o
    where o.state in ('ready', 'assigned') and o.id in (
      select work_order_id from maintenance_work where site_id = ${siteId} and batch = ${batch} and ended_at is null)
    order by o.number for update of o`.execute(trx)
  const found = rows.find(({ lines }) => lines < most)
  return found && { id: found.id, room: most - found.lines }
}

/** Lines of these orders, the earliest due first. */
export async function readMaintenanceWork(
  db: Executor,
  orderIds: readonly string[],
): Promise<readonly MaintenanceLine[]> {
  const { rows } = await sql<MaintenanceLine>`
    select asset_id, work_order_id, schedule_id, source, native_key, name, due::text as due, outcome from maintenance_work
    where work_order_id = any(${orderIds}::uuid[]) order by due, id`.execute(db)
  return rows
}

/** The order that a due date of a device became. */
export interface OrderOfDueDate {
  readonly origin: string
  readonly due: string
  readonly id: string
  readonly number: number
  readonly state: string
}

export async function ordersOfDueDates(
  db: Executor,
  assetId: string,
): Promise<readonly OrderOfDueDate[]> {
  const { rows } = await sql<OrderOfDueDate>`
    select w.origin, w.due::text as due, o.id, o.number, o.state from maintenance_work w
    join work_orders o on o.id = w.work_order_id where w.asset_id = ${assetId} order by w.id desc`.execute(
    db,
  )
  return rows
}

/**
 * Ends what was written down meanwhile or is no longer due, and the orders of which nothing is left; of all devices
 * or of these. Answers with the orders that ended.
 */
export async function settleMaintenance(
  trx: Trx,
  now: number,
  assetIds?: readonly string[],
): Promise<readonly string[]> {
  await workOutDueDates(trx, assetIds)
  const { rows } = await sql<{ id: string; work_order_id: string; outcome: string }>`
    select * from (
      select w.id, w.work_order_id, case
        when a.state in ('retired', 'disposed') or a.merged_into is not null then 'lapsed'
        when coalesce(e.next_due::text, r.body ->> 'nextPm', '') > w.due::text then 'recorded'
        when coalesce(e.next_due::text, r.body ->> 'nextPm', '') <> w.due::text then 'lapsed'
      end as outcome
      from maintenance_work w join assets a on a.id = w.asset_id
      left join dossier_entries e on e.id = w.schedule_id and e.ended_at is null
      left join declared_records r on r.site_id = w.site_id and r.source = w.source and r.native_key = w.native_key
        and r.until is null
      where w.ended_at is null and ${assetIds === undefined ? sql`true` : sql`w.asset_id = any(${assetIds}::uuid[])`}
    ) s where outcome is not null`.execute(trx)
  if (rows.length === 0) return []
  await sql`
    update maintenance_work w set ended_at = ${toDatabaseTime(now)}, outcome = s.outcome
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ outcome }) => outcome)}::text[]) as s (id, outcome)
    where w.id = s.id and w.ended_at is null`.execute(trx)
  const orders = [...new Set(rows.map((row) => row.work_order_id))].toSorted()
  const ended: string[] = []
  for (const id of orders) if (await endOrder(trx, id, now)) ended.push(id)
  return ended
}

async function endOrder(trx: Trx, id: string, now: number): Promise<boolean> {
  const row = await lockWorkOrder(trx, id)
  if (row === undefined) return false
  await tellChange(trx, 'work-order.changed', row.site_id, [id])
  if (row.state === 'closed' || row.state === 'cancelled') return false
  const end = await endOf(trx, id)
  if (end === undefined) return false
  const order = endMaintenance(workOrderOf(row), end)
  await saveWorkOrder(trx, order)
  const what = order.state === 'closed' ? 'Closed' : 'Cancelled'
  const reason = order.verification?.reason ?? order.resolution
  await addLog(trx, row.site_id, id, { time: now, by: SELF, what, reason })
  return true
}

/** What became of the devices of an order; undefined while one is open. */
async function endOf(trx: Trx, orderId: string): Promise<MaintenanceEnd | undefined> {
  const lines = await readMaintenanceWork(trx, [orderId])
  if (lines.some(({ outcome }) => outcome === null)) return undefined
  const countOf = (wanted: string) => lines.filter(({ outcome }) => outcome === wanted).length
  const { rows } = await sql<{ by_name: string; date: string }>`
    select by_name, date::text as date from maintenance_records
    where schedule_id = any(${lines.flatMap((line) => line.schedule_id ?? [])}::uuid[])
    order by date desc, id desc limit 1`.execute(trx)
  const [last] = rows
  const source = lines.find((line) => line.source !== null)?.source
  return {
    recorded: countOf('recorded'),
    lapsed: countOf('lapsed'),
    word: last ? `by ${last.by_name} on ${last.date}` : source ? `in ${source}` : undefined,
  }
}

/**
 * A person ended the order by hand. Closed: what is open counts as done and is written down, so that nobody writes it
 * twice; cancelled: it is given up for this due date.
 */
export async function endByHand(
  trx: Trx,
  order: WorkOrder,
  { by, username, now }: { readonly by: string; readonly username: string; readonly now: number },
): Promise<void> {
  const lines = await readMaintenanceWork(trx, [order.id])
  const open = lines.filter(({ outcome }) => outcome === null)
  if (open.length === 0) return
  const isDone = order.state === 'closed'
  await sql`
    update maintenance_work set ended_at = ${toDatabaseTime(now)}, outcome = ${isDone ? 'recorded' : 'cancelled'}
    where work_order_id = ${order.id} and ended_at is null`.execute(trx)
  if (!isDone) return
  const { site_id: siteId } = await trx
    .selectFrom('work_orders')
    .select('site_id')
    .where('id', '=', order.id)
    .executeTakeFirstOrThrow()
  await actAs(trx, { by: username, cause: 'declared', reason: `Work order ${order.number}` })
  const date = new Date(order.done ?? now).toISOString().slice(0, 10)
  // After a merge one device can have the same task twice.
  const tasks = new Map(open.map((line) => [`${line.asset_id} ${line.name}`, line]))
  for (const line of tasks.values()) {
    const scheduleId = line.schedule_id ?? undefined
    const what = `${line.name} (work order ${order.number})`
    await addMaintenanceRecord(
      trx,
      { id: line.asset_id, site_id: siteId },
      { date, by, what, scheduleId },
    )
  }
  await workOutDueDates(
    trx,
    open.map((line) => line.asset_id),
  )
}
