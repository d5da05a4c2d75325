import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Trx } from './database.ts'
import type { Effect } from './reconciliation-decide.ts'
import { findMerge, undoMerge, type Decision } from './regroup.ts'
import { toDatabaseTime } from './time.ts'

/** Takes back what an answer changed. */
export async function takeBack(
  trx: Trx,
  effect: Effect,
  decision: Decision,
  now: number,
): Promise<void> {
  const merge = effect.mergeId === undefined ? undefined : await findMerge(trx, effect.mergeId)
  if (merge !== undefined) await undoMerge(trx, merge, decision, now)
  const time = toDatabaseTime(now)
  const {
    recordsMade = [],
    recordsEnded = [],
    recordsMoved = [],
    accepted = [],
    states = [],
    linksEnded = [],
  } = effect
  await sql`update declared_records set until = ${time} where id = any(${recordsMade}::uuid[]) and until is null`.execute(
    trx,
  )
  await sql`
    update declared_records d set until = null, ended_by = null where id = any(${recordsEnded}::uuid[]) and not exists (
      select from declared_records c where c.site_id = d.site_id and c.source = d.source and c.native_key = d.native_key and c.until is null)`.execute(
    trx,
  )
  await sql`
    update declared_records d set asset_id = m.from_id
    from jsonb_to_recordset(${toJson(recordsMoved.map(({ id, from }) => ({ id, from_id: from })))}::jsonb) as m (id uuid, from_id uuid) where d.id = m.id`.execute(
    trx,
  )
  await sql`update accepted_values set until = ${time} where id = any(${accepted}::uuid[]) and until is null`.execute(
    trx,
  )
  for (const { assetId, before } of states)
    await trx.updateTable('assets').set({ state: before }).where('id', '=', assetId).execute()
  await sql`
    update key_links k set until = null where id = any(${linksEnded}::uuid[]) and not exists (
      select from key_links c where c.site_id = k.site_id and c.key = k.key and c.until is null)`.execute(
    trx,
  )
}
