import { ATTRIBUTES, type Attribute, type IdentityStand } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { toDatabaseText, toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

interface Dispute {
  readonly asset_id: string
  readonly attribute: string
  readonly value: string
  readonly since: number
  readonly by_name: string
}

/** What people say these assets are not. */
export async function openDisputes(
  db: Executor,
  assetIds: readonly string[],
): Promise<readonly Dispute[]> {
  return await db
    .selectFrom('identity_disputes')
    .select(['asset_id', 'attribute', 'value', 'since', 'by_name'])
    .where((where) => where('asset_id', '=', where.fn.any(where.val([...assetIds]))))
    .where('until', 'is', null)
    .execute()
}

interface IdentityDecisionRecord {
  readonly kind: 'lock' | 'accept' | 'dispute'
  readonly attribute: Attribute
  readonly value: string
  readonly by: string
  readonly reason: string
  readonly since: number
  readonly until: number | null
  readonly endedBy: string | null
  readonly endedReason: string | null
}

/** What people decided of what an asset is, the newest first; ended decisions too. */
export async function listIdentityDecisions(
  db: Executor,
  assetId: string,
): Promise<readonly IdentityDecisionRecord[]> {
  const { rows } = await sql<IdentityDecisionRecord>`
    select case when is_locked then 'lock' else 'accept' end as kind, attribute, value, by_name as by, reason, since, until,
      ended_by as "endedBy", ended_reason as "endedReason"
    from accepted_values where asset_id = ${assetId} and attribute = any(${[...ATTRIBUTES]}::text[])
    union all
    select 'dispute', attribute, value, by_name, reason, since, until, ended_by, ended_reason
    from identity_disputes where asset_id = ${assetId}
    order by since desc, attribute, kind limit 500`.execute(db)
  return rows
}

/** What stands of one attribute; the asset is locked, so that two people do not decide at once. */
export async function readIdentityStand(
  trx: Trx,
  assetId: string,
  attribute: Attribute,
): Promise<IdentityStand> {
  await trx.selectFrom('assets').select('id').where('id', '=', assetId).forUpdate().execute()
  const claim = await trx
    .selectFrom('claims')
    .select('value')
    .where('asset_id', '=', assetId)
    .where('attribute', '=', attribute)
    .where('valid_to', 'is', null)
    .executeTakeFirst()
  const decided = (await listIdentityDecisions(trx, assetId)).filter(({ until }) => until === null)
  const find = (kind: string, of: string) =>
    decided.find((one) => one.kind === kind && one.attribute === of)
  return {
    claimed: claim?.value,
    locked: find('lock', attribute),
    disputed: find('dispute', attribute),
    lockedType: find('lock', 'type')?.value,
  }
}

export interface Word {
  readonly siteId: string
  readonly assetId: string
  readonly by: string
  readonly reason: string
  readonly now: number
}

/** Ends locks of these attributes. */
export async function endLocks(
  trx: Trx,
  { assetId, by, reason, now }: Word,
  attributes: readonly string[],
): Promise<void> {
  await trx
    .updateTable('accepted_values')
    .set({ until: toDatabaseTime(now), ended_by: by, ended_reason: reason })
    .where('asset_id', '=', assetId)
    .where('attribute', 'in', attributes)
    .where('is_locked', '=', true)
    .where('until', 'is', null)
    .execute()
}

/** Notes that somebody disputes a value; a dispute of another value of the attribute ends. */
export async function addDispute(
  trx: Trx,
  word: Word,
  attribute: Attribute,
  value: string,
): Promise<void> {
  await endDisputes(trx, word, [attribute])
  await trx
    .insertInto('identity_disputes')
    .values({
      id: newId(),
      site_id: word.siteId,
      asset_id: word.assetId,
      attribute,
      value: toDatabaseText(value),
      by_name: word.by,
      reason: word.reason,
      since: toDatabaseTime(word.now),
    })
    .execute()
}

/** Ends disputes of these attributes: withdrawn, or settled by a lock. */
export async function endDisputes(
  trx: Trx,
  { assetId, by, reason, now }: Word,
  attributes: readonly string[],
): Promise<void> {
  await trx
    .updateTable('identity_disputes')
    .set({ until: toDatabaseTime(now), ended_by: by, ended_reason: reason })
    .where('asset_id', '=', assetId)
    .where('attribute', 'in', attributes)
    .where('until', 'is', null)
    .execute()
}
