import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { inSites } from './keyset.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

/** Of these devices those that may be changed together, held as by `lockAssets` until the transaction ends. */
export async function lockChangeable(
  trx: Trx,
  sites: readonly string[] | undefined,
  ids: readonly string[],
): Promise<
  readonly { readonly id: string; readonly site_id: string; readonly owner: string | null }[]
> {
  const { rows } = await sql<{ id: string; site_id: string; owner: string | null }>`
    select id, site_id, owner from assets where id = any(${ids}::uuid[]) and merged_into is null
      and ${inSites(sql`site_id`, sites)[0] ?? sql`true`} order by id for update`.execute(trx)
  return rows
}

export async function changeTags(
  trx: Trx,
  ids: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): Promise<void> {
  await sql`
    update assets set tags = array(
      select distinct tag from unnest(tags || ${added}::text[]) as tag where tag <> all(${removed}::text[]) order by tag)
    where id = any(${ids}::uuid[])`.execute(trx)
}

export async function setOwner(
  trx: Trx,
  ids: readonly string[],
  owner: string | null,
): Promise<void> {
  await sql`update assets set owner = ${owner} where id = any(${ids}::uuid[])`.execute(trx)
}

export async function readCustomFields(db: Executor, siteId: string) {
  return await db
    .selectFrom('custom_fields')
    .select(['id', 'key', 'label', 'type', 'choices'])
    .where('site_id', '=', siteId)
    .where('ended_at', 'is', null)
    .orderBy('label')
    .execute()
}

export async function addCustomField(
  trx: Trx,
  siteId: string,
  field: {
    readonly key: string
    readonly label: string
    readonly type: string
    readonly choices: readonly string[]
  },
): Promise<boolean> {
  const row = await trx
    .insertInto('custom_fields')
    .values({ id: newId(), site_id: siteId, ...field })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function endCustomField(
  trx: Trx,
  siteId: string,
  id: string,
  now: number,
): Promise<boolean> {
  const row = await trx
    .updateTable('custom_fields')
    .set({ ended_at: toDatabaseTime(now) })
    .where('id', '=', id)
    .where('site_id', '=', siteId)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Writes values of custom fields over those that are there; an empty text takes one back. */
export async function setCustom(
  trx: Trx,
  assetId: string,
  values: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const gone = Object.keys(values).filter((key) => values[key] === '')
  const { rows } = await sql<{ custom: Record<string, string> }>`
    update assets set custom = (custom || ${toJson(values)}::jsonb) - ${gone}::text[]
    where id = ${assetId} returning custom`.execute(trx)
  return rows[0]?.custom ?? {}
}

export interface ViewRecord {
  readonly id: string
  readonly name: string
  readonly search: string
  readonly is_shared: boolean
  readonly owner_id: string
}

/** Views of a person, and those that others share at the site. */
export async function readViews(
  db: Executor,
  siteId: string,
  userId: string,
): Promise<readonly ViewRecord[]> {
  const { rows } = await sql<ViewRecord>`
    select id, name, search, is_shared, owner_id from saved_views
    where ended_at is null and (owner_id = ${userId} or (is_shared and site_id = ${siteId}))
    order by lower(name), id limit 200`.execute(db)
  return rows
}

/** Saves a view; one of the same name and person is replaced. */
export async function saveView(
  trx: Trx,
  siteId: string,
  userId: string,
  view: { readonly name: string; readonly search: string; readonly isShared: boolean },
  now: number,
): Promise<void> {
  await sql`
    update saved_views set ended_at = ${toDatabaseTime(now)}::timestamptz
    where owner_id = ${userId} and lower(name) = lower(${view.name}) and ended_at is null`.execute(
    trx,
  )
  await trx
    .insertInto('saved_views')
    .values({
      id: newId(),
      site_id: siteId,
      owner_id: userId,
      name: view.name,
      search: view.search,
      is_shared: view.isShared,
    })
    .execute()
}

export async function endView(trx: Trx, userId: string, id: string, now: number): Promise<boolean> {
  const row = await trx
    .updateTable('saved_views')
    .set({ ended_at: toDatabaseTime(now) })
    .where('id', '=', id)
    .where('owner_id', '=', userId)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
