import { sql } from 'kysely'
import type { Trx } from './database.ts'
import { moveObservations } from './observations.ts'
import { moveRiskPeers } from './risk-peers.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

/** Two records turned out to be one device: everything that hung on `from` hangs on `into`. */
export async function mergeAssets(
  trx: Trx,
  siteId: string,
  {
    from,
    into,
    because,
  }: { readonly from: string; readonly into: string; readonly because: string },
  now: number,
): Promise<void> {
  await trx
    .insertInto('merges')
    .values({ id: newId(), site_id: siteId, into_id: into, from_id: from, because })
    .execute()
  await moveObservations(trx, from, into)
  await moveRiskPeers(trx, from, into)
  const time = toDatabaseTime(now)
  // Each once: an incident may name both.
  const replaced = sql`(select array_agg(id order by place) from (
    select id, min(place) as place from unnest(array_replace(asset_ids, ${from}::uuid, ${into}::uuid))
      with ordinality as listed (id, place) group by id) as once)`
  const statements = [
    sql`update flow_summaries set client_asset_id = ${into} where client_asset_id = ${from}`,
    sql`update flow_summaries set server_asset_id = ${into} where server_asset_id = ${from}`,
    sql`update claims set valid_to = ${time} where asset_id = ${from} and valid_to is null`,
    // A finding that both have stays where it is and ends; the others move with their decisions.
    sql`update findings set state = 'superseded', closed = ${time} where asset_id = ${from} and closed is null
      and exists (select from findings same where same.asset_id = ${into} and same.kind = findings.kind
        and same.subject = findings.subject)`,
    sql`update findings set asset_id = ${into} where asset_id = ${from} and state <> 'superseded'`,
    sql`update detections set actor_id = ${into} where actor_id = ${from}`,
    sql`update detections set target_id = ${into} where target_id = ${from}`,
    sql`update incidents set asset_ids = ${replaced} where asset_ids @> array[${from}::uuid]`,
    sql`update incidents set actor_id = ${into} where actor_id = ${from}`,
    sql`update work_orders set asset_ids = ${replaced} where asset_ids @> array[${from}::uuid]`,
    // Otherwise contact with the attacker under its new id would not be seen as contact.
    sql`update work_orders set expectation = jsonb_set(expectation, '{actorId}', to_jsonb(${into}::text))
      where expectation ->> 'actorId' = ${from}`,
    sql`update detections set remedy = replace(remedy, ${from}, ${into}) where remedy like ${`%:${from}`}`,
    sql`update incidents i set remedy = replace(remedy, ${from}, ${into}) where remedy like ${`%:${from}`}
      and not exists (select from incidents other where other.site_id = i.site_id
        and other.remedy = replace(i.remedy, ${from}, ${into}) and other.state not in ('resolved', 'reviewed'))`,
    sql`update declarations set asset_id = ${into} where asset_id = ${from}`,
    sql`update maintenance_records m set asset_id = ${into} where asset_id = ${from} and not exists (
      select from maintenance_records o where o.asset_id = ${into} and o.date = m.date and o.what = m.what)`,
    sql`update baselines set asset_id = ${into} where asset_id = ${from}
      and not exists (select from baselines where asset_id = ${into})`,
    // Otherwise a peer that is known under the old id would look like a new one.
    sql`update baselines set known = replace(known::text, ${`asset:${from}`}, ${`asset:${into}`})::jsonb
      where known::text like ${`%asset:${from}%`}`,
    sql`update assets a set unit = coalesce(a.unit, b.unit), room = coalesce(a.room, b.room),
      owner = coalesce(a.owner, b.owner), contract = coalesce(a.contract, b.contract),
      warranty_until = coalesce(a.warranty_until, b.warranty_until), first_seen = least(a.first_seen, b.first_seen)
      from assets b where a.id = ${into} and b.id = ${from}`,
    sql`update assets set merged_into = ${into} where id = ${from}`,
  ]
  for (const statement of statements) await statement.execute(trx)
}

/** Facts and flows about one address belong to another asset than it seemed. */
export async function splitAsset(
  trx: Trx,
  { from, into, ip }: { readonly from: string; readonly into: string; readonly ip: string },
): Promise<void> {
  await moveObservations(trx, from, into, ip)
  await sql`update flow_summaries set client_asset_id = ${into} where client_asset_id = ${from} and client_ip = ${ip}`.execute(
    trx,
  )
  await sql`update flow_summaries set server_asset_id = ${into} where server_asset_id = ${from} and server_ip = ${ip}`.execute(
    trx,
  )
}
