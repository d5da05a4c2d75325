import { Refusal, type DecisionBasis } from '@wardkeeper/core'
import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Trx } from './database.ts'
import type { FindingRecord } from './findings.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface Proposal {
  readonly decision: 'accept' | 'suppress'
  readonly reason: string
  readonly until?: string | undefined
  /** `model`: for every device of this model at the site. */
  readonly scope?: 'finding' | 'model' | undefined
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
      scope: proposal.scope ?? 'finding',
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
    .set({
      approved_by: userId,
      approved_at: toDatabaseTime(now),
      basis: toJson(await basisOf(trx, finding)),
    })
    .where('id', '=', open.id)
    .execute()
  const state = open.decision === 'accept' ? 'accepted' : 'suppressed'
  await trx.updateTable('findings').set({ state }).where('id', '=', finding.id).execute()
  return state
}

async function basisOf(trx: Trx, finding: FindingRecord): Promise<DecisionBasis> {
  const asset = await trx
    .selectFrom('assets')
    .select(['manufacturer', 'model', 'firmware'])
    .where('id', '=', finding.asset_id)
    .executeTakeFirst()
  return {
    manufacturer: asset?.manufacturer ?? null,
    model: asset?.model ?? null,
    version: asset?.firmware ?? null,
    isExploited: finding.is_known_exploited,
  }
}

export interface StandingDecision {
  readonly id: string
  readonly findingId: string
  readonly decision: 'accept' | 'suppress'
  readonly basis: DecisionBasis
}

/** Approved decisions that stand, by finding. */
export async function loadDecisions(
  trx: Trx,
  findingIds: readonly string[],
): Promise<ReadonlyMap<string, StandingDecision>> {
  if (findingIds.length === 0) return new Map()
  const rows = await trx
    .selectFrom('finding_decisions')
    .select(['id', 'finding_id', 'decision', 'basis'])
    .where('finding_id', 'in', findingIds)
    .where('ended_at', 'is', null)
    .where('approved_at', 'is not', null)
    .execute()
  return new Map(
    rows.map((row) => [
      row.finding_id,
      {
        id: row.id,
        findingId: row.finding_id,
        decision: row.decision as StandingDecision['decision'],
        basis: row.basis as DecisionBasis,
      },
    ]),
  )
}

/**
 * Ends a decision before its day, and says why. The finding is opened by the caller; those that it kept suppressed
 * because they are of the same model are opened here.
 */
export async function endDecision(
  trx: Trx,
  { id, findingId }: Pick<StandingDecision, 'id' | 'findingId'>,
  because: string,
  now: number,
): Promise<readonly FindingRecord[]> {
  await trx
    .updateTable('finding_decisions')
    .set({ ended_at: toDatabaseTime(now), ended_because: because })
    .where('id', '=', id)
    .execute()
  return await openTwins(trx, [findingId])
}

/** Suppressions of whole models at a site: subject, then maker and model. */
export async function loadModelSuppressions(
  trx: Trx,
  siteId: string,
): Promise<readonly { readonly subject: string; readonly basis: DecisionBasis }[]> {
  const rows = await trx
    .selectFrom('finding_decisions')
    .innerJoin('findings', 'findings.id', 'finding_decisions.finding_id')
    .select(['findings.subject', 'finding_decisions.basis'])
    .where('finding_decisions.site_id', '=', siteId)
    .where('finding_decisions.scope', '=', 'model')
    .where('finding_decisions.decision', '=', 'suppress')
    .where('finding_decisions.ended_at', 'is', null)
    .where('finding_decisions.approved_at', 'is not', null)
    .execute()
  return rows.map(({ subject, basis }) => ({ subject, basis: basis as DecisionBasis }))
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
  const twins = await openTwins(
    trx,
    ended.map((row) => row.finding_id),
  )
  const own = await trx
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
  return [...own, ...twins]
}

/**
 * Opens what only a decision on the whole model kept suppressed, of the subjects of these findings. Answers with the
 * findings that are open now.
 */
async function openTwins(
  trx: Trx,
  findingIds: readonly string[],
): Promise<readonly FindingRecord[]> {
  const standing = sql`d.ended_at is null and d.approved_at is not null`
  const { rows } = await sql<{ id: string }>`
    update findings f set state = 'open', closed = null from assets a, findings ended
    where ended.id = any(${findingIds}::uuid[]) and f.site_id = ended.site_id and f.kind = ended.kind
      and f.subject = ended.subject and f.id <> ended.id and f.state = 'suppressed' and a.id = f.asset_id
      and not exists (select from finding_decisions d where d.finding_id = f.id and ${standing})
      and not exists (
        select from finding_decisions d join findings o on o.id = d.finding_id
        where d.site_id = f.site_id and o.kind = f.kind and o.subject = f.subject and d.scope = 'model'
          and d.decision = 'suppress' and ${standing}
          and d.basis ->> 'manufacturer' = a.manufacturer and d.basis ->> 'model' = a.model)
    returning f.id`.execute(trx)
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  return await trx.selectFrom('findings').selectAll().where('id', 'in', ids).execute()
}
