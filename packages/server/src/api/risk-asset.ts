import type { AssetRisk } from '@wardkeeper/contract'
import {
  explainRisk,
  sayFactors,
  type ControlKind,
  type ControlState,
  type RiskInputs,
  type RiskLevel,
  type RiskMethod,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from '../store/database.ts'
import { methodId, readMethod } from '../store/risk-methods.ts'
import { isoOf, present } from './views.ts'

const SHOWN = 200

/** The score of one device taken apart, made again from what was stored with it. */
export async function assetRiskView(
  db: Executor,
  assetId: string,
  standard: RiskMethod,
): Promise<AssetRisk> {
  const row = await db
    .selectFrom('risk_scores')
    .selectAll()
    .where('asset_id', '=', assetId)
    .executeTakeFirst()
  const controls = await controlsOf(db, assetId)
  if (row === undefined) return { factors: [], controls, history: [] }
  const inputs = row.inputs as RiskInputs
  const isStandard = row.method_id === methodId(standard)
  const method = isStandard ? standard : ((await readMethod(db, row.method_id)) ?? standard)
  const { score, factors } = explainRisk(inputs, method)
  const reasons = sayFactors(inputs, method)
  const { number, low, high, likelihood, impact } = row
  return {
    score: {
      number,
      low,
      high,
      band: row.band as RiskLevel,
      likelihood,
      impact,
      methodId: row.method_id,
      computed: isoOf(row.computed_at),
      isReplayed: score.number === number && score.low === low && score.high === high,
    },
    factors: factors.map((factor) => {
      const { says, source, evidence } = reasons[factor.id]
      return { ...factor, says, source, ...present({ evidence }) }
    }),
    controls,
    history: await historyOf(db, assetId),
  }
}

async function controlsOf(db: Executor, assetId: string): Promise<AssetRisk['controls']> {
  const { rows } = await sql<{
    id: string
    name: string
    kind: ControlKind
    state: ControlState
    because: string
    since: number
  }>`select c.id, c.name, c.kind, s.state, s.because, s.since
    from control_sights s join compensating_controls c on c.id = s.control_id
    where s.asset_id = ${assetId} and s.until is null and c.ended_at is null order by c.name`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, since: isoOf(row.since) }))
}

async function historyOf(db: Executor, assetId: string): Promise<AssetRisk['history']> {
  const rows = await db
    .selectFrom('risk_history')
    .select(['time', 'number', 'low', 'high', 'band', 'method_id'])
    .where('asset_id', '=', assetId)
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute()
  return rows.toReversed().map(({ time, number, low, high, band, method_id: method }) => ({
    time: isoOf(time),
    number,
    low,
    high,
    band: band as RiskLevel,
    methodId: method,
  }))
}
