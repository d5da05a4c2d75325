import { getIncident, listIncidents, moveIncident, type IncidentRow } from '@wardkeeper/contract'
import { acknowledge, contain, resolveIncident, review, type Incident } from '@wardkeeper/core'
import { countAgain } from '../../store/assets.ts'
import type { Executor } from '../../store/database.ts'
import { readDetections } from '../../store/detections.ts'
import {
  incidentOf,
  lockIncident,
  readIncident,
  saveIncident,
  type IncidentRecord,
} from '../../store/incidents.ts'
import { readLogs } from '../../store/log.ts'
import * as lists from '../../store/response-lists.ts'
import { demandSite, type Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { detectionViews } from '../detection-view.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'
import { isoOf, present } from '../views.ts'
import { logView } from '../work-order-view.ts'

/** Incidents and their moves. */
export const incidentRoutes: Routes = (serve, { database: { db }, content, now }) => {
  const plan = content.responsePlan

  serve(listIncidents, async ({ query, actor }) => {
    const page = await lists.listIncidents(db, actor.sites, query)
    return {
      items: await incidentRows(db, page.items),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  serve(getIncident, ({ params, actor }) => show(db, actor, params.id))

  const moves = {
    acknowledge: (incident: Incident) => acknowledge(incident, now(), plan),
    contain: (incident: Incident) => contain(incident, now(), plan),
    resolve: (incident: Incident) => resolveIncident(incident, now(), plan),
    review: (incident: Incident) => review(incident, now()),
  } as const

  serve(moveIncident, async ({ params, body, actor }) => {
    await db.transaction().execute(async (trx) => {
      const row = await lockIncident(trx, params.id)
      if (row === undefined) throw new ApiError('not-found')
      demandSite(actor, row.site_id)
      const next = moves[body.move](incidentOf(row))
      await saveIncident(trx, row.site_id, next)
      await countAgain(trx, [...next.assetIds].toSorted())
      const deed = {
        siteId: row.site_id,
        action: `incident.${next.state}`,
        kind: 'incident',
        id: row.id,
        reason: body.note,
        before: { state: row.state },
        after: { state: next.state },
        log: `Is now ${next.state}`,
        change: 'incident.changed',
      } as const
      await record(trx, actor, deed, now())
    })
    return show(db, actor, params.id)
  })
}

async function incidentRows(db: Executor, rows: readonly IncidentRecord[]): Promise<IncidentRow[]> {
  const labels = await lists.labelsOf(
    db,
    rows.flatMap((row) => [row.actor_id, ...row.asset_ids]),
  )
  const orders = await ordersOf(
    db,
    rows.map(({ id }) => id),
  )
  const deviceOf = (id: string) => ({ id, label: labels.get(id) ?? 'unknown device' })
  return rows.map((row) => {
    const incident = incidentOf(row)
    return {
      id: incident.id,
      title: incident.title,
      severity: incident.severity,
      state: incident.state,
      devices: incident.assetIds.map(deviceOf),
      detections: incident.detectionIds.length,
      workOrders: orders.get(incident.id)?.length ?? 0,
      opened: isoOf(incident.opened),
      ...present({
        actor: incident.actorId === undefined ? undefined : deviceOf(incident.actorId),
        due: incident.due === undefined ? undefined : isoOf(incident.due),
      }),
    }
  })
}

async function ordersOf(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('work_orders')
    .select(['id', 'incident_id'])
    .where('incident_id', 'in', ids)
    .orderBy('number')
    .execute()
  const byIncident = Map.groupBy(rows, (row) => row.incident_id ?? '')
  return new Map([...byIncident].map(([id, list]) => [id, list.map((row) => row.id)]))
}

async function show(db: Executor, actor: Actor, id: string) {
  const row = await readIncident(db, id)
  if (row === undefined) throw new ApiError('not-found')
  demandSite(actor, row.site_id)
  const [view] = await incidentRows(db, [row])
  if (view === undefined) throw new ApiError('not-found')
  const logs = await readLogs(db, [id])
  return {
    ...view,
    dossiers: incidentOf(row).dossiers.map((dossier) => ({
      assetId: dossier.assetId,
      label: dossier.label,
      inUse: dossier.inUse,
      openFindings: dossier.openFindings,
      ...present({
        manufacturer: dossier.manufacturer,
        model: dossier.model,
        serial: dossier.serial,
        type: dossier.type,
        owner: dossier.owner,
        unit: dossier.unit,
        room: dossier.room,
        warrantyUntil: dossier.warrantyUntil,
        contract: dossier.contract,
        lastMaintenance: dossier.lastMaintenance && { ...dossier.lastMaintenance },
      }),
    })),
    timeline: await detectionViews(db, await readDetections(db, row.detection_ids)),
    workOrderIds: [...((await ordersOf(db, [id])).get(id) ?? [])],
    log: (logs.get(id) ?? []).map(logView),
  }
}
