import { keysOf, type FlowSummary } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { toDatabaseText, toDatabaseTime } from './time.ts'

/** Adds flows up by hour, client and service. */
export async function saveFlows(
  trx: Trx,
  siteId: string,
  flows: readonly FlowSummary[],
): Promise<void> {
  const distinct = addUp(flows)
  if (distinct.length === 0) return
  const column = <Value>(valueOf: (flow: FlowSummary) => Value) => distinct.map(valueOf)
  await sql`
    insert into flow_summaries (key, site_id, sensor, hour, client_asset_id, client_ip, client_mac, server_asset_id,
      server_ip, server_mac, transport, port, protocol, first_seen, last_seen, sessions, packets_to_server,
      packets_to_client, bytes_to_server, bytes_to_client, file, flow)
    select flow_key(${siteId}, sensor, hour, client_ip, server_ip, transport, port, protocol), ${siteId}, flows.*
    from unnest(
      ${column((flow) => flow.sensor)}::text[], ${column((flow) => toDatabaseTime(flow.hour))}::timestamptz[],
      ${column((flow) => flow.client.assetId ?? null)}::uuid[], ${column((flow) => flow.client.ip)}::text[],
      ${column((flow) => flow.client.mac ?? null)}::text[], ${column((flow) => flow.server.assetId ?? null)}::uuid[],
      ${column((flow) => flow.server.ip)}::text[], ${column((flow) => flow.server.mac ?? null)}::text[],
      ${column((flow) => flow.transport)}::text[], ${column((flow) => flow.port)}::integer[],
      ${column((flow) => (flow.protocol === undefined ? null : toDatabaseText(flow.protocol)))}::text[],
      ${column((flow) => toDatabaseTime(flow.first))}::timestamptz[],
      ${column((flow) => toDatabaseTime(flow.last))}::timestamptz[], ${column((flow) => flow.sessions)}::bigint[],
      ${column((flow) => flow.packets[0])}::bigint[], ${column((flow) => flow.packets[1])}::bigint[],
      ${column((flow) => flow.bytes[0])}::bigint[], ${column((flow) => flow.bytes[1])}::bigint[],
      ${column((flow) => flow.evidence.file ?? null)}::text[], ${column((flow) => flow.evidence.flow ?? null)}::bigint[]
    ) as flows (sensor, hour, client_asset_id, client_ip, client_mac, server_asset_id, server_ip, server_mac, transport,
      port, protocol, first_seen, last_seen, sessions, packets_to_server, packets_to_client, bytes_to_server,
      bytes_to_client, file, flow)
    on conflict (key) do update set
      client_asset_id = coalesce(excluded.client_asset_id, flow_summaries.client_asset_id),
      server_asset_id = coalesce(excluded.server_asset_id, flow_summaries.server_asset_id),
      first_seen = least(flow_summaries.first_seen, excluded.first_seen),
      last_seen = greatest(flow_summaries.last_seen, excluded.last_seen),
      sessions = flow_summaries.sessions + excluded.sessions,
      packets_to_server = flow_summaries.packets_to_server + excluded.packets_to_server,
      packets_to_client = flow_summaries.packets_to_client + excluded.packets_to_client,
      bytes_to_server = flow_summaries.bytes_to_server + excluded.bytes_to_server,
      bytes_to_client = flow_summaries.bytes_to_client + excluded.bytes_to_client`.execute(trx)
}

/** One statement must not touch a row twice. */
function addUp(flows: readonly FlowSummary[]): readonly FlowSummary[] {
  const distinct = new Map<string, FlowSummary>()
  for (const flow of flows) {
    const { sensor, hour, client, server, transport, port, protocol } = flow
    const key = [sensor, hour, client.ip, server.ip, transport, port, protocol].join('\x1f')
    const same = distinct.get(key)
    distinct.set(key, same === undefined ? flow : sum(same, flow))
  }
  return [...distinct.values()]
}

function sum(one: FlowSummary, other: FlowSummary): FlowSummary {
  return {
    ...one,
    first: Math.min(one.first, other.first),
    last: Math.max(one.last, other.last),
    sessions: one.sessions + other.sessions,
    packets: [one.packets[0] + other.packets[0], one.packets[1] + other.packets[1]],
    bytes: [one.bytes[0] + other.bytes[0], one.bytes[1] + other.bytes[1]],
  }
}

