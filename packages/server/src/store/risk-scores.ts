import { scoreRisk, type RiskInputs, type RiskMethod, type RiskScore } from '@wardkeeper/core'
import { sql } from 'kysely'
import { lockAssets } from './assets.ts'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { loadRiskInputs, type RiskKnowledge } from './risk-inputs.ts'
import { shareRegrouping } from './merge.ts'
import { methodOfSite } from './risk-methods.ts'
import { newId } from './uuid.ts'

export interface RiskScoring extends RiskKnowledge {
  /** The method that the product comes with. */
  readonly method: RiskMethod
}

/** Assets in one statement. */
const SCORED_AT_ONCE = 2000
/** Rows of the queue in one transaction: an asset that stands there often is scored once. */
const TAKEN_AT_ONCE = 10_000

/** Scores assets that wait to be scored, at most `limit`; answers with how many waited and which changed. */
export async function scoreWaiting(
  trx: Trx,
  scoring: RiskScoring,
  now: number,
  limit: number = TAKEN_AT_ONCE,
): Promise<{ readonly taken: number; readonly changed: ReadonlyMap<string, readonly string[]> }> {
  const { rows } = await sql<{ site_id: string; asset_id: string }>`
    delete from risk_queue where seq in (
      select seq from risk_queue order by seq limit ${limit} for update skip locked
    ) returning site_id, asset_id`.execute(trx)
  const changed = new Map<string, readonly string[]>()
  const waitingAt = Map.groupBy(rows, (row) => row.site_id)
  const sites = [...waitingAt.keys()].toSorted()
  for (const siteId of sites) await shareRegrouping(trx, siteId)
  for (const siteId of sites) {
    const waiting = waitingAt.get(siteId) ?? []
    const ids = [...new Set(waiting.map((row) => row.asset_id))].toSorted()
    const own: string[] = []
    for (let start = 0; start < ids.length; start += SCORED_AT_ONCE) {
      const some = ids.slice(start, start + SCORED_AT_ONCE)
      own.push(...(await scoreAssets(trx, siteId, some, scoring, now)))
    }
    changed.set(siteId, own)
  }
  return { taken: rows.length, changed }
}

/** Scores these assets by the method of their site; answers with those whose score is not what it was. */
export async function scoreAssets(
  trx: Trx,
  siteId: string,
  assetIds: readonly string[],
  scoring: RiskScoring,
  now: number,
): Promise<readonly string[]> {
  if (assetIds.length === 0) return []
  // Who scores after another one reads what that one left.
  await lockAssets(trx, assetIds)
  const { id, method } = await methodOfSite(trx, siteId, scoring.method)
  const inputs = await loadRiskInputs(trx, siteId, assetIds, method, scoring, now)
  const scored = [...inputs].map(([assetId, one]) => ({
    assetId,
    inputs: one,
    score: scoreRisk(one, method),
  }))
  return await saveScores(trx, siteId, id, scored)
}

interface Scored {
  readonly assetId: string
  readonly inputs: RiskInputs
  readonly score: RiskScore
}

