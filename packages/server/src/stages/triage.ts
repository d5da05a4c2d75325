import { extendWork, Refusal, triage, type Incident, type ResponsePlan } from '@wardkeeper/core'
import type { z } from 'zod'
import { countAgain } from '../store/assets.ts'
import { tellChange } from '../store/changes.ts'
import type { Trx } from '../store/database.ts'
import { detectionOf, lockDetections, settleDetections } from '../store/detections.ts'
import { loadDossiers } from '../store/dossiers.ts'
import { lockOpenIncidents, saveIncident } from '../store/incidents.ts'
import { addLog } from '../store/log.ts'
import type { Outgoing } from '../store/outbox.ts'
import { newId } from '../store/uuid.ts'
import { addWorkOrder, lockOrdersOf, lockWorkOrder, saveWorkOrder } from '../store/work-orders.ts'
import { detectionRaised } from './messages.ts'
import type { Stage } from './stage.ts'
import { takeBack } from './take-back.ts'

const SELF = 'Wardkeeper'

/** Turns detections into incidents with a dossier, and into the work that ends them. */
export function triageDetections(plan: ResponsePlan): Stage<z.infer<typeof detectionRaised>> {
  return {
    name: 'triage',
    consumes: ['detection.raised'],
    payload: detectionRaised,
    async handle(trx, { siteId, detectionIds }, message) {
      const detections = (await lockDetections(trx, detectionIds)).map(detectionOf)
      const remedies = [...new Set(detections.map(({ remedy }) => remedy))].toSorted()
      const openIncidents = await lockOpenIncidents(trx, siteId, remedies)
      const involved = detections.flatMap(({ actorId, targetId }) => [actorId, targetId])
      const ids = [...involved, ...openIncidents.flatMap(({ assetIds }) => assetIds)]
      const dossiers = await loadDossiers(trx, [...new Set(ids.filter((id) => id !== undefined))])
      const decided = triage({
        detections,
        openIncidents,
        dossierOf(assetId) {
          const dossier = dossiers.get(assetId)
          if (dossier === undefined)
            throw new Refusal('asset-unknown', [`There is no asset ${assetId}.`])
          return dossier
        },
        plan,
        now: Date.now(),
        newId,
      })
      const incidents = [...decided.opened, ...decided.changed]
      for (const incident of incidents) await saveIncident(trx, siteId, incident)
      await settleDetections(trx, decided.detections, (id) => incidentWith(incidents, id)?.id)
      const orders = [
        ...(await openOrders(trx, siteId, decided.workOrders)),
        ...(await extendOrders(trx, siteId, decided, plan)),
      ]
      await logIncidents(trx, siteId, decided)
      await countAgain(trx, [...new Set(incidents.flatMap(({ assetIds }) => assetIds))].toSorted())
      await tellChange(
        trx,
        'incident.changed',
        siteId,
        incidents.map(({ id }) => id),
      )
      await tellChange(trx, 'detection.changed', siteId, detectionIds)
      return [
        ...told(
          'incident.opened',
          siteId,
          decided.opened.map(({ id }) => id),
          message.id,
        ),
        ...told('work-order.opened', siteId, orders, message.id),
      ]
    },
  }
}

function incidentWith(incidents: readonly Incident[], detectionId: string): Incident | undefined {
  return incidents.find(({ detectionIds }) => detectionIds.includes(detectionId))
}

async function openOrders(
  trx: Trx,
  siteId: string,
  orders: ReturnType<typeof triage>['workOrders'],
): Promise<readonly string[]> {
  for (const order of orders) {
    await addWorkOrder(trx, siteId, order)
    await addLog(trx, siteId, order.id, {
      time: order.opened,
      by: SELF,
      what: 'Opened for an incident',
    })
  }
  const ids = orders.map(({ id }) => id)
  await tellChange(trx, 'work-order.changed', siteId, ids)
  return ids
}

/** Devices that an open incident took in get their work too; answers with the orders that were opened for them. */
async function extendOrders(
  trx: Trx,
  siteId: string,
  { changed, detections }: ReturnType<typeof triage>,
  plan: ResponsePlan,
): Promise<readonly string[]> {
  const opened: string[] = []
  for (const incident of changed) {
    const now = Date.now()
    const orders = await lockOrdersOf(trx, incident.id)
    const order = extendWork(incident, detections, orders, { plan, now, newId })
    if (order === undefined) continue
    if (!orders.some(({ id }) => id === order.id)) {
      opened.push(...(await openOrders(trx, siteId, [order])))
      continue
    }
    await saveWorkOrder(trx, order)
    const what = `Now for ${order.assetIds.length} devices, with the incident`
    await addLog(trx, siteId, order.id, { time: now, by: SELF, what })
    if (order.state === 'assigned') {
      const row = await lockWorkOrder(trx, order.id)
      if (row !== undefined) await takeBack(trx, row, now)
    }
    await tellChange(trx, 'work-order.changed', siteId, [order.id])
  }
  return opened
}

async function logIncidents(
  trx: Trx,
  siteId: string,
  { opened, changed }: ReturnType<typeof triage>,
): Promise<void> {
  const time = Date.now()
  for (const { id, detectionIds } of opened) {
    await addLog(trx, siteId, id, {
      time,
      by: SELF,
      what: `Opened on ${detectionIds.length} detections`,
    })
  }
  for (const { id, detectionIds } of changed) {
    await addLog(trx, siteId, id, {
      time,
      by: SELF,
      what: `Now holds ${detectionIds.length} detections`,
    })
  }
}

function told(
  subject: string,
  siteId: string,
  ids: readonly string[],
  messageId: string,
): Outgoing[] {
  return ids.length === 0
    ? []
    : [{ subject, id: `${subject}/${messageId}`, payload: { siteId, ids } }]
}
