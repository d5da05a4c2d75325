import type { Baseline } from '@wardkeeper/core'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { toDatabaseTime } from './time.ts'

/** Baselines of these assets, locked until the transaction ends. */
export async function lockBaselines(
  trx: Trx,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, Baseline>> {
  if (assetIds.length === 0) return new Map()
  const rows = await trx
    .selectFrom('baselines')
    .selectAll()
    .where('asset_id', 'in', assetIds)
    .orderBy('asset_id')
    .forUpdate()
    .execute()
  return new Map(rows.map((row) => [row.asset_id, baselineOf(row)]))
}

export async function readBaseline(db: Executor, assetId: string): Promise<Baseline | undefined> {
  const row = await db
    .selectFrom('baselines')
    .selectAll()
    .where('asset_id', '=', assetId)
    .executeTakeFirst()
  return row && baselineOf(row)
}

export async function saveBaselines(
  trx: Trx,
  siteId: string,
  baselines: readonly Baseline[],
): Promise<void> {
  for (let start = 0; start < baselines.length; start += 200) {
    const rows = baselines.slice(start, start + 200).map((baseline) => ({
      asset_id: baseline.assetId,
      site_id: siteId,
      stage: baseline.stage,
      completeness: baseline.completeness,
      started: toDatabaseTime(baseline.started),
      learned_until: toDatabaseTime(baseline.updated),
      days: toJson(baseline.days),
      hours: toJson(baseline.hours ?? []),
      known: toJson(baseline.known),
    }))
    await trx
      .insertInto('baselines')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('asset_id').doUpdateSet((row) => ({
          stage: row.ref('excluded.stage'),
          completeness: row.ref('excluded.completeness'),
          started: row.ref('excluded.started'),
          learned_until: row.ref('excluded.learned_until'),
          days: row.ref('excluded.days'),
          hours: row.ref('excluded.hours'),
          known: row.ref('excluded.known'),
        })),
      )
      .execute()
  }
}

function baselineOf(row: {
  readonly asset_id: string
  readonly stage: string
  readonly completeness: number
  readonly started: number
  readonly learned_until: number
  readonly days: unknown
  readonly hours: unknown
  readonly known: unknown
}): Baseline {
  return {
    assetId: row.asset_id,
    stage: row.stage as Baseline['stage'],
    completeness: row.completeness,
    started: row.started,
    updated: row.learned_until,
    days: row.days as Baseline['days'],
    hours: row.hours as readonly number[],
    known: row.known as Baseline['known'],
  }
}
