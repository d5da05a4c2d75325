import { IN_USE_STATES } from '@wardkeeper/core'
import { sql } from 'kysely'
import { z } from 'zod'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { placeDeclared } from './declared-assets.ts'
import { newId } from './uuid.ts'

/** What a hospital says of a device; observed values are kept apart from it. */
export const declaration = z.object({
  owner: z.string().min(1).optional(),
  unit: z.string().min(1).optional(),
  room: z.string().min(1).optional(),
  warrantyUntil: z.iso.date().optional(),
  contract: z.string().min(1).optional(),
  inUse: z.enum(IN_USE_STATES).optional(),
  maintenance: z
    .array(z.object({ date: z.iso.date(), by: z.string().min(1), what: z.string().min(1) }))
    .default([]),
})
export type Declaration = z.infer<typeof declaration>

/** Keeps a declaration under `mac:..` or `serial:..`; it is applied to the device now or when it is first seen. */
export async function declare(
  trx: Trx,
  siteId: string,
  key: string,
  body: Declaration,
): Promise<void> {
  await trx
    .insertInto('declarations')
    .values({ id: newId(), site_id: siteId, key, body: toJson(body) })
    .onConflict((conflict) => conflict.columns(['site_id', 'key']).doNothing())
    .execute()
  const owner = await trx
    .selectFrom('key_links')
    .select('asset_id')
    .where('site_id', '=', siteId)
    .where('key', '=', key)
    .where('until', 'is', null)
    .executeTakeFirst()
  if (owner) await applyDeclarations(trx, siteId, [owner.asset_id])
}

/** Writes declarations that wait for these assets, by their MACs and serial numbers, where nothing is set yet. */
export async function applyDeclarations(
  trx: Trx,
  siteId: string,
  assetIds: readonly string[],
): Promise<void> {
  if (assetIds.length === 0) return
  const waiting = await sql<{ id: string; asset_id: string; body: Declaration }>`
    select distinct on (d.id) d.id, k.asset_id, d.body from declarations d
    join (
      select key, asset_id from key_links where asset_id = any(${assetIds}::uuid[]) and until is null
      union all
      select 'serial:' || lower(serial), id from assets where id = any(${assetIds}::uuid[]) and serial is not null
    ) k on k.key = d.key
    where d.site_id = ${siteId} and d.asset_id is null`.execute(trx)
  for (const { id, asset_id: assetId, body } of waiting.rows) {
    // Two devices may state one serial number: who works at the other one may have been quicker.
    const { rows } = await sql`
      update declarations set asset_id = ${assetId} where id = ${id} and asset_id is null returning id`.execute(
      trx,
    )
    if (rows.length === 0) continue
    await sql`
      update assets set owner = coalesce(owner, ${body.owner ?? null}), unit = coalesce(unit, ${body.unit ?? null}),
        room = coalesce(room, ${body.room ?? null}), contract = coalesce(contract, ${body.contract ?? null}),
        warranty_until = coalesce(warranty_until, ${body.warrantyUntil ?? null}::date),
        in_use = case when in_use = 'unknown' then ${body.inUse ?? 'unknown'} else in_use end
      where id = ${assetId}`.execute(trx)
    await addMaintenance(trx, siteId, assetId, body.maintenance)
  }
  await placeDeclared(trx, assetIds)
}

async function addMaintenance(
  trx: Trx,
  siteId: string,
  assetId: string,
  records: Declaration['maintenance'],
): Promise<void> {
  if (records.length === 0) return
  await trx
    .insertInto('maintenance_records')
    .values(
      records.map(({ date, by, what }) => ({
        id: newId(),
        site_id: siteId,
        asset_id: assetId,
        date,
        by_name: by,
        what,
      })),
    )
    .onConflict((conflict) => conflict.columns(['asset_id', 'date', 'what']).doNothing())
    .execute()
}

/** Maintenance of these assets, newest first. */
export async function loadMaintenance(db: Executor, assetIds: readonly string[]) {
  if (assetIds.length === 0) return []
  return await db
    .selectFrom('maintenance_records')
    .select(['asset_id', 'date', 'by_name', 'what'])
    .where('asset_id', 'in', assetIds)
    .orderBy('date', 'desc')
    .orderBy('id', 'desc')
    .execute()
}
