import { checkAuthorization, unassign } from '@wardkeeper/core'
import { tellChange } from '../store/changes.ts'
import type { Trx } from '../store/database.ts'
import { addLog } from '../store/log.ts'
import { devicesToAuthorize, loadTechnicians } from '../store/technicians.ts'
import { saveWorkOrder, workOrderOf, type WorkOrderRecord } from '../store/work-orders.ts'

const SELF = 'Wardkeeper'

/** Takes an assigned order back when its technician may not work on one of its devices. */
export async function takeBack(trx: Trx, row: WorkOrderRecord, now: number): Promise<void> {
  const order = workOrderOf(row)
  const [technician] = await loadTechnicians(trx, undefined, order.technicianId)
  const devices = await devicesToAuthorize(trx, order.assetIds)
  const reasons = devices.flatMap((device) =>
    technician === undefined
      ? ['The technician is gone.']
      : checkAuthorization(technician, device, order.kind, now),
  )
  if (reasons.length === 0) return
  await saveWorkOrder(trx, unassign(order))
  const what = `Taken back from ${technician?.name ?? 'the technician'}`
  await addLog(trx, row.site_id, row.id, {
    time: now,
    by: SELF,
    what,
    reason: [...new Set(reasons)].join(' '),
  })
  await tellChange(trx, 'work-order.changed', row.site_id, [row.id])
}
