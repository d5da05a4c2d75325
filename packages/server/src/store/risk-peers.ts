import { segmentOf, type FlowSummary, type SeenPeer } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { toDatabaseText, toDatabaseTime } from './time.ts'

type OwnedPeer = SeenPeer & { readonly assetId: string }

/** Keeps the newest contact with each peer; answers with the assets that had a contact which is new. */
export async function saveRiskPeers(
  trx: Trx,
  siteId: string,
  peers: readonly OwnedPeer[],
): Promise<readonly string[]> {
  const distinct = newestOf(peers)
  if (distinct.length === 0) return []
  const column = <Value>(valueOf: (peer: OwnedPeer) => Value) => distinct.map(valueOf)
  const { rows } = await sql<{ asset_id: string }>`
    with saved as (
      insert into risk_peers (asset_id, site_id, peer, peer_ip, direction, level, service, last_seen)
      select asset_id, ${siteId}, peer, peer_ip, direction, level, service, last_seen from unnest(
        ${column(({ assetId }) => assetId)}::uuid[], ${column(({ peer }) => peer)}::text[],
        ${column(({ ip }) => ip)}::text[], ${column(({ direction }) => direction)}::text[],
        ${column(({ level }) => level)}::text[], ${column(({ service }) => toDatabaseText(service))}::text[],
        ${column(({ last }) => toDatabaseTime(last))}::timestamptz[]
      ) as seen (asset_id, peer, peer_ip, direction, level, service, last_seen)
      on conflict (asset_id, direction, peer, level, service) do update set
        last_seen = greatest(risk_peers.last_seen, excluded.last_seen), peer_ip = excluded.peer_ip
      returning asset_id, xmax = 0 as is_new
    ) select distinct asset_id from saved where is_new`.execute(trx)
  return rows.map((row) => row.asset_id)
}

/** One statement must not touch a row twice; in one order, so that two of them do not wait for each other. */
function newestOf(peers: readonly OwnedPeer[]): readonly OwnedPeer[] {
  const newest = new Map<string, OwnedPeer>()
  for (const peer of peers) {
    const key = [peer.assetId, peer.direction, peer.peer, peer.level, peer.service].join('\x1f')
    const known = newest.get(key)
    if (known === undefined || known.last < peer.last) newest.set(key, peer)
  }
  return [...newest].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, peer]) => peer)
}

/** Notes in which segments traffic was heard, and when. */
export async function saveSegments(
  trx: Trx,
  siteId: string,
  flows: readonly FlowSummary[],
  bits: number,
): Promise<void> {
  const heard = new Map<string, { first: number; last: number }>()
  for (const { client, server, first, last } of flows) {
    for (const { ip, assetId } of [client, server]) {
      if (assetId === undefined) continue
      const segment = segmentOf(ip, bits)
      const known = heard.get(segment)
      heard.set(segment, {
        first: Math.min(first, known?.first ?? first),
        last: Math.max(last, known?.last ?? last),
      })
    }
  }
  if (heard.size === 0) return
  await saveHours(trx, siteId, flows, bits)
  const rows = [...heard].toSorted(([one], [other]) => (one < other ? -1 : 1))
  await sql`
    insert into risk_segments (site_id, segment, first_seen, last_seen)
    select ${siteId}, segment, first_seen, last_seen from unnest(
      ${rows.map(([segment]) => segment)}::text[],
      ${rows.map(([, { first }]) => toDatabaseTime(first))}::timestamptz[],
      ${rows.map(([, { last }]) => toDatabaseTime(last))}::timestamptz[]
    ) as heard (segment, first_seen, last_seen)
    on conflict (site_id, segment) do update set
      first_seen = least(risk_segments.first_seen, excluded.first_seen),
      last_seen = greatest(risk_segments.last_seen, excluded.last_seen)`.execute(trx)
}

async function saveHours(
  trx: Trx,
  siteId: string,
  flows: readonly FlowSummary[],
  bits: number,
): Promise<void> {
  const hours = new Map<string, { segment: string; hour: number }>()
  for (const { client, server, hour } of flows) {
    for (const { ip, assetId } of [client, server]) {
      const segment = assetId === undefined ? undefined : segmentOf(ip, bits)
      if (segment !== undefined) hours.set(`${segment} ${hour}`, { segment, hour })
    }
  }
  const rows = [...hours].toSorted(([one], [other]) => (one < other ? -1 : 1))
  await sql`
    insert into risk_segment_hours (site_id, segment, hour)
    select ${siteId}, segment, hour from unnest(
      ${rows.map(([, { segment }]) => segment)}::text[],
      ${rows.map(([, { hour }]) => toDatabaseTime(hour))}::timestamptz[]
    ) as heard (segment, hour) on conflict do nothing`.execute(trx)
}

/** Contacts of a device that turned out to be another one are contacts of that one. */
export async function moveRiskPeers(trx: Trx, from: string, into: string): Promise<void> {
  await sql`
    insert into risk_peers (asset_id, site_id, peer, peer_ip, direction, level, service, last_seen)
    select ${into}, site_id, peer, peer_ip, direction, level, service, last_seen from risk_peers where asset_id = ${from}
    on conflict (asset_id, direction, peer, level, service) do update set
      last_seen = greatest(risk_peers.last_seen, excluded.last_seen)`.execute(trx)
  await sql`delete from risk_peers where asset_id = ${from}`.execute(trx)
}

export interface ReachRow {
  readonly asset_id: string
  readonly level: SeenPeer['level']
  readonly peer: string
  readonly service: string
  readonly last_seen: number
  readonly dependants: number
}

/** The widest contact of each asset within the window before the newest traffic of its site, and its clients. */
export async function loadReach(
  db: Executor,
  siteId: string,
  assetIds: readonly string[],
  windowDays: number,
): Promise<ReadonlyMap<string, ReachRow>> {
  const { rows } = await sql<ReachRow>`
    with newest as (select max(last_seen) as time from risk_segments where site_id = ${siteId}),
    recent as (
      select p.asset_id, p.level, p.peer, p.service, p.direction, p.last_seen,
        array_position(array['internet', 'internet-out', 'other-zones', 'same-segment'], p.level) as rank
      from risk_peers p, newest
      where p.asset_id = any(${assetIds}::uuid[])
        and p.last_seen >= newest.time - ${`${windowDays} days`}::interval
    )
    select asset_id, (array_agg(level order by rank, last_seen desc))[1] as level,
      (array_agg(peer order by rank, last_seen desc))[1] as peer,
      (array_agg(service order by rank, last_seen desc))[1] as service,
      (array_agg(last_seen order by rank, last_seen desc))[1] as last_seen,
      count(distinct peer) filter (where direction = 'in') as dependants
    from recent group by asset_id`.execute(db)
  return new Map(rows.map((row) => [row.asset_id, row]))
}
