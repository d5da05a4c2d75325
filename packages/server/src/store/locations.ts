import {
  demandPlace,
  unitAndRoom,
  within,
  type Location,
  type LocationKind,
  type PlacePlan,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import { lockAssets } from './assets.ts'
import type { Executor, Trx } from './database.ts'
import { inSites } from './keyset.ts'
import { toDatabaseTime } from './time.ts'

export interface PlaceRecord extends Location {
  readonly siteId: string
  readonly serviceLine: string | undefined
  readonly hours: string | undefined
  /** Devices in this place itself, not in what lies in it. */
  readonly devices: number
  readonly planId: string | undefined
}

/** Every place that may be seen, with how many devices are there. */
export async function readPlaces(
  db: Executor,
  sites: readonly string[] | undefined,
): Promise<readonly PlaceRecord[]> {
  const { rows } = await sql<{
    id: string
    site_id: string
    parent_id: string | null
    kind: LocationKind
    name: string
    service_line: string | null
    hours: string | null
    devices: number
    plan_id: string | null
  }>`
    select l.id, l.site_id, l.parent_id, l.kind, l.name, l.service_line, l.hours, coalesce(a.devices, 0) as devices,
      p.id as plan_id
    from locations l
    left join (select location_id, count(*) as devices from assets
      where location_id is not null and merged_into is null group by location_id) a on a.location_id = l.id
    left join floor_plans p on p.location_id = l.id and p.ended_at is null
    where l.ended_at is null and ${inSites(sql`l.site_id`, sites)[0] ?? sql`true`}
    order by l.name, l.id`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    parentId: row.parent_id ?? undefined,
    kind: row.kind,
    name: row.name,
    serviceLine: row.service_line ?? undefined,
    hours: row.hours ?? undefined,
    devices: row.devices,
    planId: row.plan_id ?? undefined,
  }))
}

/** Places of one site while its tree changes: two people must not build a circle. */
export async function lockPlaces(trx: Trx, siteId: string): Promise<readonly PlaceRecord[]> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`places/${siteId}`}, 0))`.execute(trx)
  return readPlaces(trx, [siteId])
}

type NewPlace = PlacePlan['added'][number]

export async function addPlaces(
  trx: Trx,
  siteId: string,
  places: readonly NewPlace[],
): Promise<void> {
  for (let start = 0; start < places.length; start += 1000) {
    const rows = places.slice(start, start + 1000).map((place) => ({
      id: place.id,
      site_id: siteId,
      parent_id: place.parentId ?? null,
      kind: place.kind,
      name: place.name,
      service_line: place.serviceLine ?? null,
      hours: place.hours ?? null,
    }))
    await trx.insertInto('locations').values(rows).execute()
  }
}

/** Renames or moves a place; devices in it and below follow. */
export async function changePlace(
  trx: Trx,
  place: PlaceRecord,
  all: readonly PlaceRecord[],
): Promise<void> {
  demandPlace(place, all)
  await trx
    .updateTable('locations')
    .set({
      parent_id: place.parentId ?? null,
      name: place.name,
      service_line: place.serviceLine ?? null,
      hours: place.hours ?? null,
    })
    .where('id', '=', place.id)
    .execute()
  const changed = all.map((one) => (one.id === place.id ? place : one))
  await followPlaces(trx, within(place.id, changed), changed)
}

/** Which of the fields `unit` and `room` of devices in it and below a change of a place would write again. */
export async function fieldsThatFollow(
  db: Executor,
  place: PlaceRecord,
  all: readonly PlaceRecord[],
): Promise<readonly ('unit' | 'room')[]> {
  const changed = all.map((one) => (one.id === place.id ? place : one))
  const byId = new Map(changed.map((one) => [one.id, one]))
  const ids = within(place.id, changed)
  const named = ids.map((id) => unitAndRoom(id, byId))
  const { rows } = await sql<{ unit: boolean | null; room: boolean | null }>`
    select bool_or(assets.unit is distinct from place.unit) as unit, bool_or(assets.room is distinct from place.room) as room
    from assets join unnest(${ids}::uuid[], ${named.map(({ unit }) => unit ?? null)}::text[],
      ${named.map(({ room }) => room ?? null)}::text[]) as place (id, unit, room) on assets.location_id = place.id
    where assets.merged_into is null`.execute(db)
  const [row] = rows
  return (['unit', 'room'] as const).filter((field) => row?.[field] === true)
}

/** Ends a place that nothing lies in any more. */
export async function endPlace(trx: Trx, id: string, now: number): Promise<void> {
  await trx
    .updateTable('locations')
    .set({ ended_at: toDatabaseTime(now) })
    .where('id', '=', id)
    .execute()
}

/** Puts devices into a place; undefined: nowhere that is known. */
export async function placeAssets(
  trx: Trx,
  assetIds: readonly string[],
  locationId: string | undefined,
  all: readonly Location[],
): Promise<void> {
  const { unit, room } = unitAndRoom(locationId, new Map(all.map((one) => [one.id, one])))
  await lockAssets(trx, assetIds)
  await sql`
    update assets set location_id = ${locationId ?? null}, unit = ${unit ?? null}, room = ${room ?? null}
    where id = any(${assetIds}::uuid[])`.execute(trx)
  // A mark on the plan of another floor would be a lie.
  await sql`
    delete from plan_positions p using floor_plans f
    where p.asset_id = any(${assetIds}::uuid[]) and f.id = p.plan_id
      and f.location_id <> all(${pathIds(locationId, all)}::uuid[])`.execute(trx)
}

function pathIds(id: string | undefined, all: readonly Location[]): readonly string[] {
  const byId = new Map(all.map((one) => [one.id, one]))
  const ids: string[] = []
  for (let at = id; at !== undefined && ids.length < 20; at = byId.get(at)?.parentId) ids.push(at)
  return ids
}

/** Lists know a place by the names of its unit and room: written again where these changed. */
async function followPlaces(
  trx: Trx,
  ids: readonly string[],
  all: readonly Location[],
): Promise<void> {
  const byId = new Map(all.map((one) => [one.id, one]))
  const named = ids.map((id) => ({ id, ...unitAndRoom(id, byId) }))
  const { rows } = await sql<{ id: string }>`
    select id from assets where location_id = any(${ids}::uuid[])`.execute(trx)
  await lockAssets(
    trx,
    rows.map((row) => row.id),
  )
  await sql`
    update assets set unit = place.unit, room = place.room
    from unnest(${ids}::uuid[], ${named.map(({ unit }) => unit ?? null)}::text[],
      ${named.map(({ room }) => room ?? null)}::text[]) as place (id, unit, room)
    where assets.location_id = place.id
      and (assets.unit, assets.room) is distinct from (place.unit, place.room)`.execute(trx)
}
