import type { RiskInputs, RiskLevel } from '@wardkeeper/core'
import { sql, type RawBuilder } from 'kysely'
import type { Executor } from './database.ts'
import { inSites } from './keyset.ts'

type Sites = readonly string[] | undefined
export type Bands = Record<RiskLevel, number>

interface BandColumns {
  readonly very_low: number
  readonly low: number
  readonly moderate: number
  readonly high: number
  readonly very_high: number
}

export function bandsOf(row: BandColumns): Bands {
  const { very_low: veryLow, low, moderate, high, very_high: veryHigh } = row
  return { 'very-low': veryLow, low, moderate, high, 'very-high': veryHigh }
}

const BANDS = sql`count(*) filter (where risk_band = 'very-low') as very_low,
  count(*) filter (where risk_band = 'low') as low, count(*) filter (where risk_band = 'moderate') as moderate,
  count(*) filter (where risk_band = 'high') as high, count(*) filter (where risk_band = 'very-high') as very_high`
const THERE = sql`merged_into is null and state not in ('retired', 'disposed')`
const own = (sites: Sites) => inSites(sql`site_id`, sites)[0] ?? sql`true`

export interface Distribution {
  readonly bands: Bands
  readonly total: number
  readonly waiting: number
  readonly uncertain: number
}

/** How devices spread now. `upTo`: where each band ends, so that a range which crosses an end is told. */
export async function countRisk(
  db: Executor,
  sites: Sites,
  upTo: readonly number[],
): Promise<Distribution> {
  const bandAt = (column: RawBuilder<unknown>) =>
    sql`width_bucket(round(${column}::numeric), ${upTo.map((end) => end + 1)}::numeric[])`
  const { rows } = await sql<
    BandColumns & { total: number; waiting: number; uncertain: number }
  >`select ${BANDS}, count(*) as total, count(*) filter (where risk_band is null) as waiting,
      count(*) filter (where ${bandAt(sql`risk_low`)} <> ${bandAt(sql`risk_high`)}) as uncertain
    from assets where ${THERE} and ${own(sites)}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('Nothing was counted')
  return {
    bands: bandsOf(row),
    total: row.total,
    waiting: row.waiting,
    uncertain: row.uncertain,
  }
}

export type RollupScope = 'unit' | 'model' | 'owner'

export const MODEL = sql`coalesce(concat_ws(' ', manufacturer, model), '')`
const KEYS: Readonly<Record<RollupScope, RawBuilder<unknown>>> = {
  unit: sql`coalesce(unit, '')`,
  model: MODEL,
  owner: sql`coalesce(owner, '')`,
}

/** Devices by unit, model or owner; the greatest share of risky ones first. */
export async function rollUpRisk(
  db: Executor,
  sites: Sites,
  scope: RollupScope,
  limit: number,
): Promise<{ items: readonly { key: string; total: number; bands: Bands }[]; total: number }> {
  const { rows } = await sql<BandColumns & { key: string; total: number; groups: number }>`
    select ${KEYS[scope]} as key, count(*) as total, ${BANDS}, count(*) over () as groups
    from assets where ${THERE} and risk_band is not null and ${own(sites)} group by 1
    order by count(*) filter (where risk_band in ('high', 'very-high'))::float8 / count(*) desc,
      count(*) filter (where risk_band in ('high', 'very-high')) desc,
      count(*) filter (where risk_band = 'moderate') desc, key limit ${limit}`.execute(db)
  return {
    items: rows.map((row) => ({ key: row.key, total: row.total, bands: bandsOf(row) })),
    total: rows[0]?.groups ?? 0,
  }
}

export async function readRiskDays(
  db: Executor,
  sites: Sites,
  { scope, key, days }: { readonly scope: string; readonly key: string; readonly days: number },
): Promise<readonly { day: string; bands: Bands }[]> {
  const { rows } = await sql<BandColumns & { day: string }>`
    select day::text as day, sum(very_low)::int as very_low, sum(low)::int as low, sum(moderate)::int as moderate,
      sum(high)::int as high, sum(very_high)::int as very_high
    from risk_days where scope = ${scope} and key = ${key} and day > current_date - ${days}::int and ${own(sites)}
    group by day order by day`.execute(db)
  return rows.map((row) => ({ day: row.day, bands: bandsOf(row) }))
}

export interface RiskFilter {
  readonly assetIds?: readonly string[] | undefined
  readonly unit?: string | undefined
  readonly type?: string | undefined
  readonly model?: string | undefined
  readonly owner?: string | undefined
}

export interface StoredRisk {
  readonly id: string
  readonly site_id: string
  readonly label: string
  readonly manufacturer: string | null
  readonly model: string | null
  readonly type: string | null
  readonly unit: string | null
  readonly owner: string | null
  readonly number: number
  readonly low: number
  readonly high: number
  readonly band: RiskLevel
  readonly inputs: RiskInputs
}

const AT_ONCE = 5000

/** Scored devices with their inputs, some at a time, so that a large site need not be held at once. */
export async function* readStoredRisk(
  db: Executor,
  sites: Sites,
  filter: RiskFilter = {},
): AsyncGenerator<readonly StoredRisk[]> {
  const where = [
    sql`a.merged_into is null and a.state not in ('retired', 'disposed')`,
    ...inSites(sql`a.site_id`, sites),
    ...(filter.assetIds === undefined ? [] : [sql`a.id = any(${filter.assetIds}::uuid[])`]),
    ...(filter.unit === undefined ? [] : [sql`coalesce(a.unit, '') = ${filter.unit}`]),
    ...(filter.type === undefined ? [] : [sql`coalesce(a.type, '') = ${filter.type}`]),
    ...(filter.owner === undefined ? [] : [sql`coalesce(a.owner, '') = ${filter.owner}`]),
    ...(filter.model === undefined
      ? []
      : [sql`coalesce(concat_ws(' ', a.manufacturer, a.model), '') = ${filter.model}`]),
  ]
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await sql<StoredRisk>`
      select a.id, a.site_id, a.label, a.manufacturer, a.model, a.type, a.unit, a.owner,
        r.number, r.low, r.high, r.band, r.inputs
      from risk_scores r join assets a on a.id = r.asset_id
      where ${sql.join(where, sql` and `)} and r.asset_id > ${after}::uuid order by r.asset_id limit ${AT_ONCE}`.execute(
      db,
    )
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < AT_ONCE) return
    after = last.id
  }
}

/** A text that is another one as soon as any score was made again. */
export async function riskRevision(db: Executor, sites: Sites): Promise<string> {
  const { rows } = await sql<{ count: number; newest: number | null }>`
    select count(*) as count, max(computed_at) as newest from risk_scores where ${own(sites)}`.execute(
    db,
  )
  return JSON.stringify(rows[0])
}
