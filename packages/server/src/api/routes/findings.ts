import {
  approveDecision,
  getFinding,
  listFindings,
  listRemedies,
  openWorkOrderForFinding,
  proposeDecision,
  type FindingView,
} from '@wardkeeper/contract'
import { orderForFinding, Refusal } from '@wardkeeper/core'
import { countAgain } from '../../store/assets.ts'
import type { Executor } from '../../store/database.ts'
import { loadDossiers } from '../../store/dossiers.ts'
import * as decisions from '../../store/finding-decisions.ts'
import * as list from '../../store/finding-list.ts'
import { findingOf, lockFinding } from '../../store/findings.ts'
import { newId } from '../../store/uuid.ts'
import { addWorkOrder, readWorkOrder } from '../../store/work-orders.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'
import { evidenceView, isoOf, present } from '../views.ts'
import { workOrderViews } from '../work-order-view.ts'

/** Advisories and weaknesses held against devices. */
export const findingRoutes: Routes = (serve, { database: { db }, now }) => {
  const demand = async (executor: Executor, actor: Actor, id: string) => {
    const entry = await list.readFindingEntry(executor, actor.sites, id)
    if (entry === undefined) throw new ApiError('not-found')
    return entry
  }
  const show = async (actor: Actor, id: string) => findingView(await demand(db, actor, id))

  serve(listFindings, async ({ query, actor }) => {
    const page = await list.listFindings(db, actor.sites, query)
    return {
      items: page.items.map(findingView),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  serve(listRemedies, async ({ query, actor }) => {
    return { items: [...(await list.groupByRemedy(db, actor.sites, query.limit))] }
  })

  serve(getFinding, ({ params, actor }) => show(actor, params.id))

  serve(proposeDecision, async ({ params, body, actor }) => {
    await db.transaction().execute(async (trx) => {
      await lockFinding(trx, params.id)
      const finding = await demand(trx, actor, params.id)
      await decisions.proposeDecision(trx, finding, body, actor.userId, now())
      const deed = {
        siteId: finding.site_id,
        action: 'finding.decision-proposed',
        kind: 'finding',
        id: finding.id,
        reason: body.reason,
        after: { decision: body.decision, until: body.until },
        change: 'finding.changed',
      } as const
      await record(trx, actor, deed, now())
    })
    return show(actor, params.id)
  })

  serve(approveDecision, async ({ params, actor }) => {
    await db.transaction().execute(async (trx) => {
      await lockFinding(trx, params.id)
      const finding = await demand(trx, actor, params.id)
      const state = await decisions.approveDecision(trx, finding, actor.userId, now())
      await countAgain(trx, [finding.asset_id])
      const deed = {
        siteId: finding.site_id,
        action: 'finding.decision-approved',
        kind: 'finding',
        id: finding.id,
        before: { state: finding.state },
        after: { state },
        change: 'finding.changed',
      } as const
      await record(trx, actor, deed, now())
    })
    return show(actor, params.id)
  })

  serve(openWorkOrderForFinding, async ({ params, actor }) => {
    const row = await db.transaction().execute(async (trx) => {
      await lockFinding(trx, params.id)
      const entry = await demand(trx, actor, params.id)
      const finding = findingOf(entry)
      if (finding.state !== 'open' || (await hasOpenOrder(trx, entry.work_order_id))) {
        throw new Refusal('finding-not-open', [
          `The finding is ${finding.state}; an order may be open for it.`,
        ])
      }
      const dossier = (await loadDossiers(trx, [finding.assetId])).get(finding.assetId)
      if (dossier === undefined) throw new ApiError('not-found')
      const order = await addWorkOrder(
        trx,
        entry.site_id,
        orderForFinding(finding, dossier, now(), newId),
      )
      await trx
        .updateTable('findings')
        .set({ state: 'in-progress', work_order_id: order.id })
        .where('id', '=', finding.id)
        .execute()
      const deed = {
        siteId: entry.site_id,
        action: 'work-order.opened',
        kind: 'work-order',
        id: order.id,
        after: { finding: finding.id },
        log: `Opened for ${finding.subject}`,
        change: 'work-order.changed',
      } as const
      await record(trx, actor, deed, now())
      return order
    })
    const [view] = await workOrderViews(db, [row])
    if (view === undefined) throw new ApiError('not-found')
    return view
  })
}

async function hasOpenOrder(trx: Executor, id: string | null): Promise<boolean> {
  const order = id === null ? undefined : await readWorkOrder(trx, id)
  return order !== undefined && order.state !== 'closed' && order.state !== 'cancelled'
}

function findingView(entry: list.FindingEntry): FindingView {
  const { decision } = entry
  const finding = findingOf(entry)
  return {
    id: finding.id,
    assetId: finding.assetId,
    asset: entry.asset,
    kind: finding.kind,
    subject: finding.subject,
    verdict: finding.verdict,
    severity: finding.severity,
    state: finding.state,
    cves: [...finding.cves],
    isKnownExploited: entry.is_known_exploited,
    because: finding.because,
    evidence: finding.evidence.map(evidenceView),
    remedy: finding.remedy,
    opened: isoOf(finding.opened),
    ...present({
      unit: entry.unit,
      link: entry.link,
      missing: finding.missing,
      closed: finding.closed === undefined ? undefined : isoOf(finding.closed),
      workOrderId: entry.work_order_id,
      decision: decision && {
        by: decision.by,
        reason: decision.reason,
        time: isoOf(Date.parse(decision.time)),
        ...present({ approvedBy: decision.approvedBy, until: decision.until }),
      },
    }),
  }
}
