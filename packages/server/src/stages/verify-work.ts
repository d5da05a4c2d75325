import {
  deviceOf,
  indexAdvisories,
  match,
  recordVerification,
  verify,
  type AdvisoryIndex,
  type Asset,
  type FlowSummary,
  type ObservedFact,
  type WorkOrder,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Content } from '../content/load.ts'
import { countAgain, loadAssets } from '../store/assets.ts'
import { tellChange } from '../store/changes.ts'
import type { Executor, Trx } from '../store/database.ts'
import { flowsSince, withAssets } from '../store/flows.ts'
import { resolveFindings } from '../store/findings.ts'
import { addLog } from '../store/log.ts'
import { shareRegrouping } from '../store/merge.ts'
import { loadFacts } from '../store/observations.ts'
import type { Outgoing } from '../store/outbox.ts'
import {
  lockUnverified,
  sitesWithUnverified,
  saveWorkOrder,
  workOrderOf,
  type WorkOrderRecord,
} from '../store/work-orders.ts'
import { assetChanged, flowSummarized, workOrderDone } from './messages.ts'
import type { Stage } from './stage.ts'

const HOUR = 3_600_000
/** So long the absence of something is waited for before it is believed. */
const WAIT_MS = 24 * HOUR
/** A live sensor that has not reported for so long shows nothing. */
const BLIND_AFTER_MS = HOUR

export type VerifyOrders = (
  trx: Trx,
  siteId: string | undefined,
  assetIds?: readonly string[],
) => Promise<readonly string[]>

/** Holds "the work is done" against what the sensors have seen since. */
export function verifyWork(verifyOrders: VerifyOrders): Stage<z.infer<typeof assetChanged>> {
  return {
    name: 'verify-work',
    consumes: ['asset.changed', 'work-order.done'],
    payload: z.union([assetChanged, workOrderDone]),
    course: 'behind',
    async handle(trx, { siteId, assetIds }, message) {
      return told(await verifyOrders(trx, siteId, assetIds), siteId, message.id)
    },
  }
}

/** The same for traffic, which changes no asset. */
export function verifyWorkByFlows(
  verifyOrders: VerifyOrders,
): Stage<z.infer<typeof flowSummarized>> {
  return {
    name: 'verify-work-by-flows',
    consumes: ['flow.summarized'],
    payload: flowSummarized,
    async handle(trx, { siteId, flows }, message) {
      const isWaiting = await trx
        .selectFrom('work_orders')
        .select('id')
        .where('state', '=', 'done')
        .executeTakeFirst()
      if (isWaiting === undefined) return []
      const tied = await withAssets(trx, siteId, flows)
      const ids = tied.flatMap(({ client, server }) => [client.assetId, server.assetId])
      const assetIds = [...new Set(ids.filter((id) => id !== undefined))]
      return told(await verifyOrders(trx, siteId, assetIds), siteId, message.id)
    },
  }
}

function told(ids: readonly string[], siteId: string, messageId: string): Outgoing[] {
  if (ids.length === 0) return []
  return [{ subject: 'work-order.verified', id: `verified/${messageId}`, payload: { siteId, ids } }]
}

/** Looks at every order that was said to be done, or at those of some assets; answers with the decided ones. */
export function makeVerifier({ advisories, knowledge }: Content): VerifyOrders {
  const index = indexAdvisories(advisories, knowledge.vocabulary)
  return async (trx, siteId, assetIds) => {
    const decided: string[] = []
    const counted = new Set<string>()
    for (const site of siteId === undefined ? await sitesWithUnverified(trx) : [siteId])
      await shareRegrouping(trx, site)
    for (const row of await lockUnverified(trx, siteId, assetIds)) {
      const outcome = await verifyOne(trx, row, index)
      if (outcome === undefined) continue
      decided.push(row.id)
      if (outcome === 'verified') for (const id of row.asset_ids) counted.add(id)
      await tellChange(trx, 'work-order.changed', row.site_id, [row.id])
    }
    // All at once and last, as everybody locks findings before devices.
    await countAgain(trx, [...counted].toSorted())
    return decided
  }
}

