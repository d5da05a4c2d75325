import { observe, type Baseline, type Detection, type FlowSummary } from '@wardkeeper/core'
import type { z } from 'zod'
import type { Content } from '../content/load.ts'
import { lockBaselines, saveBaselines } from '../store/baselines.ts'
import { tellChange } from '../store/changes.ts'
import type { Trx } from '../store/database.ts'
import { addDetections } from '../store/detections.ts'
import { saveFlows, withAssets } from '../store/flows.ts'
import { newId } from '../store/uuid.ts'
import { flowSummarized } from './messages.ts'
import type { Stage } from './stage.ts'

/** Learns with whom each asset talks, and raises what differs from it. */
export function watchBehaviour({
  learning,
  responsePlan,
}: Content): Stage<z.infer<typeof flowSummarized>> {
  return {
    name: 'watch-behaviour',
    consumes: ['flow.summarized'],
    payload: flowSummarized,
    async handle(trx, payload, message) {
      const { siteId } = payload
      const flows = await withAssets(trx, siteId, payload.flows)
      await saveFlows(trx, siteId, flows)
      const byAsset = groupByAsset(flows)
      const known = await lockBaselines(trx, [...byAsset.keys()].toSorted())
      const assets = await namesOf(trx, [...byAsset.keys()])
      // Capture time: a replay is learned as it happened.
      const now = flows.reduce((last, flow) => Math.max(last, flow.last), 0)
      const baselines: Baseline[] = []
      const detections: Detection[] = []
      for (const [assetId, own] of byAsset) {
        const seen = observe({
          assetId,
          baseline: known.get(assetId),
          flows: own,
          settings: learning,
          now,
          newId,
          labelOf: (id, ip) => (id === undefined ? ip : (assets.get(id)?.label ?? ip)),
          isClinical: (id) => {
            const type = assets.get(id)?.type
            return type === undefined || type === null
              ? undefined
              : !responsePlan.otherTypes.includes(type)
          },
        })
        baselines.push(seen.baseline)
        detections.push(...(await withMutes(trx, siteId, seen.detections)))
      }
      await saveBaselines(trx, siteId, baselines)
      await addDetections(trx, siteId, detections)
      const detectionIds = detections.map(({ id }) => id)
      await tellChange(trx, 'detection.changed', siteId, detectionIds)
      if (detectionIds.length === 0) return []
      const id = `detection/${message.id}`
      return [{ subject: 'detection.raised', id, payload: { siteId, detectionIds } }]
    },
  }
}

function groupByAsset(flows: readonly FlowSummary[]): ReadonlyMap<string, readonly FlowSummary[]> {
  const groups = new Map<string, FlowSummary[]>()
  for (const flow of flows) {
    const ends = new Set([flow.client.assetId, flow.server.assetId])
    for (const id of ends) {
      if (id === undefined) continue
      const list = groups.get(id)
      if (list) list.push(flow)
      else groups.set(id, [flow])
    }
  }
  return groups
}

/** What a person has muted until a date is written down, and raises nothing until then. */
async function withMutes(
  trx: Trx,
  siteId: string,
  detections: readonly Detection[],
): Promise<readonly Detection[]> {
  if (detections.length === 0) return []
  const mutes = await trx
    .selectFrom('detections')
    .select(['detector', 'remedy', 'target_id', 'muted_until'])
    .where('site_id', '=', siteId)
    .where('state', '=', 'muted')
    .where(
      'remedy',
      'in',
      detections.map(({ remedy }) => remedy),
    )
    .execute()
  const isMuted = (detection: Detection) =>
    mutes.some(
      (mute) =>
        mute.detector === detection.detector &&
        mute.remedy === detection.remedy &&
        mute.target_id === (detection.targetId ?? null) &&
        (mute.muted_until ?? 0) > Math.max(detection.time, Date.now()),
    )
  return detections.map((one) => (isMuted(one) ? { ...one, state: 'muted' } : one))
}

async function namesOf(trx: Trx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>()
  const rows = await trx
    .selectFrom('assets')
    .select(['id', 'label', 'type'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}
