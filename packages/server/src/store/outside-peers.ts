import type { Evidence } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from './database.ts'

export interface OutsidePeer {
  readonly peer: string
  readonly evidence: readonly Evidence[]
}

/** Names and the time are asked of public servers by every device: that is no service of anybody. */
const NO_SERVICE = ['udp/53', 'tcp/53', 'udp/123']
const MOST_PEERS = 20

interface Row {
  readonly asset_id: string
  readonly peer_ip: string
  readonly service: string
  readonly direction: string
  readonly time: number
  readonly sensor: string | null
  readonly file: string | null
  readonly flow: number | null
}

/**
 * With whom outside the hospital assets had sessions, in the window before the newest traffic of the site, with the
 * newest flow of each as evidence.
 */
export async function loadOutsidePeers(
  db: Executor,
  siteId: string,
  assetIds: readonly string[],
  windowDays: number,
): Promise<ReadonlyMap<string, readonly OutsidePeer[]>> {
  if (assetIds.length === 0) return new Map()
  const { rows } = await sql<Row>`
    with newest as (select max(last_seen) as time from risk_segments where site_id = ${siteId})
    select p.asset_id, p.peer_ip, p.service, p.direction, p.last_seen as time, f.sensor, f.file, f.flow
    from newest, (
      select *, row_number() over (partition by asset_id order by last_seen desc, peer_ip) as place from risk_peers
      where asset_id = any(${[...assetIds]}::uuid[]) and level in ('internet', 'internet-out')
        and split_part(service, ' ', 1) <> all(${NO_SERVICE}::text[])
    ) p
    left join lateral (
      select sensor, file, flow from flow_summaries
      where (p.direction = 'out' and client_asset_id = p.asset_id and server_ip = p.peer_ip)
        or (p.direction = 'in' and server_asset_id = p.asset_id and client_ip = p.peer_ip)
      order by last_seen desc limit 1
    ) f on true
    where p.place <= ${MOST_PEERS} and p.last_seen >= newest.time - ${`${windowDays} days`}::interval
    order by p.asset_id, p.last_seen desc, p.peer_ip`.execute(db)
  const found = new Map<string, OutsidePeer[]>()
  for (const row of rows) {
    const own = found.get(row.asset_id) ?? []
    own.push({ peer: row.peer_ip, evidence: [evidenceOf(row)] })
    found.set(row.asset_id, own)
  }
  return found
}

function evidenceOf({ peer_ip: ip, service, direction, time, sensor, file, flow }: Row): Evidence {
  const way = direction === 'in' ? `from ${ip} to its ${service}` : `to ${ip} ${service}`
  return {
    field: 'flow.outside',
    value: flow === null ? way : `${way}, flow ${flow}`,
    time,
    ...(sensor !== null && { sensor }),
    ...(file !== null && { file }),
    rule: 'session beyond the hospital',
    weight: 0,
  }
}
