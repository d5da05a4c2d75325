import {
  approveDecision,
  exportFindings,
  getAdvisory,
  getFinding,
  getFreshness,
  listFindings,
  listRemedies,
  openWorkOrderForFinding,
  proposeDecision,
} from '@wardkeeper/contract'
import { orderForFinding, Refusal, whyAbsenceIsUnknown } from '@wardkeeper/core'
import { countAgain } from '../../store/assets.ts'
import type { Executor } from '../../store/database.ts'
import { loadDossiers } from '../../store/dossiers.ts'
import * as decisions from '../../store/finding-decisions.ts'
import * as list from '../../store/finding-list.ts'
import { readAdvisory, readFeedDay } from '../../store/advisories.ts'
import { findingOf, lockFinding, readHistory } from '../../store/findings.ts'
import { newId } from '../../store/uuid.ts'
import { addWorkOrder, readWorkOrder } from '../../store/work-orders.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'
import { advisoryView, findingDetailOf, findingView, type Ages } from '../finding-view.ts'
import { findingsCsv } from '../findings-csv.ts'
import { present } from '../views.ts'
import { workOrderViews } from '../work-order-view.ts'

/** Advisories and weaknesses held against devices. */
export const findingRoutes: Routes = (serve, { database: { db }, content, feeds, now }) => {
  const demand = async (executor: Executor, actor: Actor, id: string) => {
    const entry = await list.readFindingEntry(executor, actor.sites, id)
    if (entry === undefined) throw new ApiError('not-found')
    return entry
  }
  const agesOf = async (): Promise<Ages> =>
    new Map((await feeds.freshness()).map((one) => [one.feedId, one]))
  const show = async (actor: Actor, id: string) =>
    findingView(await demand(db, actor, id), await agesOf())
  const asOf = async () => (await readFeedDay(db)) ?? content.advisoryDate

  serve(listFindings, async ({ query, actor }) => {
    const ages = await agesOf()
    const staleFeeds = [...ages.values()].filter((one) => one.isStale).map((one) => one.feedId)
    const page = await list.listFindings(db, actor.sites, { ...query, staleFeeds })
    return {
      items: page.items.map((entry) => findingView(entry, ages)),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  serve(listRemedies, async ({ query, actor }) => {
    return { items: [...(await list.groupByRemedy(db, actor.sites, query.limit))] }
  })

  serve(getFinding, async ({ params, actor }) => {
    const entry = await demand(db, actor, params.id)
    const advisory = await readAdvisory(db, actor.sites, entry.subject)
    const history = await readHistory(db, entry.id)
    return findingDetailOf(entry, advisory, history, { asOf: await asOf(), ages: await agesOf() })
  })

  serve(getAdvisory, async ({ params, actor }) => {
    const advisory = await readAdvisory(db, actor.sites, params.id)
    if (advisory === undefined) throw new ApiError('not-found')
    return advisoryView(advisory, { asOf: await asOf(), ages: await agesOf() })
  })

  serve(getFreshness, async () => {
    const sources = await feeds.freshness()
    return {
      sources: sources.map(({ ageDays, ...one }) => ({ ...one, ...present({ ageDays }) })),
      ...present({ absence: whyAbsenceIsUnknown(sources) }),
    }
  })

  serve(exportFindings, async ({ actor, reply }) => {
    void reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="wardkeeper-findings.csv"')
    return await findingsCsv(list.streamFindings(db, actor.sites), await agesOf())
  })

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
