import {
  assignWorkOrder,
  getWorkOrder,
  listCandidates,
  listTechnicians,
  listWorkOrders,
  moveWorkOrder,
  saveTechnician,
  workWorkOrder,
} from '@wardkeeper/contract'
import {
  assign,
  cancel,
  checkAuthorization,
  close,
  complete,
  hold,
  Refusal,
  resume,
  start,
  type AuthorizedDevice,
  type WorkOrder,
} from '@wardkeeper/core'
import type { Executor, Trx } from '../../store/database.ts'
import { appendOutbox } from '../../store/outbox.ts'
import { endByHand } from '../../store/maintenance-work.ts'
import * as lists from '../../store/response-lists.ts'
import {
  addTechnician,
  countOpenOrders,
  devicesToAuthorize,
  linkAccount,
  loadTechnicians,
  type TechnicianEntry,
} from '../../store/technicians.ts'
import {
  lockWorkOrder,
  markSeenUntil,
  readWorkOrder,
  saveWorkOrder,
  workOrderOf,
  type WorkOrderRecord,
} from '../../store/work-orders.ts'
import { demandSite, type Actor } from '../actor.ts'
import type { ApiContext, Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'
import { present } from '../views.ts'
import { workOrderViews } from '../work-order-view.ts'

/** The work board. */
export const workOrderRoutes: Routes = (serve, context) => {
  const { db } = context.database
  const { now } = context

  serve(listWorkOrders, async ({ query, actor }) => {
    const page = await lists.listWorkOrders(db, actor.sites, query)
    return {
      items: await workOrderViews(db, page.items),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  serve(getWorkOrder, ({ params, actor }) => show(db, actor, params.id))

  serve(listCandidates, async ({ params, actor }) => {
    const row = demandRow(await readWorkOrder(db, params.id), actor)
    const order = workOrderOf(row)
    const devices = await devicesToAuthorize(db, order.assetIds)
    const busy = await countOpenOrders(db)
    const items = (await loadTechnicians(db, [row.site_id])).map((technician) => ({
      id: technician.id,
      name: technician.name,
      employer: technician.employer,
      reasons: [...new Set(reasonsAgainst(technician, devices, order, now()))],
      openWorkOrders: busy.get(technician.id) ?? 0,
    }))
    return { items: items.toSorted((a, b) => a.reasons.length - b.reasons.length) }
  })

  serve(assignWorkOrder, async ({ params, body, actor }) => {
    await change(context, actor, params.id, async (trx, order) => {
      const [technician] = await loadTechnicians(trx, actor.sites, body.technicianId)
      if (technician === undefined) throw new ApiError('not-found')
      const next = assign(order, technician, await devicesToAuthorize(trx, order.assetIds), now())
      return { next, action: 'work-order.assigned', log: `Assigned to ${technician.name}` }
    })
    return show(db, actor, params.id)
  })

  serve(workWorkOrder, async ({ params, body, actor }) => {
    const { technicianId } = actor
    if (technicianId === undefined) {
      throw new Refusal('not-a-technician', ['Your account belongs to no technician.'])
    }
    await change(context, actor, params.id, async (trx, order) => {
      if (body.move === 'start') {
        await demandStillAuthorized(trx, technicianId, order, now())
        const next = start(order, technicianId, now())
        return { next, action: 'work-order.started', log: 'Started' }
      }
      const next = complete(order, technicianId, body.resolution, now())
      return { next, action: 'work-order.done', log: 'Said to be done', reason: body.resolution }
    })
    return show(db, actor, params.id)
  })

  serve(moveWorkOrder, async ({ params, body, actor }) => {
    const reason = 'reason' in body ? body.reason : undefined
    await change(context, actor, params.id, async (_trx, order) => {
      switch (body.move) {
        case 'hold':
          return { next: hold(order), action: 'work-order.held', log: 'Put on hold', reason }
        case 'resume':
          return { next: resume(order), action: 'work-order.resumed', log: 'Goes on' }
        case 'cancel':
          return {
            next: cancel(order, body.reason),
            action: 'work-order.cancelled',
            log: 'Cancelled',
            reason,
          }
        case 'close': {
          // The technician's own word is not independent: the rule knows them by their id.
          const isHolder =
            actor.technicianId !== undefined && actor.technicianId === order.technicianId
          const by = isHolder ? (actor.technicianId ?? actor.name) : actor.name
          const word = body.reason === undefined ? undefined : { by, reason: body.reason }
          return {
            next: close(order, word, now()),
            action: 'work-order.closed',
            log: 'Closed',
            reason,
          }
        }
      }
    })
    return show(db, actor, params.id)
  })
}

/** Who may work on devices. */
export const technicianRoutes: Routes = (serve, { database: { db }, siteId, now }) => {
  serve(listTechnicians, async ({ actor }) => {
    return { items: (await loadTechnicians(db, actor.sites)).map(technicianView) }
  })

  serve(saveTechnician, async ({ body, actor }) => {
    const site = actor.sites === undefined ? siteId : actor.sites[0]
    if (site === undefined) throw new ApiError('not-allowed')
    for (const { siteId: of } of body.authorizations) demandOwnSite(actor, of)
    const id = await db.transaction().execute(async (trx) => {
      const added = await addTechnician(trx, site, body)
      if (
        body.username !== undefined &&
        !(await linkAccount(trx, body.username, added, actor.sites))
      ) {
        throw new ApiError('invalid-input', [
          'username: there is no such account without a technician',
        ])
      }
      const deed = {
        siteId: site,
        action: 'technician.added',
        kind: 'technician',
        id: added,
        after: body,
        change: 'work-order.changed',
      } as const
      await record(trx, actor, deed, now())
      return added
    })
    const [technician] = await loadTechnicians(db, undefined, id)
    if (technician === undefined) throw new ApiError('not-found')
    return technicianView(technician)
  })
}

/** Leave for every site is given only by somebody who answers for every site. */
function demandOwnSite(actor: Actor, siteId: string): void {
  if (actor.sites === undefined || actor.sites.includes(siteId)) return
  throw new ApiError('invalid-input', [
    `authorizations: ${siteId === '*' ? 'every site' : siteId} is not yours to give`,
  ])
}

function technicianView({ id, name, employer, username, authorizations }: TechnicianEntry) {
  const copies = authorizations.map((authorization) => ({ ...authorization }))
  return { id, name, employer, authorizations: copies, ...present({ username }) }
}

function demandRow(row: WorkOrderRecord | undefined, actor: Actor): WorkOrderRecord {
  if (row === undefined) throw new ApiError('not-found')
  demandSite(actor, row.site_id)
  return row
}

async function show(db: Executor, actor: Actor, id: string) {
  const row = demandRow(await readWorkOrder(db, id), actor)
  const [view] = await workOrderViews(db, [row])
  if (view === undefined) throw new ApiError('not-found')
  return view
}

interface Move {
  readonly next: WorkOrder
  readonly action: string
  readonly log: string
  readonly reason?: string | undefined
}

/** Locks the order, applies a rule and writes what came of it, all or nothing. */
async function change(
  { database: { db }, bus, now }: ApiContext,
  actor: Actor,
  id: string,
  rule: (trx: Trx, order: WorkOrder) => Promise<Move>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = demandRow(await lockWorkOrder(trx, id), actor)
    const order = workOrderOf(row)
    const { next, action, log, reason } = await rule(trx, order)
    await saveWorkOrder(trx, next)
    if (next.state === 'cancelled' || next.state === 'closed') await endAll(trx, next, actor, now())
    const deed = {
      siteId: row.site_id,
      action,
      kind: 'work-order',
      id,
      reason,
      before: { state: order.state, technicianId: order.technicianId },
      after: { state: next.state, technicianId: next.technicianId },
      log,
      change: 'work-order.changed',
    } as const
    await record(trx, actor, deed, now())
    if (next.state === 'done') {
      await markSeenUntil(trx, next)
      const payload = { siteId: row.site_id, assetIds: next.assetIds }
      await appendOutbox(trx, [{ subject: 'work-order.done', id: `done/${id}/${now()}`, payload }])
    }
  })
  bus.wake()
}

/** What hangs on an order that a person ended. */
async function endAll(trx: Trx, order: WorkOrder, actor: Actor, now: number): Promise<void> {
  await releaseFindings(trx, order.id)
  if (order.kind !== 'preventive') return
  const [technician] =
    order.technicianId === undefined
      ? []
      : await loadTechnicians(trx, undefined, order.technicianId)
  const by = technician?.name ?? actor.name
  await endByHand(trx, order, { by, username: actor.username, now })
}

/** What the work has not ended, be it cancelled or closed on somebody's word, is open again. */
async function releaseFindings(trx: Trx, workOrderId: string): Promise<void> {
  await trx
    .updateTable('findings')
    .set({ state: 'open', work_order_id: null })
    .where('work_order_id', '=', workOrderId)
    .where('state', '=', 'in-progress')
    .execute()
}

function reasonsAgainst(
  technician: TechnicianEntry,
  devices: readonly AuthorizedDevice[],
  { kind }: WorkOrder,
  now: number,
): readonly string[] {
  return devices.flatMap((device) => checkAuthorization(technician, device, kind, now))
}

/** Between assigning and starting an authorization may have run out. */
async function demandStillAuthorized(
  trx: Trx,
  technicianId: string,
  order: WorkOrder,
  now: number,
): Promise<void> {
  const [technician] = await loadTechnicians(trx, undefined, technicianId)
  if (technician === undefined) throw new ApiError('not-found')
  const reasons = reasonsAgainst(
    technician,
    await devicesToAuthorize(trx, order.assetIds),
    order,
    now,
  )
  if (reasons.length > 0) throw new Refusal('technician-not-authorised', [...new Set(reasons)])
}
