import {
  decideRow,
  type DeclaredDevice,
  type MatchSettings,
  type RowDecision,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import { currentRecords, digestOf } from './declared-records.ts'
import type { Executor } from './database.ts'
import { findCandidates } from './import-candidates.ts'
import type { ImportRowRecord } from './imports.ts'

/** What becomes of a row, as the preview shows it and the import does it. */
export interface PlannedRow {
  readonly row: number
  readonly nativeKey: string
  readonly device: DeclaredDevice
  readonly decision: RowDecision
  /** `updated` or `unchanged` for a device that is known; `conflict` for a row that contradicts another. */
  readonly change: string | undefined
}

interface PlanTarget {
  readonly siteId: string
  readonly source: string
  readonly importId: string | undefined
  readonly settings: MatchSettings
}

/** Decides rows that are not refused. Two rows that claim one device cannot both have it: the second is a question. */
export async function planRows(
  db: Executor,
  target: PlanTarget,
  rows: readonly Pick<
    ImportRowRecord,
    'row' | 'native_key' | 'device' | 'outcome' | 'change' | 'reasons'
  >[],
  takenBefore?: Map<string, number>,
): Promise<readonly PlannedRow[]> {
  const usable = rows.flatMap((row) => {
    const { native_key: nativeKey, device } = row
    if (row.outcome === 'refused' || nativeKey === null || device === null) return []
    return [
      {
        row: row.row,
        nativeKey,
        device: device as DeclaredDevice,
        isConflict: row.change === 'conflict',
        reasons: row.reasons as readonly string[],
      },
    ]
  })
  const { siteId, source, importId, settings } = target
  const candidates = await findCandidates(db, siteId, source, importId, usable)
  const records = await currentRecords(
    db,
    siteId,
    source,
    usable.map(({ nativeKey }) => nativeKey),
  )
  const taken =
    takenBefore ??
    (await takenAssets(
      db,
      importId,
      candidates.flat().map(({ assetId }) => assetId),
    ))
  return usable.map((one, at) => {
    const decision = decideRow(one.device, one.nativeKey, candidates[at] ?? [], settings)
    const settled = one.isConflict
      ? asQuestion(decision, one.reasons)
      : onlyOnce(decision, one.row, taken)
    const old = records.get(one.nativeKey)
    const isSame =
      old !== undefined && old.digest === digestOf(one.device) && old.asset_id === settled.assetId
    const change = one.isConflict
      ? 'conflict'
      : settled.outcome === 'matched'
        ? isSame
          ? 'unchanged'
          : 'updated'
        : undefined
    return { row: one.row, nativeKey: one.nativeKey, device: one.device, decision: settled, change }
  })
}

function asQuestion(decision: RowDecision, reasons: readonly string[]): RowDecision {
  return { ...decision, outcome: 'queued', assetId: undefined, reasons }
}

function onlyOnce(decision: RowDecision, row: number, taken: Map<string, number>): RowDecision {
  const { assetId } = decision
  if (decision.outcome !== 'matched' || assetId === undefined) return decision
  const other = taken.get(assetId)
  if (other === undefined || other === row) {
    taken.set(assetId, row)
    return decision
  }
  return asQuestion(decision, [
    `Row ${other} is the same device here: one of the two rows is of another device.`,
    ...decision.reasons,
  ])
}

/** Devices that earlier rows of this import have. */
async function takenAssets(
  db: Executor,
  importId: string | undefined,
  assetIds: readonly string[],
): Promise<Map<string, number>> {
  if (importId === undefined || assetIds.length === 0) return new Map()
  const { rows } = await sql<{ asset_id: string; row: number }>`
    select asset_id, row from import_rows where import_id = ${importId} and is_done and outcome in ('matched', 'created')
      and asset_id = any(${assetIds}::uuid[])`.execute(db)
  return new Map(rows.map((one) => [one.asset_id, one.row]))
}