async function saveScores(
  trx: Trx,
  siteId: string,
  methodId: string,
  scored: readonly Scored[],
): Promise<readonly string[]> {
  if (scored.length === 0) return []
  const column = <Value>(valueOf: (one: Scored) => Value) => scored.map(valueOf)
  const { rows } = await sql<{ asset_id: string }>`
    with fresh as (
      select * from unnest(
        ${column(({ assetId }) => assetId)}::uuid[], ${column(() => newId())}::uuid[],
        ${column(({ score }) => score.number)}::float8[], ${column(({ score }) => score.low)}::float8[],
        ${column(({ score }) => score.high)}::float8[], ${column(({ score }) => score.band)}::text[],
        ${column(({ score }) => score.likelihood)}::float8[], ${column(({ score }) => score.impact)}::float8[],
        ${column(({ inputs }) => toJson(inputs))}::jsonb[]
      ) as t (asset_id, id, number, low, high, band, likelihood, impact, inputs)
    ), changed as (
      select f.* from fresh f left join risk_scores s on s.asset_id = f.asset_id
      where s.asset_id is null or (s.number, s.low, s.high, s.method_id) is distinct from
        (f.number, f.low, f.high, ${methodId}::text)
    ), saved as (
      insert into risk_scores (asset_id, site_id, method_id, number, low, high, band, likelihood, impact, inputs)
      select asset_id, ${siteId}, ${methodId}, number, low, high, band, likelihood, impact, inputs from fresh
      on conflict (asset_id) do update set method_id = excluded.method_id, number = excluded.number,
        low = excluded.low, high = excluded.high, band = excluded.band, likelihood = excluded.likelihood,
        impact = excluded.impact, inputs = excluded.inputs, computed_at = now()
    ), kept as (
      insert into risk_history (id, asset_id, site_id, method_id, number, low, high, band, inputs)
      select id, asset_id, ${siteId}, ${methodId}, number, low, high, band, inputs from changed
    )
    update assets set risk = c.number, risk_low = c.low, risk_high = c.high, risk_band = c.band
    from changed c where assets.id = c.asset_id returning assets.id as asset_id`.execute(trx)
  return rows.map((row) => row.asset_id)
}

/** Puts assets of a site into the queue: all, or those that are named. */
export async function queueRisk(
  db: Executor,
  siteId: string,
  assetIds?: readonly string[],
): Promise<void> {
  await (
    assetIds === undefined
      ? sql`insert into risk_queue (site_id, asset_id)
          select site_id, id from assets where site_id = ${siteId} and merged_into is null`
      : sql`insert into risk_queue (site_id, asset_id) select ${siteId}, unnest(${assetIds}::uuid[])`
  ).execute(db)
}

/** Queues the assets with a finding of a CVE whose signals changed since the last time. */
export async function queueChangedSignals(trx: Trx): Promise<void> {
  // Asked each minute: findings are hundreds of thousands, and mostly nothing changed.
  const { rows } = await sql`select from signal_changes limit 1`.execute(trx)
  if (rows.length === 0) return
  await sql`
    with changed as (delete from signal_changes returning cve)
    insert into risk_queue (site_id, asset_id)
    select distinct f.site_id, f.asset_id
    from findings f cross join unnest(f.cves) as own (cve)
    where own.cve in (select cve from changed) and f.state in ('open', 'in-progress', 'accepted')`.execute(
    trx,
  )
}

/** Writes down how the devices of today spread over the bands: by site, unit, model and owner. */
export async function countRiskDays(db: Executor): Promise<void> {
  await sql`
    insert into risk_days (site_id, day, scope, key, very_low, low, moderate, high, very_high)
    select site_id, current_date,
      case grouping(unit, model, owner) when 7 then 'site' when 3 then 'unit' when 5 then 'model' else 'owner' end,
      coalesce(unit, model, owner, ''),
      count(*) filter (where risk_band = 'very-low'), count(*) filter (where risk_band = 'low'),
      count(*) filter (where risk_band = 'moderate'), count(*) filter (where risk_band = 'high'),
      count(*) filter (where risk_band = 'very-high')
    from (
      select site_id, risk_band, coalesce(unit, '') as unit,
        coalesce(nullif(concat_ws(' ', manufacturer, model), ''), '') as model, coalesce(owner, '') as owner
      from assets where merged_into is null and risk_band is not null and state not in ('retired', 'disposed')
    ) as devices
    group by grouping sets ((site_id), (site_id, unit), (site_id, model), (site_id, owner))
    on conflict (site_id, scope, key, day) do update set very_low = excluded.very_low, low = excluded.low,
      moderate = excluded.moderate, high = excluded.high, very_high = excluded.very_high`.execute(
    db,
  )
}
