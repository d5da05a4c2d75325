import type { FieldChanges, Proposal, ProposalState } from '@wardkeeper/core'
import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { inSites, oneOf, readPage, type ListQuery, type Page } from './keyset.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface ProposalRecord {
  readonly id: string
  readonly site_id: string
  readonly asset_id: string
  readonly asset: string
  readonly unit: string | null
  readonly changes: FieldChanges
  readonly reason: string
  readonly state: ProposalState
  readonly proposed_by: string
  readonly author: string
  readonly proposed_at: number
  readonly decider: string | null
  readonly decided_at: number | null
  readonly decision_reason: string | null
}

const SELECT = sql`p.id, p.site_id, p.asset_id, a.label as asset, a.unit, p.changes, p.reason, p.state, p.proposed_by,
  author.name as author, p.proposed_at, decider.name as decider, p.decided_at, p.decision_reason`
const FROM = sql`change_proposals p join assets a on a.id = p.asset_id join users author on author.id = p.proposed_by
  left join users decider on decider.id = p.decided_by`

/** Proposed changes, the oldest first: they wait longest. */
export function listProposals(
  db: Executor,
  sites: readonly string[] | undefined,
  query: ListQuery & {
    readonly state?: readonly string[] | undefined
    readonly assetId?: string | undefined
  },
): Promise<Page<ProposalRecord>> {
  return readPage<ProposalRecord>(
    db,
    {
      select: SELECT,
      from: FROM,
      where: [
        ...inSites(sql`p.site_id`, sites),
        ...oneOf(sql`p.state`, query.state),
        ...(query.assetId === undefined ? [] : [sql`p.asset_id = ${query.assetId}`]),
      ],
      id: sql`p.id`,
      sorts: { proposed: { expression: sql`p.proposed_at`, type: 'timestamptz' } },
      defaultSort: 'proposed',
    },
    query,
  )
}

/** One proposal, held until the transaction ends. */
export async function lockProposal(
  trx: Trx,
  sites: readonly string[] | undefined,
  id: string,
): Promise<ProposalRecord | undefined> {
  const { rows } = await sql<ProposalRecord>`
    select ${SELECT} from ${FROM} where p.id = ${id} and ${inSites(sql`p.site_id`, sites)[0] ?? sql`true`}
    for update of p`.execute(trx)
  return rows[0]
}

export function proposalOf(record: ProposalRecord): Proposal {
  return { state: record.state, proposedBy: record.proposed_by, changes: record.changes }
}

export async function addProposal(
  trx: Trx,
  asset: { readonly id: string; readonly site_id: string },
  proposal: { readonly changes: FieldChanges; readonly reason: string },
  userId: string,
  now: number,
): Promise<string> {
  const id = newId()
  await trx
    .insertInto('change_proposals')
    .values({
      id,
      site_id: asset.site_id,
      asset_id: asset.id,
      changes: toJson(proposal.changes),
      reason: proposal.reason,
      proposed_by: userId,
      proposed_at: toDatabaseTime(now),
    })
    .execute()
  return id
}

export async function endProposal(
  trx: Trx,
  id: string,
  end: {
    readonly state: Exclude<ProposalState, 'open'>
    readonly userId: string
    readonly reason?: string | undefined
  },
  now: number,
): Promise<void> {
  await trx
    .updateTable('change_proposals')
    .set({
      state: end.state,
      decided_by: end.userId,
      decided_at: toDatabaseTime(now),
      decision_reason: end.reason ?? null,
    })
    .where('id', '=', id)
    .execute()
}
