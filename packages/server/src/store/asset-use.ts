import {
  segmentNameOf,
  type HourOfTraffic,
  type LookedAt,
  type ProtectionFacts,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import type { AssetRecord } from './assets.ts'
import type { Executor } from './database.ts'
import { toDatabaseTime } from './time.ts'

const WEEKS_MS = 4 * 7 * 86_400_000

/** What is needed to say when a device is used: its traffic by hour, and when any sensor looked. */
export async function readUse(
  db: Executor,
  asset: Pick<AssetRecord, 'id' | 'site_id'>,
): Promise<{
  readonly timeZone: string
  readonly window: LookedAt | undefined
  readonly traffic: readonly HourOfTraffic[]
  readonly looked: readonly LookedAt[]
}> {
  const { rows: sensors } = await sql<{ from: number; until: number }>`
    select first_frame as "from", last_frame as until from sensors
    where site_id = ${asset.site_id} and first_frame is not null and last_frame is not null`.execute(
    db,
  )
  const { rows: sites } = await sql<{ time_zone: string }>`
    select time_zone from sites where id = ${asset.site_id}`.execute(db)
  const timeZone = sites[0]?.time_zone ?? 'UTC'
  if (sensors.length === 0) return { timeZone, window: undefined, traffic: [], looked: [] }
  const until = sensors.reduce((last, sensor) => Math.max(last, sensor.until), 0)
  const first = sensors.reduce((least, sensor) => Math.min(least, sensor.from), until)
  const from = Math.max(first, until - WEEKS_MS)
  const { rows: traffic } = await sql<HourOfTraffic>`
    select hour, sum(bytes)::bigint as bytes from (
      select hour, bytes_to_server + bytes_to_client as bytes from flow_summaries
      where client_asset_id = ${asset.id} and last_seen >= ${toDatabaseTime(from)}::timestamptz
      union all
      select hour, bytes_to_server + bytes_to_client from flow_summaries
      where server_asset_id = ${asset.id} and last_seen >= ${toDatabaseTime(from)}::timestamptz
    ) as both_sides group by hour`.execute(db)
  return { timeZone, window: { from, until }, traffic, looked: sensors }
}

/** Milliseconds that a clock on the wall of this zone is ahead of UTC. */
export function offsetOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
    if (sign === undefined) return 0
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
  }
}

/** Addresses that cannot be of a stranger outside: private, local, of a group. */
const INSIDE = String.raw`^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|169\.254\.|127\.|0\.|2(2[4-9]|3[0-9])\.|255\.|f[cdef]|::)`
const ENCRYPTED = ['tls', 'https', 'ssh', 'quic', 'dtls', 'ike', 'esp', 'ipsec', 'srtp']

/** What was seen of the protection of one device. */
export async function readProtection(
  db: Executor,
  asset: AssetRecord,
  baseline: ProtectionFacts['baseline'],
): Promise<ProtectionFacts> {
  const segment = segmentNameOf(asset.ips[0])
  const { rows: talks } = await sql<{ sessions: number; encrypted: number; outside: number }>`
    select coalesce(sum(sessions), 0)::bigint as sessions,
      coalesce(sum(sessions) filter (where protocol = any(${ENCRYPTED}::text[])), 0)::bigint as encrypted,
      coalesce(sum(sessions) filter (where client_ip !~ ${INSIDE} or server_ip !~ ${INSIDE}), 0)::bigint as outside
    from flow_summaries where client_asset_id = ${asset.id} or server_asset_id = ${asset.id}`.execute(
    db,
  )
  const { rows: weak } = await sql<{ count: number }>`
    select count(*) as count from findings where asset_id = ${asset.id} and kind = 'weakness'
      and state in ('open', 'in-progress')`.execute(db)
  const { neighbours, strangers } = await countNeighbours(db, asset, segment)
  const talked = talks[0] ?? { sessions: 0, encrypted: 0, outside: 0 }
  return {
    segment,
    neighbours,
    strangers,
    ...talked,
    baseline,
    openWeaknesses: weak[0]?.count ?? 0,
  }
}

async function countNeighbours(
  db: Executor,
  asset: AssetRecord,
  segment: string | undefined,
): Promise<{ neighbours: number; strangers: number }> {
  if (segment === undefined) return { neighbours: 0, strangers: 0 }
  // The front of the address up to the last dot (or the fourth group) is the segment.
  const front = segment.replace(/(0\/24|::\/64)$/, '')
  const { rows } = await sql<{ neighbours: number; strangers: number }>`
    select count(*) as neighbours, count(*) filter (where category is distinct from ${asset.category}) as strangers
    from assets where merged_into is null and site_id = ${asset.site_id} and id <> ${asset.id}
      and starts_with(ips[1], ${front})`.execute(db)
  return rows[0] ?? { neighbours: 0, strangers: 0 }
}