async function verifyOne(
  trx: Trx,
  row: WorkOrderRecord,
  index: AdvisoryIndex,
): Promise<string | undefined> {
  const order = workOrderOf(row)
  const clock = await clockOf(trx, row)
  const factsOf = await loadFacts(trx, order.assetIds)
  const assets = [...(await loadAssets(trx, order.assetIds)).values()]
  const flows = [
    // First, and by itself: among the many flows of a busy device it could be cut off.
    ...(await contactsSince(trx, order, clock.since)),
    ...(await flowsSince(trx, order.assetIds, clock.since)),
  ]
  const news = new Map(
    [...factsOf].map(([id, facts]) => [id, facts.filter((fact) => isNews(fact, clock.since))]),
  )
  const result = verify(
    { ...order, done: clock.since },
    {
      facts: [...news.values()].flat(),
      flows,
      versionFields: assets.flatMap(versionFieldsOf),
      seenAssetIds: order.assetIds.filter(
        (id) => (news.get(id)?.length ?? 0) > 0 || flows.some((flow) => isEnd(flow, id)),
      ),
      matches: assets.flatMap((asset) => {
        const device = deviceOf(asset)
        return device === undefined ? [] : match(device, index)
      }),
      isSensorBlind: clock.isBlind,
      now: clock.now,
      waitUntil: clock.since + WAIT_MS,
    },
  )
  if (result.outcome === 'waiting') return undefined
  await saveWorkOrder(trx, recordVerification(order, result))
  if (result.outcome === 'verified' && order.expectation.kind === 'weakness-gone') {
    await resolveFindings(trx, order.findingIds, result.reason, clock.now)
    await tellChange(trx, 'finding.changed', row.site_id, order.findingIds)
  }
  await addLog(trx, row.site_id, row.id, {
    time: Date.now(),
    by: 'Wardkeeper',
    what: `The network says: ${result.outcome.replace('-', ' ')}`,
    reason: result.reason,
  })
  return result.outcome
}

async function contactsSince(trx: Trx, { expectation, assetIds }: WorkOrder, since: number) {
  if (expectation.kind !== 'no-contact') return []
  return await flowsSince(trx, assetIds, since, { peer: expectation.actorId })
}

/** What the device itself told: a version that somebody typed in proves no work. */
function versionFieldsOf({ claims }: Asset): readonly string[] {
  return claims
    .filter(({ attribute }) => attribute === 'firmware')
    .flatMap(({ evidence }) => evidence.map(({ field }) => field))
}

function isEnd({ client, server }: FlowSummary, assetId: string): boolean {
  return client.assetId === assetId || server.assetId === assetId
}

function isNews(fact: ObservedFact, since: number): boolean {
  return fact.last > since
}

interface Clock {
  /** From here on what is seen is news. */
  readonly since: number
  readonly now: number
  readonly isBlind: boolean
}

/**
 * Live sensors share the clock of the technician. Where there are only captures, their own time counts: news is what
 * they show beyond what was known of the devices when the work was done, and time passes as far as they reach.
 */
async function clockOf(db: Executor, row: WorkOrderRecord): Promise<Clock> {
  const done = row.done ?? 0
  const { rows } = await sql<{ live: number; fresh: number; last: number | null }>`
    select count(*) filter (where kind <> 'capture') as live,
      count(*) filter (where kind <> 'capture' and state = 'running'
        and reported_at > now() - ${`${BLIND_AFTER_MS} ms`}::interval) as fresh,
      max(last_frame) filter (where kind = 'capture') as last
    from sensors where site_id = ${row.site_id}`.execute(db)
  const sensors = rows[0]
  if (sensors !== undefined && sensors.live > 0) {
    return { since: done, now: Date.now(), isBlind: sensors.fresh === 0 }
  }
  const since = row.seen_until ?? done
  const last = sensors?.last ?? since
  // Without news from a capture the wall clock decides, after the same wait, that nothing can be seen.
  const hasNews = last > since
  const now = hasNews || Date.now() < done + WAIT_MS ? last : since + WAIT_MS + 1
  return { since, now, isBlind: !hasNews }
}
