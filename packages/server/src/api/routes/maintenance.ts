import { getMaintenance, previewMaintenance, saveMaintenance } from '@wardkeeper/contract'
import { batchesOf, findAuthorized, orderForMaintenance } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from '../../store/database.ts'
import { workOutDueDates } from '../../store/due-dates.ts'
import { countBacklog, dueMaintenance } from '../../store/maintenance-due.ts'
import {
  readMaintenanceSettings,
  saveMaintenanceSettings,
  type SiteMaintenance,
} from '../../store/maintenance-settings.ts'
import { loadTechnicians } from '../../store/technicians.ts'
import { demandSite } from '../actor.ts'
import type { Routes } from '../context.ts'
import { record } from '../record.ts'
import { isoOf, present } from '../views.ts'

const MOST_SHOWN = 20
/** A site with more devices due than this is told so. */
const MOST_COUNTED = 100_000

/** Which preventive maintenance becomes work by itself, tried before it is in force. */
export const maintenanceRoutes: Routes = (serve, { database: { db }, content, siteId, now }) => {
  const today = () => isoOf(now()).slice(0, 10)
  const read = (executor: Executor) =>
    readMaintenanceSettings(executor, siteId, content.inventory.maintenance, today())

  const forecast = async (trx: Trx, settings: SiteMaintenance) => {
    await workOutDueDates(trx)
    const { vocabulary } = content.knowledge
    const look = { today: today(), vocabulary, most: MOST_COUNTED }
    const due = settings.isOn ? await dueMaintenance(trx, siteId, settings, look) : []
    const batches = batchesOf(due, settings.mostDevices)
    const technicians = await loadTechnicians(trx, [siteId])
    const nobody = batches.filter(
      ({ items }) => findAuthorized(technicians, items, 'preventive', now()).length === 0,
    )
    return {
      orders: batches.length,
      devices: new Set(due.map(({ assetId }) => assetId)).size,
      backlog: await countBacklog(trx, siteId, settings),
      unauthorised: nobody.length,
      isCut: due.length === MOST_COUNTED,
      items: batches.slice(0, MOST_SHOWN).map(({ items }) => ({
        title: orderForMaintenance(items, now(), '').title,
        devices: items.length,
        due: items[0]?.due ?? today(),
      })),
    }
  }

  serve(getMaintenance, async ({ actor }) => {
    demandSite(actor, siteId)
    const { settings, origin } = await read(db)
    const { rows } = await sql<{ orders: number; devices: number }>`
      select count(distinct work_order_id) as orders, count(distinct asset_id) as devices from maintenance_work
      where site_id = ${siteId} and ended_at is null`.execute(db)
    const from = origin && { by: origin.by, reason: origin.reason, since: isoOf(origin.at) }
    return {
      settings,
      ...present({ from }),
      open: rows[0] ?? { orders: 0, devices: 0 },
      forecast: await db.transaction().execute((trx) => forecast(trx, settings)),
    }
  })

  serve(previewMaintenance, ({ body, actor }) => {
    demandSite(actor, siteId)
    return db.transaction().execute((trx) => forecast(trx, body))
  })

  serve(saveMaintenance, ({ body, actor }) =>
    db.transaction().execute(async (trx) => {
      demandSite(actor, siteId)
      const before = (await read(trx)).settings
      const { settings, reason } = body
      await saveMaintenanceSettings(trx, siteId, settings, { by: actor.username, reason }, now())
      const deed = {
        siteId,
        action: 'maintenance.settings-changed',
        kind: 'settings',
        id: 'maintenance',
        reason,
        before,
        after: settings,
        change: 'work-order.changed',
      } as const
      await record(trx, actor, deed, now())
      return { settings }
    }),
  )
}
