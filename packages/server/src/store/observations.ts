import type { ObservedFact } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { toDatabaseText, toDatabaseTime } from './time.ts'

export interface OwnedFact {
  readonly fact: ObservedFact
  readonly assetId: string | undefined
}

/** Values of one field of one asset that identification looks at; a name server sees thousands. */
const VALUES_PER_FIELD = 64

/** Adds facts up; answers with the assets that got a fact which they had never shown before. */
export async function saveObservations(
  trx: Trx,
  siteId: string,
  facts: readonly OwnedFact[],
): Promise<ReadonlySet<string>> {
  const distinct = addUp(facts)
  if (distinct.length === 0) return new Set()
  const column = <Value>(valueOf: (row: DistinctFact) => Value) => distinct.map(valueOf)
  const { rows } = await sql<{ asset_id: string }>`
    with seen as (
      select * from unnest(
        ${column((row) => row.assetId ?? null)}::uuid[], ${column((row) => row.sensor)}::text[],
        ${column((row) => row.mac ?? null)}::text[], ${column((row) => row.ip ?? null)}::text[],
        ${column((row) => row.field)}::text[], ${column((row) => row.value)}::text[],
        ${column((row) => toDatabaseTime(row.first))}::timestamptz[],
        ${column((row) => toDatabaseTime(row.last))}::timestamptz[],
        ${column((row) => row.count)}::bigint[], ${column((row) => row.file ?? null)}::text[],
        ${column((row) => row.frame ?? null)}::bigint[], ${column((row) => row.flow ?? null)}::bigint[]
      ) as fact (asset_id, sensor, mac, ip, field, value, first_seen, last_seen, count, file, frame, flow)
    ), saved as (
      insert into observations (key, site_id, asset_id, sensor, mac, ip, field, value,
        first_seen, last_seen, count, file, frame, flow)
      select observation_key(${siteId}, sensor, mac, ip, field, value, asset_id), ${siteId}, seen.* from (
        select asset_id, sensor, mac, ip, field, value, first_seen, last_seen, count, file, frame, flow from seen
      ) as seen
      on conflict (key) do update set
        first_seen = least(observations.first_seen, excluded.first_seen),
        last_seen = greatest(observations.last_seen, excluded.last_seen),
        count = observations.count + excluded.count
      returning asset_id, xmax = 0 as is_new
    )
    select distinct asset_id from saved where is_new and asset_id is not null`.execute(trx)
  return new Set(rows.map((row) => row.asset_id))
}

interface DistinctFact {
  readonly assetId: string | undefined
  readonly sensor: string
  readonly mac: string | undefined
  readonly ip: string | undefined
  readonly field: string
  readonly value: string
  first: number
  last: number
  count: number
  readonly file: string | undefined
  readonly frame: number | undefined
  readonly flow: number | undefined
}

/** One statement must not touch a row twice. */
function addUp(facts: readonly OwnedFact[]): readonly DistinctFact[] {
  const distinct = new Map<string, DistinctFact>()
  for (const { fact, assetId } of facts) {
    const { mac, ip } = fact.subject
    const field = toDatabaseText(fact.field)
    const value = toDatabaseText(fact.value)
    const key = [assetId, fact.sensor, mac, ip, field, value].join('\x1f')
    const same = distinct.get(key)
    if (same === undefined) {
      const { first, last, count, sensor, evidence } = fact
      const { file, frame, flow } = evidence
      distinct.set(key, {
        assetId,
        sensor,
        mac,
        ip,
        field,
        value,
        first,
        last,
        count,
        file,
        frame,
        flow,
      })
      continue
    }
    same.first = Math.min(same.first, fact.first)
    same.last = Math.max(same.last, fact.last)
    same.count += fact.count
  }
  return [...distinct.values()]
}

/** All facts of each asset, the newest values of each field when there are very many. */
export async function loadFacts(
  db: Executor,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ObservedFact[]>> {
  if (assetIds.length === 0) return new Map()
  const { rows } = await sql<ObservationRow & { asset_id: string }>`
    select asset_id, sensor, mac, ip, field, value, first_seen, last_seen, count, file, frame, flow from (
      select *, row_number() over (partition by asset_id, field order by last_seen desc, key) as place
      from observations where asset_id = any(${assetIds}::uuid[])
    ) as ranked where place <= ${VALUES_PER_FIELD} order by first_seen, field, value`.execute(db)
  const facts = new Map<string, ObservedFact[]>()
  for (const row of rows) {
    const list = facts.get(row.asset_id)
    if (list) list.push(factOf(row))
    else facts.set(row.asset_id, [factOf(row)])
  }
  return facts
}

interface ObservationRow {
  readonly sensor: string
  readonly mac: string | null
  readonly ip: string | null
  readonly field: string
  readonly value: string
  readonly first_seen: number
  readonly last_seen: number
  readonly count: number
  readonly file: string | null
  readonly frame: number | null
  readonly flow: number | null
}

function factOf(row: ObservationRow): ObservedFact {
  return {
    subject: {
      ...(row.mac === null ? {} : { mac: row.mac }),
      ...(row.ip === null ? {} : { ip: row.ip }),
    },
    field: row.field,
    value: row.value,
    sensor: row.sensor,
    first: row.first_seen,
    last: row.last_seen,
    count: row.count,
    evidence: {
      ...(row.file === null ? {} : { file: row.file }),
      ...(row.frame === null ? {} : { frame: row.frame }),
      ...(row.flow === null ? {} : { flow: row.flow }),
    },
  }
}

/** Facts of one asset become facts of another: all of them, or those about one address. */
export async function moveObservations(
  trx: Trx,
  from: string,
  into: string,
  ip?: string,
): Promise<void> {
  const onlyIp = ip === undefined ? sql`` : sql`and ip = ${ip}`
  await sql`
    with moved as (delete from observations where asset_id = ${from} ${onlyIp} returning *)
    insert into observations
    select observation_key(site_id, sensor, mac, ip, field, value, ${into}::uuid), site_id, ${into}::uuid, sensor, mac,
      ip, field, value, first_seen, last_seen, count, file, frame, flow from moved
    on conflict (key) do update set
      first_seen = least(observations.first_seen, excluded.first_seen),
      last_seen = greatest(observations.last_seen, excluded.last_seen),
      count = observations.count + excluded.count`.execute(trx)
}
