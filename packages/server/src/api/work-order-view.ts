import type { WorkOrderView } from '@wardkeeper/contract'
import type { Expectation, WorkOrder } from '@wardkeeper/core'
import type { Executor } from '../store/database.ts'
import { readLogs, type LogEntry } from '../store/log.ts'
import { labelsOf } from '../store/response-lists.ts'
import { readMaintenanceWork, type MaintenanceLine } from '../store/maintenance-work.ts'
import { workOrderOf, type WorkOrderRecord } from '../store/work-orders.ts'
import { evidenceView, isoOf, present } from './views.ts'
import { uuidOf } from './uuid-param.ts'

/** Work orders with the names of devices and technicians, and their logs. */
export async function workOrderViews(
  db: Executor,
  rows: readonly WorkOrderRecord[],
): Promise<WorkOrderView[]> {
  const orders = rows.map(workOrderOf)
  const actors = orders.flatMap(({ expectation }) =>
    'actorId' in expectation ? (uuidOf(expectation.actorId) ?? []) : [],
  )
  const labels = await labelsOf(db, [...orders.flatMap(({ assetIds }) => assetIds), ...actors])
  const logs = await readLogs(
    db,
    orders.map(({ id }) => id),
  )
  const technicians = await namesOf(
    db,
    orders.flatMap(({ technicianId }) => technicianId ?? []),
  )
  const maintenance = await maintenanceOf(db, orders)
  return orders.map((order) => ({
    id: order.id,
    number: order.number,
    kind: order.kind,
    title: order.title,
    state: order.state,
    severity: order.severity,
    devices: order.assetIds.map((id) => ({ id, label: labels.get(id) ?? 'unknown device' })),
    findingIds: [...order.findingIds],
    expectation: sentenceOf(order.expectation, labels),
    opened: isoOf(order.opened),
    log: (logs.get(order.id) ?? []).map(logView),
    ...present({
      incidentId: order.incidentId,
      technician:
        order.technicianId === undefined
          ? undefined
          : { id: order.technicianId, name: technicians.get(order.technicianId) ?? '' },
      due: order.due === undefined ? undefined : isoOf(order.due),
      done: order.done === undefined ? undefined : isoOf(order.done),
      resolution: order.resolution,
      maintenance: maintenance.get(order.id)?.map((line) => lineView(line, labels)),
      verification: order.verification && {
        reason: order.verification.reason,
        evidence: order.verification.evidence.map(evidenceView),
      },
    }),
  }))
}

async function maintenanceOf(
  db: Executor,
  orders: readonly WorkOrder[],
): Promise<ReadonlyMap<string, readonly MaintenanceLine[]>> {
  const preventive = orders.filter(({ kind }) => kind === 'preventive').map(({ id }) => id)
  if (preventive.length === 0) return new Map()
  const lines = await readMaintenanceWork(db, preventive)
  return Map.groupBy(lines, (line) => line.work_order_id)
}

function lineView(
  { asset_id: id, name, due, outcome }: MaintenanceLine,
  labels: ReadonlyMap<string, string>,
) {
  const device = { id, label: labels.get(id) ?? 'unknown device' }
  return { device, name, due, ...present({ outcome }) }
}

export function logView({ time, by, what, reason }: LogEntry) {
  return { time: isoOf(time), by, what, ...present({ reason }) }
}

async function namesOf(db: Executor, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('technicians')
    .select(['id', 'name'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** What the network must show, for a person. */
function sentenceOf(expectation: Expectation, labels: ReadonlyMap<string, string>): string {
  switch (expectation.kind) {
    case 'firmware-not-affected':
      return `The device reports a version that ${expectation.advisoryId} does not affect.`
    case 'field-value':
      return `The device shows ${expectation.field} as ${expectation.value}.`
    case 'no-contact': {
      const { actorId } = expectation
      const actor = labels.get(actorId) ?? actorId.replace(/^ip:/, '')
      return `The device is seen, and has no contact with ${actor}.`
    }
    case 'weakness-gone':
      return `The device is seen, and ${expectation.code} is not.`
    case 'none':
      return expectation.reason
  }
}
