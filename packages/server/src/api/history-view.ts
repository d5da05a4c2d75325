import type { HistoryEntry, ProposalView } from '@wardkeeper/contract'
import type { ChangeRecord, ClaimBehind } from '../store/asset-history.ts'
import type { ProposalRecord } from '../store/proposals.ts'
import { isoOf, present } from './views.ts'

/** Columns as the API calls them; what is not here is called the same. */
const NAMES: Readonly<Record<string, string>> = {
  warranty_until: 'warrantyUntil',
  merged_into: 'mergedInto',
}

export function historyView(
  record: ChangeRecord & { readonly claims?: readonly ClaimBehind[] | null },
): HistoryEntry {
  const behind = new Map((record.claims ?? []).map((claim) => [claim.attribute, claim]))
  return {
    id: record.id,
    time: isoOf(record.time),
    by: record.by_name,
    cause: record.cause,
    ...present({ reason: record.reason }),
    changes: Object.entries(record.changes).map(([field, [before, after]]) => {
      const claim = behind.get(field)
      return {
        field: NAMES[field] ?? field,
        ...present({
          before: textOf(before),
          after: textOf(after),
          because: claim && { rule: claim.rule, confidence: claim.confidence },
        }),
      }
    }),
  }
}

/** A value as people read it; lists by commas, names by their sources. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(String).join(', ')
  if (typeof value !== 'object') return String(value as string | number | boolean)
  const parts = Object.entries(value).map(([name, part]) => `${name}: ${textOf(part) ?? 'nothing'}`)
  return parts.length === 0 ? undefined : parts.join(', ')
}

export function proposalView(record: ProposalRecord, userId: string): ProposalView {
  return {
    id: record.id,
    assetId: record.asset_id,
    asset: record.asset,
    changes: Object.entries(record.changes).map(([field, [before, after]]) => ({
      field,
      ...present({ before, after }),
    })),
    reason: record.reason,
    state: record.state,
    proposedBy: record.author,
    isOwn: record.proposed_by === userId,
    proposed: isoOf(record.proposed_at),
    ...present({
      unit: record.unit,
      decidedBy: record.decider,
      decided: record.decided_at === null ? undefined : isoOf(record.decided_at),
      decisionReason: record.decision_reason,
    }),
  }
}
