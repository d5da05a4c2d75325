import {
  exportRisk,
  getAssetRisk,
  getRisk,
  getRiskHistory,
  listRiskActions,
  listRiskRollups,
  reportRisk,
  supposeRisk,
  type RiskBands,
} from '@wardkeeper/contract'
import { ActionRanking, suppose, type RankedAction } from '@wardkeeper/core'
import { findAsset } from '../../store/asset-list.ts'
import { deviceFacts } from '../../store/risk-inputs.ts'
import { methodOfSite } from '../../store/risk-methods.ts'
import * as reads from '../../store/risk-reads.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { assetRiskView } from '../risk-asset.ts'
import { riskCsv } from '../risk-csv.ts'
import { previewRisk } from '../risk-preview.ts'
import { riskReport } from '../risk-report.ts'

const riskyOf = (bands: RiskBands) => bands.high + bands['very-high']

/** How much devices put at risk, and what lowers it. */
export const riskRoutes: Routes = (serve, { database: { db }, content, siteId, now }) => {
  const standard = content.risk.method
  const method = () => methodOfSite(db, siteId, standard)

  serve(getRisk, async ({ actor }) => {
    const used = await method()
    const counts = await reads.countRisk(db, actor.sites, used.method.scale.upTo)
    return { ...counts, methodId: used.id, isTuned: used.isTuned }
  })

  const rollUps = async (
    sites: readonly string[] | undefined,
    scope: reads.RollupScope,
    limit: number,
  ) => {
    const { items, total } = await reads.rollUpRisk(db, sites, scope, limit)
    return { items: items.map((item) => ({ ...item, risky: riskyOf(item.bands) })), total }
  }
  serve(listRiskRollups, ({ query, actor }) => rollUps(actor.sites, query.scope, query.limit))

  serve(getRiskHistory, async ({ query, actor }) => ({
    days: [...(await reads.readRiskDays(db, actor.sites, query))],
  }))

  // Scoring every device of a large site again takes seconds: the answer is kept until a score changes.
  const rankings = new Map<string, { revision: string; ranked: Promise<readonly RankedAction[]> }>()
  const rank = async (sites: readonly string[] | undefined) => {
    const { id, method: used } = await method()
    const key = JSON.stringify(sites ?? '*')
    const revision = `${id} ${await reads.riskRevision(db, sites)}`
    const known = rankings.get(key)
    if (known?.revision === revision) return await known.ranked
    const ranked = (async () => {
      const ranking = new ActionRanking(used)
      for await (const rows of reads.readStoredRisk(db, sites)) {
        for (const { id: assetId, label, manufacturer, model, inputs } of rows) {
          ranking.add({
            id: assetId,
            label,
            inputs,
            ...(manufacturer === null ? {} : { manufacturer }),
            ...(model === null ? {} : { model }),
          })
        }
      }
      return ranking.finish()
    })()
    rankings.set(key, { revision, ranked })
    ranked.catch(() => rankings.delete(key))
    return await ranked
  }

  serve(listRiskActions, async ({ query, actor }) => {
    const ranked = await rank(actor.sites)
    return {
      total: ranked.length,
      items: ranked.slice(0, query.limit).map(({ assetIds, ...item }) => ({
        ...item,
        assets: assetIds.length,
        assetIds: assetIds.slice(0, 200),
      })),
    }
  })

  serve(getAssetRisk, async ({ params, actor }) => {
    const asset = await findAsset(db, actor.sites, params.id)
    if (asset === undefined) throw new ApiError('not-found')
    return await assetRiskView(db, asset.id, standard)
  })

  serve(supposeRisk, async ({ body, actor }) => {
    const { method: used } = await method()
    const { type, ...change } = body.change
    if (type !== undefined && !content.knowledge.vocabulary.types.has(type)) {
      throw new ApiError('invalid-input', [`type: there is no device type "${type}"`])
    }
    const device =
      type === undefined ? undefined : deviceFacts(type, null, content.knowledge.vocabulary)
    return await previewRisk(db, actor.sites, body.scope, (inputs) => ({
      inputs: suppose(inputs, { ...change, device }),
      method: used,
    }))
  })

  serve(exportRisk, async ({ actor, reply }) => {
    void reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="wardkeeper-risk.csv"')
    return await riskCsv(reads.readStoredRisk(db, actor.sites), (await method()).method)
  })

  serve(reportRisk, async ({ actor, reply }) => {
    const used = await method()
    const [counts, units, models, actions] = await Promise.all([
      reads.countRisk(db, actor.sites, used.method.scale.upTo),
      rollUps(actor.sites, 'unit', 30),
      rollUps(actor.sites, 'model', 30),
      rank(actor.sites),
    ])
    void reply
      .type('application/pdf')
      .header('content-disposition', 'attachment; filename="wardkeeper-risk.pdf"')
    const pdf = await riskReport({
      counts,
      units: units.items,
      models: models.items,
      actions: actions.slice(0, 30),
      methodId: used.id,
      time: now(),
    })
    return pdf as never
  })
}
