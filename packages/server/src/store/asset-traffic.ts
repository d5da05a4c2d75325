import { sql } from 'kysely'
import type { Executor } from './database.ts'
import { anywhere, readPage, type ListQuery, type Page } from './keyset.ts'

export interface ObservationRecord {
  readonly field: string
  readonly value: string
  readonly first_seen: number
  readonly last_seen: number
  readonly count: number
  readonly sensor: string
  readonly file: string | null
  readonly frame: number | null
}

/** Everything seen of one asset on the wire. */
export function readObservations(
  db: Executor,
  assetId: string,
  query: ListQuery,
): Promise<Page<ObservationRecord>> {
  return readPage<ObservationRecord>(
    db,
    {
      select: sql`field, value, first_seen, last_seen, count, sensor, file, frame`,
      from: sql`(
        select f.name as field, o.value, o.first_seen, o.last_seen, o.count, s.name as sensor, p.name as file,
          nullif(o.frame, 0) as frame, hashtextextended(o.value, (o.sensor::bigint << 32) | o.subject) as id
        from observations o
        join observation_names f on f.id = o.field
        join observation_names s on s.id = o.sensor
        left join observation_names p on p.id = o.file
        where o.asset = (select number from assets where assets.id = ${assetId})
      ) as seen`,
      where: query.q ? [sql`lower(field || ' ' || value) like ${anywhere(query.q)}`] : [],
      id: sql`id`,
      idType: 'bigint',
      sorts: {
        field: { expression: sql`field`, type: 'text' },
        last: { expression: sql`last_seen`, type: 'timestamptz' },
      },
      defaultSort: 'field',
    },
    query,
  )
}

export interface ConversationRecord {
  readonly peer_id: string | null
  readonly peer: string
  readonly direction: 'to-peer' | 'from-peer'
  readonly transport: string
  readonly port: number
  readonly protocol: string | null
  readonly sessions: number
  readonly bytes_sent: number
  readonly bytes_received: number
  readonly first_seen: number
  readonly last_seen: number
}

/** With whom one asset talks, by service; the flows of all hours added up. */
export function readConversations(
  db: Executor,
  assetId: string,
  query: ListQuery,
): Promise<Page<ConversationRecord>> {
  const talks = sql`(
    select md5(concat_ws('/', peer_id, peer_ip, direction, transport, port, protocol))::uuid as id, peer_id,
      coalesce((select label from assets where assets.id = peer_id), peer_ip) as peer, direction, transport, port,
      protocol, sum(sessions)::bigint as sessions, sum(sent)::bigint as bytes_sent,
      sum(received)::bigint as bytes_received, min(first_seen) as first_seen, max(last_seen) as last_seen
    from (
      select server_asset_id as peer_id, case when server_asset_id is null then server_ip end as peer_ip,
        'to-peer' as direction, transport, port, protocol, sessions, bytes_to_server as sent,
        bytes_to_client as received, first_seen, last_seen
      from flow_summaries where client_asset_id = ${assetId}
      union all
      select client_asset_id, case when client_asset_id is null then client_ip end, 'from-peer', transport, port,
        protocol, sessions, bytes_to_client, bytes_to_server, first_seen, last_seen
      from flow_summaries where server_asset_id = ${assetId}
    ) as flows group by peer_id, peer_ip, direction, transport, port, protocol
  ) as talks`
  return readPage<ConversationRecord>(
    db,
    {
      select: sql`talks.*`,
      from: talks,
      where: query.q
        ? [sql`lower(concat_ws(' ', peer, protocol, port)) like ${anywhere(query.q)}`]
        : [],
      id: sql`id`,
      sorts: {
        last: { expression: sql`last_seen`, type: 'timestamptz' },
        peer: { expression: sql`peer`, type: 'text' },
        bytes: { expression: sql`bytes_sent + bytes_received`, type: 'bigint' },
      },
      defaultSort: '-last',
    },
    query,
  )
}
