import { sql } from 'kysely'
import type { Trx } from './database.ts'
import { plainTables, recordAfter, recordBefore, touchedBy } from './merge-record.ts'
import { SAME_FACT, marked, moveObservations } from './observations.ts'
import { moveRiskPeers } from './risk-peers.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface Merge {
  readonly from: string
  readonly into: string
  readonly because: string
  /** User name; the product itself when left out. */
  readonly by?: string
  /** A split is undone by a merge, which is not one to be undone itself. */
  readonly kind?: 'merge' | 'split' | 'undone-split'
}

const resolving = (siteId: string) => sql`hashtextextended(${`resolve/${siteId}`}, 0)`

/** Whoever changes which keys belong to which asset of a site does it alone, or takes what it can reach (`takeReach`). */
export async function lockResolution(trx: Trx, siteId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${resolving(siteId)})`.execute(trx)
}

/** Until the end of the transaction nobody has the keys of the whole site. */
export async function shareResolution(trx: Trx, siteId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${resolving(siteId)})`.execute(trx)
}

const regrouping = (siteId: string) => sql`hashtextextended(${`regroup/${siteId}`}, 0)`

/**
 * Whoever lays what hangs on one asset to another one waits until nobody works at what hangs on assets of the site. After
 * `lockResolution`, and before any row is locked.
 */
export async function lockRegrouping(trx: Trx, siteId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${regrouping(siteId)})`.execute(trx)
}

/** Until the end of the transaction no asset of the site is merged or split, or a merge taken back. */
export async function shareRegrouping(trx: Trx, siteId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${regrouping(siteId)})`.execute(trx)
}

