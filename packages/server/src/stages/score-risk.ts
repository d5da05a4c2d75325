import { peersOfFlow } from '@wardkeeper/core'
import { z } from 'zod'
import type { Content } from '../content/load.ts'
import { tellChange } from '../store/changes.ts'
import type { Db, Trx } from '../store/database.ts'
import { withAssets } from '../store/flows.ts'
import { shareRegrouping } from '../store/merge.ts'
import { judgeControls } from '../store/risk-controls.ts'
import { hasMds2Forms } from '../store/product-facts.ts'
import { saveRiskPeers, saveSegments } from '../store/risk-peers.ts'
import {
  countRiskDays,
  queueChangedSignals,
  queueRisk,
  scoreWaiting,
  type RiskScoring,
} from '../store/risk-scores.ts'
import { flowSummarized } from './messages.ts'
import type { Stage } from './stage.ts'

export function scoringOf({ risk, knowledge }: Content): RiskScoring {
  const { method, operatingSystems } = risk
  return { method, operatingSystems, vocabulary: knowledge.vocabulary }
}

/** Scores what changed; the database keeps the list, so that no writer can forget to say so. */
export function scoreRisk(content: Content): Stage<unknown> {
  const scoring = scoringOf(content)
  return {
    name: 'score-risk',
    consumes: ['asset.changed', 'finding.opened', 'finding.closed', 'risk.requested'],
    payload: z.unknown(),
    course: 'behind',
    async handle(trx) {
      await scoreAndTell(trx, scoring)
      return []
    },
  }
}

/** Learns from flows from where each asset is reached, and whether controls hold. */
export function watchReach(content: Content): Stage<z.infer<typeof flowSummarized>> {
  const scoring = scoringOf(content)
  return {
    name: 'watch-reach',
    consumes: ['flow.summarized'],
    payload: flowSummarized,
    async handle(trx, { siteId, flows: seen }, message) {
      await shareRegrouping(trx, siteId)
      const flows = await withAssets(trx, siteId, seen)
      const bits = scoring.method.reach.segmentBits
      const peers = flows.flatMap((flow) => peersOfFlow(flow, bits))
      const changed = await saveRiskPeers(trx, siteId, peers)
      await saveSegments(trx, siteId, flows, bits)
      const assetIds = [...new Set(peers.map(({ assetId }) => assetId))]
      await judgeControls(trx, siteId, scoring.method, Date.now(), assetIds)
      await queueRisk(trx, siteId, changed.toSorted())
      await scoreAndTell(trx, scoring)
      // A first session beyond the hospital may contradict what the maker of the device states.
      const outside = peers.filter(({ level }) => level === 'internet' || level === 'internet-out')
      const ids = new Set(outside.map(({ assetId }) => assetId))
      const concerned = changed.filter((id) => ids.has(id)).toSorted()
      if (concerned.length === 0 || !(await hasMds2Forms(trx))) return []
      const payload = { siteId, assetIds: concerned }
      return [{ subject: 'asset.changed', id: `outside/${message.id}`, payload }]
    },
  }
}

async function scoreAndTell(trx: Trx, scoring: RiskScoring): Promise<number> {
  const { taken, changed } = await scoreWaiting(trx, scoring, Date.now())
  for (const [siteId, ids] of changed) await tellChange(trx, 'asset.changed', siteId, ids)
  return taken
}

/** What moves a score because time passes: controls lapse, support ends, signals change. Then the day is counted. */
export async function refreshRisk(db: Db, scoring: RiskScoring, now: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await queueChangedSignals(trx)
    const sites = await trx
      .selectFrom('compensating_controls')
      .select('site_id')
      .distinct()
      .orderBy('site_id')
      .execute()
    for (const { site_id: siteId } of sites) await judgeControls(trx, siteId, scoring.method, now)
  })
  // In pieces, each its own transaction: a stop in between loses nothing.
  let count = 0
  for (;;) {
    const taken = await db.transaction().execute((trx) => scoreAndTell(trx, scoring))
    count += taken
    if (taken === 0) break
  }
  if (count > 0 || new Date(now).getUTCMinutes() === 0) await countRiskDays(db)
}
