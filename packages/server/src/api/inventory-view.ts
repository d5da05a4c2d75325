import type {
  ImportDetail,
  ImportRowView,
  ImportView,
  ReconciliationItem,
} from '@wardkeeper/contract'
import type { Columns, DateOrder } from '@wardkeeper/core'
import type { ImportReading, ImportRecord, ImportRowRecord, ImportState } from '../store/imports.ts'
import type { ItemCandidate, ItemRecord } from '../store/reconciliation.ts'
import { isoOf, present } from './views.ts'

export function importView(row: ImportRecord): ImportView {
  const isThrough = row.state === 'finished' || row.state === 'undone'
  return {
    id: row.id,
    name: row.name,
    source: row.source,
    template: row.template,
    state: row.state as ImportState,
    isFull: row.is_full,
    rows: row.rows,
    progress: isThrough ? 1 : Math.min(1, Math.max(0, row.position - 2) / Math.max(1, row.rows)),
    counts: row.counts as Record<string, number>,
    by: row.by_name,
    created: isoOf(row.created_at),
    ...present({
      finished: row.finished_at === null ? undefined : isoOf(row.finished_at),
      problem: row.problem,
    }),
  }
}

export function importDetailView(row: ImportRecord, same: ImportRecord | undefined): ImportDetail {
  const reading = row.reading as ImportReading
  return {
    ...importView(row),
    headers: [...reading.headers],
    examples: reading.examples.map((list) => [...list]),
    columns: reading.columns as Columns & Record<string, number>,
    dateOrder: reading.dateOrder as DateOrder,
    findings: [...reading.findings],
    unclearDates: [...reading.unclearDates],
    ...present({
      sameAs: same && {
        id: same.id,
        by: same.by_name,
        ...present({ finished: same.finished_at === null ? undefined : isoOf(same.finished_at) }),
      },
    }),
  }
}

export function importRowView(row: ImportRowRecord): ImportRowView {
  return {
    row: row.row,
    outcome: row.outcome as ImportRowView['outcome'],
    notes: [...(row.notes as readonly string[])],
    reasons: [...(row.reasons as readonly string[])],
    isDone: row.is_done,
    ...present({
      change: row.change,
      key: row.native_key,
      device: row.device as Record<string, string> | null,
      score: row.score,
      assetId: row.asset_id,
    }),
  }
}

export function itemView(row: ItemRecord): ReconciliationItem {
  const [suggestion] = row.candidates as readonly ItemCandidate[]
  return {
    id: row.id,
    kind: row.kind as ReconciliationItem['kind'],
    state: row.state as ReconciliationItem['state'],
    title: row.title,
    reasons: [...(row.reasons as readonly string[])],
    opened: isoOf(row.opened),
    ...present({
      assetId: row.asset_id,
      owner: row.owner,
      score: row.score,
      ended: row.ended === null ? undefined : isoOf(row.ended),
      decision: row.decision,
      decidedBy: row.decided_by,
      decidedReason: row.decided_reason,
      suggestion: suggestion && { ...suggestion, reasons: [...suggestion.reasons] },
    }),
  }
}