/** Two records turned out to be one device: everything that hung on `from` hangs on `into`, and can be taken back. */
export async function mergeAssets(
  trx: Trx,
  siteId: string,
  { from, into, because, by = 'Wardkeeper', kind = 'merge' }: Merge,
  now: number,
): Promise<string> {
  const id = newId()
  await trx
    .insertInto('merges')
    .values({ id, site_id: siteId, into_id: into, from_id: from, because, by_name: by, kind })
    .execute()
  const plain = await plainTables(trx)
  const touched = touchedBy(from, into, plain)
  await recordBefore(trx, siteId, id, touched)
  await recordObservations(trx, siteId, id, from, into)
  await moveObservations(trx, from, into)
  await moveRiskPeers(trx, from, into)
  const time = toDatabaseTime(now)
  // Each once: an incident may name both.
  const replaced = sql`(select array_agg(id order by place) from (
    select id, min(place) as place from unnest(array_replace(asset_ids, ${from}::uuid, ${into}::uuid))
      with ordinality as listed (id, place) group by id) as once)`
  const statements = [
    // A key that both have stays with the one that goes, and ends.
    sql`update key_links l set until = coalesce(until, ${time}) where asset_id = ${from} and until is null
      and exists (select from key_links same where same.site_id = l.site_id and same.key = l.key
        and same.asset_id = ${into} and same.until is null)`,
    sql`update key_links set asset_id = ${into} where asset_id = ${from}`,
    sql`update flow_summaries set client_asset_id = ${into} where client_asset_id = ${from}`,
    sql`update flow_summaries set server_asset_id = ${into} where server_asset_id = ${from}`,
    sql`update claims set valid_to = ${time} where asset_id = ${from} and valid_to is null`,
    // What is locked stands over what was accepted; where both say the same strongly, the one that stays is right.
    sql`update accepted_values v set until = ${time} where asset_id = ${into} and until is null and not is_locked
      and exists (select from accepted_values l where l.asset_id = ${from} and l.attribute = v.attribute
        and l.until is null and l.is_locked)`,
    sql`update accepted_values v set asset_id = ${into} where asset_id = ${from} and (until is not null
      or not exists (select from accepted_values l where l.asset_id = ${into} and l.attribute = v.attribute and l.until is null))`,
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
    ...plain.map((table) => sql`select lay_rows(${table}, ${from}, ${into})`),
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
  await recordAfter(trx, id, touched)
  return id
}

const HASH = sql`hashtextextended(o.value, (o.sensor::bigint << 32) | o.subject)`

/** Which facts were whose: those of `from` by the index, those of `into` that the same facts are added to in full. */
async function recordObservations(
  trx: Trx,
  siteId: string,
  mergeId: string,
  from: string,
  into: string,
): Promise<void> {
  const number = (id: string) => sql`(select number from assets where id = ${id})`
  await sql`
    insert into merge_observations (merge_id, site_id, field, hash, is_own)
    select ${mergeId}::uuid, ${siteId}, o.field, ${HASH}, false from observations o where o.asset = ${number(from)}
    union all
    select ${mergeId}::uuid, ${siteId}, o.field, ${HASH}, true from observations o
    join observation_subjects u on u.id = o.subject
    where o.asset = ${number(into)} and 'mac:' || u.mac in (
      select key from key_links where asset_id = ${from} and kind = 'mac' and until is null)`.execute(
    trx,
  )
  await sql`
    insert into merge_rows (merge_id, site_id, table_name, key, before)
    select ${mergeId}::uuid, ${siteId}, 'observations', o.field || ' ' || ${HASH},
      jsonb_build_object('from', to_jsonb(o), 'into', to_jsonb(b))
    from observations o join observations b on b.asset = ${number(into)} and b.field = o.field
      and hashtextextended(b.value, (b.sensor::bigint << 32) | b.subject) = ${HASH}
    where o.asset = ${number(from)}`.execute(trx)
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

/** Facts of a merged asset go back to it: those that were its own, and what was seen of its interfaces since. */
export async function takeBackObservations(
  trx: Trx,
  mergeId: string,
  from: string,
  into: string,
): Promise<void> {
  const number = (id: string) => sql`(select number from assets where id = ${id})`
  await sql`
    with common as (
      select jsonb_populate_record(null::observations, r.before -> 'from') as back,
        jsonb_populate_record(null::observations, r.before -> 'into') as own
      from merge_rows r where r.merge_id = ${mergeId} and r.table_name = 'observations'
    ), less as (
      -- What was seen of it since belongs to the one that stayed.
      update observations o set count = greatest(1, o.count::bigint - (c.back).count),
        first_seen = case when o.first_seen < least((c.back).first_seen, (c.own).first_seen) then o.first_seen
          else (c.own).first_seen end,
        last_seen = case when o.last_seen > greatest((c.back).last_seen, (c.own).last_seen) then o.last_seen
          else (c.own).last_seen end
      from common c where o.asset = (c.own).asset and o.field = (c.own).field and ${HASH} =
        hashtextextended((c.own).value, ((c.own).sensor::bigint << 32) | (c.own).subject) returning 1
    )
    insert into observations
      (first_seen, last_seen, frame, flow, asset, subject, field, sensor, file, count, value, bears)
    select (back).first_seen, (back).last_seen, (back).frame, (back).flow, (back).asset, (back).subject, (back).field,
      (back).sensor, (back).file, (back).count, (back).value, ${marked(sql`coalesce((back).bears, true)`)} from common
    on conflict ${SAME_FACT} do nothing`.execute(trx)
  await sql`
    with macs as (
      select substr(key, 5) as mac from key_links where asset_id = ${from} and kind = 'mac' and until is null
    ), moved as (
      delete from observations o using observation_subjects u
      where u.id = o.subject and o.asset = ${number(into)} and (
        exists (select from merge_observations m
          where m.merge_id = ${mergeId} and not m.is_own and m.field = o.field and m.hash = ${HASH})
        and not exists (select from merge_rows r where r.merge_id = ${mergeId} and r.table_name = 'observations'
          and r.key = o.field || ' ' || ${HASH})
        or u.mac in (select mac from macs) and not exists (select from merge_observations m
          where m.merge_id = ${mergeId} and m.field = o.field and m.hash = ${HASH})
      ) returning o.*
    )
    insert into observations
      (first_seen, last_seen, frame, flow, asset, subject, field, sensor, file, count, value, bears)
    select first_seen, last_seen, frame, flow, ${number(from)}, subject, field, sensor, file, count, value,
      ${marked(sql`bears`)} from moved
    on conflict ${SAME_FACT} do nothing`.execute(trx)
  for (const end of ['client', 'server']) {
    const [asset, mac, ip] = ['asset_id', 'mac', 'ip'].map((part) => sql.ref(`${end}_${part}`))
    await sql`
      update flow_summaries set ${asset} = ${from} where ${asset} = ${into}
        and exists (select from key_links where asset_id = ${from} and key = 'mac:' || ${mac} and until is null)
        and exists (select from key_links where asset_id = ${from} and key = 'ip:' || ${ip} and until is null)`.execute(
      trx,
    )
  }
}
