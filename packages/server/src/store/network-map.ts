import { segmentNameOf } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from './database.ts'
import { inSites } from './keyset.ts'
import { toDatabaseTime } from './time.ts'

type Sites = readonly string[] | undefined

const MOST_NODES = 10_000
const MOST_EDGES = 30_000
/** Of a router's trunk no more are told. */
const MOST_VLANS = 64
const DAY_MS = 86_400_000

export interface MapNodeRecord {
  readonly id: string
  readonly label: string
  readonly type: string | null
  readonly category: string | null
  readonly unit: string | null
  readonly state: string
  readonly in_use: string
  readonly ip: string | null
  readonly findings_critical: number
  readonly findings_high: number
  readonly findings_medium: number
  readonly findings_low: number
  readonly vlans: readonly string[]
}

export interface MapEdgeRecord {
  readonly from: string
  readonly to: string
  readonly sessions: number
  readonly bytes: number
  readonly protocols: readonly string[]
}

const VLANS = sql`array(
  select distinct value from observations
  where asset = assets.number and field = (select id from observation_names where kind = 'field' and name = 'mac.vlan')
  order by value limit ${MOST_VLANS})`

/** Devices that have an address, and who called whom in the last days that were seen. */
export async function readNetworkMap(
  db: Executor,
  sites: Sites,
  { days, segment }: { readonly days: number; readonly segment?: string | undefined },
) {
  const own = inSites(sql`site_id`, sites)[0] ?? sql`true`
  const { rows: found } = await sql<MapNodeRecord>`
    select id, label, type, category, unit, state, in_use, ips[1] as ip, findings_critical, findings_high,
      findings_medium, findings_low, ${VLANS} as vlans
    from assets join asset_sights on asset_id = id where merged_into is null and cardinality(ips) > 0 and ${own}
    order by seen desc, id limit ${MOST_NODES + 1}`.execute(db)
  const all = found.slice(0, MOST_NODES)
  const nodes =
    segment === undefined ? all : all.filter(({ ip }) => segmentNameOf(ip ?? undefined) === segment)
  const { rows: newest } = await sql<{ until: number | null }>`
    select max(last_frame) as until from sensors where ${own}`.execute(db)
  const until = newest[0]?.until ?? undefined
  if (until === undefined || nodes.length === 0) {
    return { nodes, edges: [], isCut: found.length > MOST_NODES, from: undefined, until }
  }
  const from = until - days * DAY_MS
  const ids = nodes.map(({ id }) => id)
  const { rows: edges } = await sql<MapEdgeRecord>`
    select client_asset_id as "from", server_asset_id as "to", sum(sessions)::bigint as sessions,
      sum(bytes_to_server + bytes_to_client)::bigint as bytes,
      array_agg(distinct coalesce(protocol, transport || '/' || port)) as protocols
    from flow_summaries
    where hour >= ${toDatabaseTime(from)}::timestamptz and client_asset_id is not null and server_asset_id is not null
      and client_asset_id <> server_asset_id and ${own}
      and (client_asset_id = any(${ids}::uuid[]) or server_asset_id = any(${ids}::uuid[]))
    group by client_asset_id, server_asset_id
    order by bytes desc limit ${MOST_EDGES + 1}`.execute(db)
  const known = new Set(all.map(({ id }) => id))
  const shown = edges
    .slice(0, MOST_EDGES)
    .filter((edge) => known.has(edge.from) && known.has(edge.to))
  return {
    nodes: segment === undefined ? nodes : withPeers(nodes, all, shown),
    edges: shown,
    isCut: found.length > MOST_NODES || edges.length > MOST_EDGES,
    from,
    until,
  }
}

/** A segment by itself, and whom it talks with. */
function withPeers(
  nodes: readonly MapNodeRecord[],
  all: readonly MapNodeRecord[],
  edges: readonly MapEdgeRecord[],
): readonly MapNodeRecord[] {
  const shown = new Set([
    ...nodes.map(({ id }) => id),
    ...edges.flatMap(({ from, to }) => [from, to]),
  ])
  return all.filter(({ id }) => shown.has(id))
}
