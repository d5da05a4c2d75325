import type { DeclaredDevice, MatchSettings, Precedence } from '@wardkeeper/core'
import type { Trx } from './database.ts'
import { loadPrecedence } from './asset-values.ts'
import { createSaidAssets, linkKeys } from './declared-assets.ts'
import { saveRecords } from './declared-records.ts'
import { planRows, type PlannedRow } from './import-plan.ts'
import { saveDecisions, type ImportRecord, type ImportRowRecord } from './imports.ts'
import { openItems, type NewItem } from './reconciliation.ts'
import { newId } from './uuid.ts'

export interface ImportSettings {
  readonly matching: MatchSettings
  readonly precedence: Precedence
}

/** Devices that a chunk made, and those that were there and of which it says something new. */
export interface AppliedRows {
  readonly created: readonly string[]
  readonly changed: readonly string[]
}

/** Does one chunk of an import: records, new devices, questions, and what became of each row. In one transaction. */
export async function applyRows(
  trx: Trx,
  one: ImportRecord,
  rows: readonly ImportRowRecord[],
  { matching, precedence: standard }: ImportSettings,
  now: number,
): Promise<AppliedRows> {
  const target = { siteId: one.site_id, source: one.source, importId: one.id, settings: matching }
  const planned = await planRows(trx, target, rows)
  const made = planned.map((row) =>
    row.decision.outcome === 'created'
      ? { ...row, decision: { ...row.decision, assetId: newId() } }
      : row,
  )
  const bodies = made.flatMap(({ decision, device }) =>
    decision.outcome === 'created' && decision.assetId !== undefined
      ? [{ id: decision.assetId, body: device }]
      : [],
  )
  const precedence = await loadPrecedence(trx, one.site_id, standard)
  await createSaidAssets(trx, one.site_id, bodies, { source: one.source, precedence, now })
  const known = made.flatMap(({ decision, device, nativeKey }) =>
    decision.assetId !== undefined &&
    (decision.outcome === 'created' || decision.outcome === 'matched')
      ? [{ nativeKey, assetId: decision.assetId, body: device }]
      : [],
  )
  const changes = await saveRecords(
    trx,
    { siteId: one.site_id, source: one.source, importId: one.id, now },
    known,
  )
  const created = new Set(bodies.map(({ id }) => id))
  const changed = known.filter(
    ({ nativeKey, assetId }) => changes.get(nativeKey) !== 'unchanged' && !created.has(assetId),
  )
  const links = changed.map(({ assetId, body }) => ({ id: assetId, body }))
  await linkKeys(trx, one.site_id, links, now)
  await openItems(
    trx,
    one.site_id,
    made.flatMap((row) => (row.decision.outcome === 'queued' ? [questionOf(one, row)] : [])),
    now,
  )
  await saveDecisions(
    trx,
    one.id,
    made.map(({ row, decision, change }) => ({ row, decision, change })),
    true,
  )
  return { created: [...created], changed: changed.map(({ assetId }) => assetId) }
}

function questionOf(
  one: ImportRecord,
  { row, nativeKey, device, decision, change }: PlannedRow,
): NewItem {
  const name = nameOf(device, nativeKey)
  return {
    kind: change === 'conflict' ? 'duplicate' : 'ambiguous',
    question: `ambiguous:${one.source}:${nativeKey}${change === 'conflict' ? `:${JSON.stringify(device).length}:${device.serial ?? ''}` : ''}`,
    title:
      change === 'conflict'
        ? `${name} is in ${one.name} twice, with differences`
        : `Which device is ${name} of ${one.source}?`,
    importId: one.id,
    importRow: row,
    ...(decision.candidates[0] === undefined ? {} : { assetId: decision.candidates[0].assetId }),
    ...(device.owner === undefined ? {} : { owner: device.owner }),
    score: decision.score,
    reasons: decision.reasons,
    candidates: decision.candidates.map(({ assetId, label, score, reasons }) => ({
      assetId,
      label,
      score,
      reasons,
    })),
  }
}

function nameOf(
  { manufacturer, model, description, tag, serial }: DeclaredDevice,
  nativeKey: string,
): string {
  const what =
    [manufacturer, model].filter((part) => part !== undefined).join(' ') ||
    description ||
    'a device'
  const mark = serial ?? tag ?? nativeKey
  return `${what} (${mark})`
}
