import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { inSites } from './keyset.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface PlanFile {
  readonly name: string
  readonly mediaType: string
  readonly hash: string
  readonly bytes: number
  readonly width: number
  readonly height: number
}

export async function readPlan(
  db: Executor,
  sites: readonly string[] | undefined,
  id: string,
): Promise<(PlanFile & { id: string; siteId: string; locationId: string }) | undefined> {
  const row = await db
    .selectFrom('floor_plans')
    .selectAll()
    .where('id', '=', id)
    .where(
      inSites(sql`site_id`, sites)[0] === undefined
        ? sql<boolean>`true`
        : sql<boolean>`site_id = any(${sites ?? []}::text[])`,
    )
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      siteId: row.site_id,
      locationId: row.location_id,
      name: row.name,
      mediaType: row.media_type,
      hash: row.hash,
      bytes: row.bytes,
      width: row.width,
      height: row.height,
    }
  )
}

/** Puts a plan in place of the one before; marks stay where they were. */
export async function replacePlan(
  trx: Trx,
  siteId: string,
  locationId: string,
  file: PlanFile,
  byName: string,
  now: number,
): Promise<string> {
  const id = newId()
  const before = await trx
    .updateTable('floor_plans')
    .set({ ended_at: toDatabaseTime(now) })
    .where('location_id', '=', locationId)
    .where('ended_at', 'is', null)
    .returning('id')
    .execute()
  const { name, mediaType: media_type, hash, bytes, width, height } = file
  await trx
    .insertInto('floor_plans')
    .values({
      id,
      site_id: siteId,
      location_id: locationId,
      name,
      media_type,
      hash,
      bytes,
      width,
      height,
      by_name: byName,
    })
    .execute()
  for (const old of before) {
    await trx
      .updateTable('plan_positions')
      .set({ plan_id: id })
      .where('plan_id', '=', old.id)
      .execute()
  }
  return id
}

export interface Marker {
  readonly id: string
  readonly label: string
  readonly type: string | null
  readonly category: string | null
  readonly state: string
  readonly in_use: string
  readonly room: string | null
  readonly findings_critical: number
  readonly findings_high: number
  readonly findings_medium: number
  readonly findings_low: number
  readonly x: number | null
  readonly y: number | null
}

/** Devices in these places, with where they stand on the plan; those without a mark too. */
export async function readMarkers(
  db: Executor,
  locationIds: readonly string[],
  planId: string | undefined,
): Promise<readonly Marker[]> {
  const { rows } = await sql<Marker>`
    select a.id, a.label, a.type, a.category, a.state, a.in_use, a.room, a.findings_critical, a.findings_high,
      a.findings_medium, a.findings_low, p.x, p.y
    from assets a left join plan_positions p on p.asset_id = a.id and p.plan_id = ${planId ?? null}
    where a.location_id = any(${locationIds}::uuid[]) and a.merged_into is null
    order by a.label, a.id limit 2000`.execute(db)
  return rows
}

/** Marks a device on a plan; without a position its mark goes. */
export async function markAsset(
  trx: Trx,
  asset: { readonly id: string; readonly site_id: string },
  planId: string,
  position: { readonly x: number; readonly y: number } | undefined,
): Promise<void> {
  if (position === undefined) {
    await trx.deleteFrom('plan_positions').where('asset_id', '=', asset.id).execute()
    return
  }
  const place = { plan_id: planId, x: position.x, y: position.y }
  await trx
    .insertInto('plan_positions')
    .values({ asset_id: asset.id, site_id: asset.site_id, ...place })
    .onConflict((conflict) => conflict.column('asset_id').doUpdateSet(place))
    .execute()
}
