import { habitsOf, type Example, type FlowSummary, type Habits, type Vote } from '@wardkeeper/core'
import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { toDatabaseTime } from './time.ts'

export interface TimedVote {
  readonly vote: Vote
  readonly since: number
}

/** What each of these assets behaves like, where a model says so. */
export async function loadVotes(
  db: Executor,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, TimedVote>> {
  if (assetIds.length === 0) return new Map()
  const { rows } = await sql<{ asset_id: string; vote: Vote; since: number }>`
    select asset_id, vote, since from behaviour_votes where asset_id = any(${assetIds}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map(({ asset_id: id, vote, since }) => [id, { vote, since }]))
}

/** Types that people accepted or locked, or that a record gives; what somebody disputes teaches nothing. */
async function confirmedTypes(db: Executor, siteId: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; type: string }>`
    select a.id, coalesce(v.value, r.type) as type from assets a
    left join accepted_values v on v.asset_id = a.id and v.attribute = 'type' and v.until is null
    left join lateral (select d.body ->> 'type' as type from declared_records d
      where d.asset_id = a.id and d.until is null and d.body ? 'type' order by d.since desc, d.id desc limit 1) r on true
    where a.site_id = ${siteId} and a.merged_into is null and a.is_connected and coalesce(v.value, r.type) is not null
      and not exists (select from identity_disputes x where x.asset_id = a.id and x.attribute = 'type' and x.until is null)
    order by a.id limit 20000`.execute(db)
  return new Map(rows.map(({ id, type }) => [id, type]))
}

/** Connected assets of which nobody and nothing says surely what they are, and those that have a vote. */
export async function unsureAssets(
  db: Executor,
  siteId: string,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.id from assets a where a.site_id = ${siteId} and a.merged_into is null and a.is_connected and a.id > ${after}
      and (a.type is null or a.type_confidence < 0.9 or exists (select from behaviour_votes b where b.asset_id = a.id))
      and not exists (select from accepted_values v where v.asset_id = a.id and v.attribute = 'type' and v.until is null)
    order by a.id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

const WINDOW_MS = 14 * 86_400_000
/** The newest of each end are enough to know a habit, and bound what a busy server costs. */
const FLOWS_OF_ONE = 400

/** What these assets did lately. */
export async function loadHabits(
  db: Executor,
  assetIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, Habits>> {
  const since = toDatabaseTime(now - WINDOW_MS)
  const newest = (end: 'client' | 'server') => sql`(
    select f.* from flow_summaries f where f.${sql.ref(`${end}_asset_id`)} = w.id and f.last_seen > ${since}::timestamptz
    order by f.last_seen desc limit ${FLOWS_OF_ONE})`
  const habits = new Map<string, Habits>()
  for (let start = 0; start < assetIds.length; start += 200) {
    const ids = assetIds.slice(start, start + 200)
    const { rows } = await sql<FlowRow>`
      select w.id as asset_id, f.hour, f.client_asset_id, f.client_ip, f.server_asset_id, f.server_ip, f.transport, f.port,
        f.protocol, f.sessions, f.bytes_to_server, f.bytes_to_client
      from unnest(${ids}::uuid[]) as w (id) cross join lateral (${newest('client')} union all ${newest('server')}) f`.execute(
      db,
    )
    for (const [id, flows] of Map.groupBy(rows, (row) => row.asset_id))
      habits.set(id, habitsOf(id, flows.map(flowOf)))
  }
  return habits
}

interface FlowRow {
  readonly asset_id: string
  readonly hour: number
  readonly client_asset_id: string | null
  readonly client_ip: string
  readonly server_asset_id: string | null
  readonly server_ip: string
  readonly transport: string
  readonly port: number
  readonly protocol: string | null
  readonly sessions: number
  readonly bytes_to_server: number
  readonly bytes_to_client: number
}

function flowOf(row: FlowRow): FlowSummary {
  const end = (assetId: string | null, ip: string) => (assetId === null ? { ip } : { assetId, ip })
  return {
    siteId: '',
    sensor: '',
    hour: row.hour,
    client: end(row.client_asset_id, row.client_ip),
    server: end(row.server_asset_id, row.server_ip),
    transport: row.transport,
    port: row.port,
    protocol: row.protocol ?? undefined,
    first: row.hour,
    last: row.hour,
    sessions: Number(row.sessions),
    packets: [0, 0],
    bytes: [Number(row.bytes_to_server), Number(row.bytes_to_client)],
    evidence: {},
  }
}

/** Confirmed devices of a site with what they do. */
export async function loadExamples(
  db: Executor,
  siteId: string,
  now: number,
): Promise<readonly Example[]> {
  const types = await confirmedTypes(db, siteId)
  const habits = await loadHabits(db, [...types.keys()], now)
  return [...types].flatMap(([assetId, type]) => {
    const known = habits.get(assetId)
    return known === undefined || known.size === 0 ? [] : [{ assetId, type, habits: known }]
  })
}

/** Writes what these assets behave like now; answers with those of which something else is said than before. */
export async function saveVotes(
  trx: Trx,
  siteId: string,
  assetIds: readonly string[],
  votes: ReadonlyMap<string, Vote>,
  now: number,
): Promise<readonly string[]> {
  const before = await loadVotes(trx, assetIds)
  const changed = assetIds.filter((id) => {
    const [old, fresh] = [before.get(id)?.vote, votes.get(id)]
    return old?.type !== fresh?.type || old?.weight !== fresh?.weight
  })
  if (changed.length === 0) return []
  await sql`delete from behaviour_votes where asset_id = any(${changed}::uuid[])`.execute(trx)
  const rows = changed.flatMap((id) => {
    const vote = votes.get(id)
    return vote === undefined ? [] : [{ asset_id: id, vote }]
  })
  await sql`
    insert into behaviour_votes (asset_id, site_id, vote, since)
    select r.asset_id, ${siteId}, r.vote, ${toDatabaseTime(now)}::timestamptz
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as r (asset_id uuid, vote jsonb)`.execute(trx)
  return changed
}

export async function lastTrained(db: Executor, siteId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('behaviour_models')
    .select('trained_at')
    .where('site_id', '=', siteId)
    .executeTakeFirst()
  return row?.trained_at
}

export async function saveTraining(
  trx: Trx,
  siteId: string,
  { examples, types }: { readonly examples: number; readonly types: readonly object[] },
  now: number,
): Promise<void> {
  const [told, time] = [toJson(types), toDatabaseTime(now)]
  await sql`
    insert into behaviour_models (site_id, examples, types, trained_at) values (${siteId}, ${examples}, ${told}::jsonb, ${time})
    on conflict (site_id) do update set examples = excluded.examples, types = excluded.types, trained_at = excluded.trained_at`.execute(
    trx,
  )
}
