import {
  assign,
  batchesOf,
  findAuthorized,
  orderForMaintenance,
  type Batch,
  type WorkOrder,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Content } from '../content/load.ts'
import { tellChange } from '../store/changes.ts'
import type { Db, Trx } from '../store/database.ts'
import { addLog } from '../store/log.ts'
import { dueMaintenance, type DueRow } from '../store/maintenance-due.ts'
import {
  beginMaintenance,
  readMaintenanceSettings,
  type SiteMaintenance,
} from '../store/maintenance-settings.ts'
import { addMaintenanceWork, findJoinable, settleMaintenance } from '../store/maintenance-work.ts'
import { countOpenOrders, loadTechnicians, type TechnicianEntry } from '../store/technicians.ts'
import { newId } from '../store/uuid.ts'
import { addWorkOrder, lockWorkOrder, saveWorkOrder, workOrderOf } from '../store/work-orders.ts'
import { takeBack } from './take-back.ts'

const SELF = 'Wardkeeper'
/** A pass stays short; what is left comes with the next, a minute later. */
const DEVICES_PER_PASS = 2000

interface Context {
  readonly db: Db
  readonly content: Content
}

/** Makes due maintenance into work, at every site; ends what is written down. Once for each device and due date. */
export async function openMaintenance({ db, content }: Context, now: number): Promise<void> {
  await db.transaction().execute((trx) => settleMaintenance(trx, now))
  const sites = await db.selectFrom('sites').select('id').orderBy('id').execute()
  for (const { id } of sites) {
    await db.transaction().execute((trx) => openAtSite(trx, id, content, now))
  }
}

async function openAtSite(
  trx: Trx,
  siteId: string,
  { inventory, knowledge: { vocabulary } }: Content,
  now: number,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`maintenance/${siteId}`}, 0))`.execute(
    trx,
  )
  const today = new Date(now).toISOString().slice(0, 10)
  await beginMaintenance(trx, siteId, today)
  const { settings } = await readMaintenanceSettings(trx, siteId, inventory.maintenance, today)
  if (!settings.isOn) return
  const most = DEVICES_PER_PASS
  const due = await dueMaintenance(trx, siteId, settings, { today, vocabulary, most })
  if (due.length === 0) return
  const ids = await openBatches(trx, siteId, due, settings, now)
  await tellChange(trx, 'work-order.changed', siteId, ids)
}

async function openBatches(
  trx: Trx,
  siteId: string,
  due: readonly DueRow[],
  { mostDevices }: SiteMaintenance,
  now: number,
): Promise<readonly string[]> {
  const technicians = await loadTechnicians(trx, [siteId])
  const busy = new Map(await countOpenOrders(trx))
  const left: DueRow[] = []
  const ids: string[] = []
  for (const batch of batchesOf(due, due.length)) {
    const joined = await join(trx, siteId, batch, mostDevices, now)
    if (joined !== undefined) ids.push(joined.id)
    left.push(...batch.items.slice(joined?.count ?? 0))
  }
  for (const batch of batchesOf(left, mostDevices)) {
    const ready = orderForMaintenance(batch.items, now, newId())
    const { order, log, reason } = give(ready, batch.items, technicians, busy, now)
    await addWorkOrder(trx, siteId, order)
    await addMaintenanceWork(trx, siteId, order.id, batch.key, batch.items)
    await addLog(trx, siteId, order.id, { time: now, by: SELF, what: log, reason })
    ids.push(order.id)
  }
  return ids
}

/** Adds devices to an order of the same batch that nobody has begun. */
async function join(
  trx: Trx,
  siteId: string,
  { key, items }: Batch<DueRow>,
  most: number,
  now: number,
): Promise<{ readonly id: string; readonly count: number } | undefined> {
  const found = await findJoinable(trx, siteId, key, most)
  const row = found && (await lockWorkOrder(trx, found.id))
  if (found === undefined || row === undefined) return undefined
  const joining = items.slice(0, found.room)
  const order = workOrderOf(row)
  const assetIds = [...new Set([...order.assetIds, ...joining.map(({ assetId }) => assetId)])]
  const due = Math.min(order.due ?? Infinity, orderForMaintenance(joining, now, '').due ?? Infinity)
  const [first] = joining
  const many =
    first &&
    orderForMaintenance(
      assetIds.map((assetId) => ({ ...first, assetId })),
      now,
      '',
    )
  await saveWorkOrder(trx, { ...order, assetIds, due, title: many?.title ?? order.title })
  await addMaintenanceWork(trx, siteId, order.id, key, joining)
  const what = `Now for ${assetIds.length} devices`
  await addLog(trx, siteId, order.id, { time: now, by: SELF, what })
  const current = order.state === 'assigned' ? await lockWorkOrder(trx, order.id) : undefined
  if (current !== undefined) await takeBack(trx, current, now)
  return { id: order.id, count: joining.length }
}

/** Gives the order to the least busy of those who are authorised for all of its devices; to nobody where there is none. */
function give(
  order: WorkOrder,
  items: readonly DueRow[],
  technicians: readonly TechnicianEntry[],
  busy: Map<string, number>,
  now: number,
) {
  const opened = 'Opened for maintenance that is due'
  const count = ({ id }: { readonly id: string }) => busy.get(id) ?? 0
  const [best] = findAuthorized(technicians, items, order.kind, now).toSorted(
    (a, b) => count(a) - count(b),
  )
  if (best === undefined) {
    const reason =
      'Nobody is authorised for every device of it: add an authorization, or a technician.'
    return { order, log: opened, reason }
  }
  busy.set(best.id, count(best) + 1)
  return { order: assign(order, best, items, now), log: `${opened}, assigned to ${best.name}` }
}
