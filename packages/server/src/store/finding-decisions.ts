import { Refusal } from '@wardkeeper/core'
import type { Trx } from './database.ts'
import type { FindingRecord } from './findings.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface Proposal {
  readonly decision: 'accept' | 'suppress'
  readonly reason: string
  readonly until?: string | undefined
}

/** Writes down that somebody wants to accept or suppress a finding; it stays open until another approves. */
export async function proposeDecision(
  trx: Trx,
  finding: FindingRecord,
  proposal: Proposal,
  userId: string,
  now: number,
): Promise<void> {
  if (finding.state !== 'open' && finding.state !== 'in-progress') {
    throw new Refusal('finding-not-open', [`The finding is ${finding.state}.`])
  }
  await trx
    .updateTable('finding_decisions')
    .set({ ended_at: toDatabaseTime(now) })
    .where('finding_id', '=', finding.id)
    .where('ended_at', 'is', null)
    .execute()
  await trx
    .insertInto('finding_decisions')
    .values({
      id: newId(),
      site_id: finding.site_id,
      finding_id: finding.id,
      decision: proposal.decision,
      reason: proposal.reason,
      until: proposal.until ?? null,
      proposed_by: userId,
      proposed_at: toDatabaseTime(now),
    })
    .execute()
}

/** A second person approves; author and approver are never the same. */
export async function approveDecision(
  trx: Trx,
  finding: FindingRecord,
  userId: string,
  now: number,
): Promise<'accepted' | 'suppressed'> {
  const open = await trx
    .selectFrom('finding_decisions')
    .selectAll()
    .where('finding_id', '=', finding.id)
    .where('ended_at', 'is', null)
    .where('approved_by', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (open === undefined)
    throw new Refusal('nothing-proposed', ['Nobody has proposed a decision on it.'])
  if (open.proposed_by === userId) {
    throw new Refusal('approver-is-author', [
      'Who proposed a decision cannot approve it; ask somebody else.',
    ])
  }
  await trx
    .updateTable('finding_decisions')
    .set({ approved_by: userId, approved_at: toDatabaseTime(now) })
    .where('id', '=', open.id)
    .execute()
  const state = open.decision === 'accept' ? 'accepted' : 'suppressed'
  await trx.updateTable('findings').set({ state }).where('id', '=', finding.id).execute()
  return state
}

/** Decisions whose last day has passed: their findings are open again. Answers with these findings. */
export async function endDecisions(trx: Trx, now: number): Promise<readonly FindingRecord[]> {
  const ended = await trx
    .updateTable('finding_decisions')
    .set({ ended_at: toDatabaseTime(now) })
    .where('ended_at', 'is', null)
    .where('until', '<', new Date(now).toISOString().slice(0, 10))
    .returning('finding_id')
    .execute()
  if (ended.length === 0) return []
  return await trx
    .updateTable('findings')
    .set({ state: 'open', closed: null })
    .where(
      'id',
      'in',
      ended.map((row) => row.finding_id),
    )
    .where('state', 'in', ['accepted', 'suppressed'])
    .returningAll()
    .execute()
}
