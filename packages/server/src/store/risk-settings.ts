import { Refusal, type RiskMethod } from '@wardkeeper/core'
import type { Executor, Trx } from './database.ts'
import { keepMethod } from './risk-methods.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface MethodProposal {
  readonly id: string
  readonly method: RiskMethod
  readonly reason: string
  readonly by: string
  readonly byId: string
  readonly approvedBy: string | null
  readonly time: number
}

/** The proposal that waits (`isApproved` false), or the setting that counts. */
export async function readSetting(
  db: Executor,
  siteId: string,
  isApproved: boolean,
): Promise<MethodProposal | undefined> {
  const row = await db
    .selectFrom('risk_settings as s')
    .innerJoin('risk_methods as m', 'm.id', 's.method_id')
    .innerJoin('users as p', 'p.id', 's.proposed_by')
    .leftJoin('users as a', 'a.id', 's.approved_by')
    .select([
      's.id',
      'm.body',
      's.reason',
      'p.username as by',
      's.proposed_by as byId',
      'a.username as approvedBy',
    ])
    .select(['s.proposed_at', 's.approved_at'])
    .where('s.site_id', '=', siteId)
    .where('s.ended_at', 'is', null)
    .where('s.approved_at', isApproved ? 'is not' : 'is', null)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { body, proposed_at: proposed, approved_at: approved, ...rest } = row
  return { ...rest, method: body as RiskMethod, time: approved ?? proposed }
}

/** Writes down other weights; a proposal that waited before ends. */
export async function proposeMethod(
  trx: Trx,
  siteId: string,
  proposal: { readonly method: RiskMethod; readonly reason: string; readonly userId: string },
  now: number,
): Promise<string> {
  await endProposal(trx, siteId, now)
  const id = newId()
  await trx
    .insertInto('risk_settings')
    .values({
      id,
      site_id: siteId,
      method_id: await keepMethod(trx, proposal.method),
      reason: proposal.reason,
      proposed_by: proposal.userId,
      proposed_at: toDatabaseTime(now),
    })
    .execute()
  return id
}

/** Ends the proposal that waits; false when none does. */
export async function endProposal(trx: Trx, siteId: string, now: number): Promise<boolean> {
  const ended = await trx
    .updateTable('risk_settings')
    .set({ ended_at: toDatabaseTime(now) })
    .where('site_id', '=', siteId)
    .where('approved_at', 'is', null)
    .where('ended_at', 'is', null)
    .returning('id')
    .execute()
  return ended.length > 0
}

/** A second person approves: from now on the site is scored this way. Answers with the id of the setting. */
export async function approveMethod(
  trx: Trx,
  siteId: string,
  userId: string,
  now: number,
): Promise<string> {
  const open = await trx
    .selectFrom('risk_settings')
    .select(['id', 'proposed_by'])
    .where('site_id', '=', siteId)
    .where('approved_at', 'is', null)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (open === undefined)
    throw new Refusal('nothing-proposed', ['Nobody has proposed other weights.'])
  demandOther(open.proposed_by, userId)
  await trx
    .updateTable('risk_settings')
    .set({ ended_at: toDatabaseTime(now) })
    .where('site_id', '=', siteId)
    .where('approved_at', 'is not', null)
    .where('ended_at', 'is', null)
    .execute()
  await trx
    .updateTable('risk_settings')
    .set({ approved_by: userId, approved_at: toDatabaseTime(now) })
    .where('id', '=', open.id)
    .execute()
  return open.id
}

/** Author and approver are never the same person. */
export function demandOther(author: string, approver: string): void {
  if (author !== approver) return
  throw new Refusal('approver-is-author', [
    'Who proposed this cannot approve it; ask somebody else.',
  ])
}
