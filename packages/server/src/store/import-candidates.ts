import { serialKeyOf, type Candidate, type DeclaredDevice } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from './database.ts'

/** A device of a row, for which assets are looked up. */
export interface Wanted {
  readonly nativeKey: string
  readonly device: DeclaredDevice
}

interface Found {
  readonly at: number
  readonly asset_id: string
}

/**
 * Assets that share a key with each row. Those that this import made itself are none: rows of one file with one key
 * were told apart when the file was read.
 */
export async function findCandidates(
  db: Executor,
  siteId: string,
  source: string,
  importId: string | undefined,
  wanted: readonly Wanted[],
): Promise<readonly (readonly Candidate[])[]> {
  if (wanted.length === 0) return []
  const links = pairs(wanted, ({ device }) => [
    ...(device.macs ?? []).map((mac) => `mac:${mac}`),
    ...(device.ips ?? []).map((ip) => `ip:${ip}`),
    ...serialLinks(device),
  ])
  const serials = pairs(wanted, ({ device }) => serialForms(device.serial))
  const tags = pairs(wanted, ({ device }) =>
    device.tag === undefined ? [] : [device.tag.toLowerCase()],
  )
  const hosts = pairs(wanted, ({ device }) =>
    device.hostname === undefined ? [] : [device.hostname.toLowerCase()],
  )
  const native = pairs(wanted, ({ nativeKey }) => [nativeKey])
  const { rows } = await sql<Found>`
    with found as (
      select w.at, k.asset_id from ${table(links)} join key_links k on k.site_id = ${siteId} and k.key = w.key and k.until is null
      union select w.at, a.id from ${table(serials)} join assets a on a.site_id = ${siteId} and upper(a.serial) = w.key and a.serial is not null and a.merged_into is null
      union select w.at, d.asset_id from ${table(serials)} join declared_records d on d.site_id = ${siteId} and upper(d.body ->> 'serial') = w.key and d.until is null
      union select w.at, d.asset_id from ${table(tags)} join declared_records d on d.site_id = ${siteId} and lower(d.body ->> 'tag') = w.key and d.until is null
      union select w.at, a.id from ${table(hosts)} join assets a on a.site_id = ${siteId} and left(lower(a.hostname), 250) = left(w.key, 250) and lower(a.hostname) = w.key and a.hostname is not null and a.merged_into is null
      union select w.at, d.asset_id from ${table(native)} join declared_records d on d.site_id = ${siteId} and d.source = ${source} and d.native_key = w.key and d.until is null
    )
    select at, asset_id from found where asset_id is not null and not exists (
      select from import_rows i where i.import_id = ${importId ?? null}::uuid and i.asset_id = found.asset_id and i.outcome = 'created' and i.is_done)`.execute(
    db,
  )
  const byAsset = await describe(db, source, [...new Set(rows.map((row) => row.asset_id))])
  const result: Candidate[][] = wanted.map(() => [])
  for (const { at, asset_id: id } of rows) {
    const candidate = byAsset.get(id)
    if (candidate !== undefined) result[at]?.push(candidate)
  }
  return result
}

interface Pairs {
  readonly at: readonly number[]
  readonly key: readonly string[]
}

function pairs(wanted: readonly Wanted[], keysOf: (one: Wanted) => readonly string[]): Pairs {
  const all = wanted.flatMap((one, at) => keysOf(one).map((key) => ({ at, key })))
  return { at: all.map(({ at }) => at), key: all.map(({ key }) => key) }
}

function table({ at, key }: Pairs) {
  return sql`unnest(${at}::integer[], ${key}::text[]) as w (at, key)`
}

function serialLinks({ serial, manufacturer }: DeclaredDevice): readonly string[] {
  const key = serialKeyOf(serial, manufacturer)
  return key === undefined ? [] : [key]
}

/** A serial as it is, without punctuation and without leading zeros: how people type it. */
function serialForms(serial: string | undefined): readonly string[] {
  if (serial === undefined) return []
  const upper = serial.toUpperCase()
  const bare = upper.replace(/[^A-Z0-9]/g, '')
  return [...new Set([upper, bare, bare.replace(/^0+(?=.)/, '')])]
}

async function describe(
  db: Executor,
  source: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Candidate>> {
  if (ids.length === 0) return new Map()
  const assets = await sql<{
    id: string
    label: string
    manufacturer: string | null
    model: string | null
    type: string | null
    hostname: string | null
    unit: string | null
    room: string | null
    serial: string | null
    macs: readonly string[]
    ips: readonly string[]
  }>`select id, label, manufacturer, model, type, hostname, unit, room, serial, macs, ips from assets where id = any(${ids}::uuid[]) and merged_into is null`.execute(
    db,
  )
  const { rows } = await sql<{
    asset_id: string
    source: string
    native_key: string
    body: DeclaredDevice
  }>`
    select asset_id, source, native_key, body from declared_records where asset_id = any(${ids}::uuid[]) and until is null`.execute(
    db,
  )
  const records = Map.groupBy(rows, (row) => row.asset_id)
  return new Map(
    assets.rows.map((asset) => {
      const said = records.get(asset.id) ?? []
      const serials = [asset.serial, ...said.map(({ body }) => body.serial)].filter(
        (one) => one !== null && one !== undefined,
      )
      const candidate: Candidate = {
        assetId: asset.id,
        label: asset.label,
        manufacturer: asset.manufacturer ?? undefined,
        model: asset.model ?? undefined,
        type: asset.type ?? undefined,
        hostname: asset.hostname ?? undefined,
        unit: asset.unit ?? undefined,
        room: asset.room ?? undefined,
        serials: [...new Set(serials)],
        macs: [...new Set([...asset.macs, ...said.flatMap(({ body }) => body.macs ?? [])])],
        ips: [...new Set([...asset.ips, ...said.flatMap(({ body }) => body.ips ?? [])])],
        tags: said.flatMap(({ body }) => body.tag ?? []),
        nativeKeys: said.filter((one) => one.source === source).map((one) => one.native_key),
      }
      return [asset.id, candidate] as const
    }),
  )
}