/** The same flows with the assets that their addresses belong to now. */
export async function withAssets(
  db: Executor,
  siteId: string,
  flows: readonly FlowSummary[],
): Promise<readonly FlowSummary[]> {
  const ends = flows.flatMap(({ client, server }) => [client, server])
  const keys = new Set(ends.flatMap((end) => keysOfEnd(end)))
  if (keys.size === 0) return flows
  const rows = await db
    .selectFrom('key_links')
    .select(['key', 'asset_id'])
    .where('site_id', '=', siteId)
    .where('until', 'is', null)
    .where((where) => where(where.ref('key'), '=', where.fn.any(where.val([...keys]))))
    .execute()
  const byKey = new Map(rows.map((row) => [row.key, row.asset_id]))
  const addressed = await assetsWithAddress(
    db,
    rows.map((row) => row.asset_id),
  )
  const tie = (end: FlowSummary['client']): FlowSummary['client'] => {
    const byIp = byKey.get(`ip:${end.ip}`)
    const byMac = end.mac === undefined ? undefined : byKey.get(`mac:${end.mac}`)
    // Behind a router every frame carries its MAC: a MAC speaks for an address only where its asset has none.
    const assetId = byIp ?? (byMac !== undefined && !addressed.has(byMac) ? byMac : undefined)
    return assetId === undefined ? end : { ...end, assetId }
  }
  return flows.map((flow) => ({ ...flow, client: tie(flow.client), server: tie(flow.server) }))
}

function keysOfEnd(end: FlowSummary['client']): readonly string[] {
  const fact = {
    field: 'flow.end',
    value: '',
    sensor: '',
    first: 0,
    last: 0,
    count: 0,
    evidence: {},
  }
  return keysOf({ ...fact, subject: end }).map(({ key }) => key)
}

async function assetsWithAddress(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('key_links')
    .select('asset_id')
    .distinct()
    .where('asset_id', 'in', [...new Set(ids)])
    .where('kind', '=', 'ip')
    .where('until', 'is', null)
    .execute()
  return new Set(rows.map((row) => row.asset_id))
}

/**
 * Flows of these assets seen after a moment, newest first, at most `limit`; with `peer`, an asset or `ip:<address>`,
 * only those with it.
 */
export async function flowsSince(
  db: Executor,
  assetIds: readonly string[],
  since: number,
  { limit = 5000, peer }: { readonly limit?: number; readonly peer?: string } = {},
): Promise<readonly FlowSummary[]> {
  if (assetIds.length === 0) return []
  let query = db
    .selectFrom('flow_summaries')
    .selectAll()
    .where((where) =>
      where.or([
        where('client_asset_id', 'in', assetIds),
        where('server_asset_id', 'in', assetIds),
      ]),
    )
    .where('last_seen', '>', sql<number>`${toDatabaseTime(since)}::timestamptz`)
    .orderBy('last_seen', 'desc')
    .limit(limit)
  if (peer !== undefined) {
    query = query.where(
      peer.startsWith('ip:')
        ? sql<boolean>`${peer.slice(3)} in (client_ip, server_ip)`
        : sql<boolean>`(client_asset_id = ${peer}::uuid or server_asset_id = ${peer}::uuid)`,
    )
  }
  const rows = await query.execute()
  return rows.map((row) => ({
    siteId: row.site_id,
    sensor: row.sensor,
    hour: row.hour,
    client: endOf(row.client_ip, row.client_mac, row.client_asset_id),
    server: endOf(row.server_ip, row.server_mac, row.server_asset_id),
    transport: row.transport,
    port: row.port,
    protocol: row.protocol ?? undefined,
    first: row.first_seen,
    last: row.last_seen,
    sessions: row.sessions,
    packets: [row.packets_to_server, row.packets_to_client],
    bytes: [row.bytes_to_server, row.bytes_to_client],
    evidence: {
      ...(row.file === null ? {} : { file: row.file }),
      ...(row.flow === null ? {} : { flow: row.flow }),
    },
  }))
}

function endOf(ip: string, mac: string | null, assetId: string | null): FlowSummary['client'] {
  return { ip, ...(mac === null ? {} : { mac }), ...(assetId === null ? {} : { assetId }) }
}
