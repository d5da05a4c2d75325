import type { KeyKind, KeyLink } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { toDatabaseTime, toDatabaseTimeOrNull } from './time.ts'
import { newId } from './uuid.ts'

/** An asset that holds a key. */
export type Holding = Pick<KeyLink, 'key' | 'assetId'>

/**
 * Assets that hold one of these keys now. Their links are another question, because the plan of one for both depends on
 * statistics that a new database does not have.
 */
export async function holdersOf(
  db: Executor,
  siteId: string,
  keys: readonly string[],
): Promise<readonly Holding[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<Holding>`
    select key, asset_id as "assetId" from key_links
    where site_id = ${siteId} and key = any(${keys}::text[]) and until is null`.execute(db)
  return rows
}

/** Current links of these assets. */
export async function linksOfAssets(
  db: Executor,
  assetIds: readonly string[],
): Promise<readonly KeyLink[]> {
  if (assetIds.length === 0) return []
  const { rows } = await sql<LinkRow>`
    select key, kind, asset_id, since, until from key_links
    where asset_id = any(${assetIds}::uuid[]) and until is null order by since, key`.execute(db)
  return rows.map(linkOf)
}

/** Every link that an asset ever had, oldest first. */
export async function linkHistory(db: Executor, assetId: string): Promise<readonly KeyLink[]> {
  const rows = await db
    .selectFrom('key_links')
    .selectAll()
    .where('asset_id', '=', assetId)
    .orderBy('since')
    .orderBy('key')
    .execute()
  return rows.map(linkOf)
}

export async function endLinks(trx: Trx, siteId: string, ended: readonly KeyLink[]): Promise<void> {
  if (ended.length === 0) return
  await sql`
    update key_links set until = gone.until
    from unnest(${ended.map(({ key }) => key)}::text[], ${ended.map(({ assetId }) => assetId)}::uuid[],
      ${ended.map(({ until }) => toDatabaseTimeOrNull(until))}::timestamptz[]) as gone (key, asset_id, until)
    where site_id = ${siteId} and key_links.key = gone.key and key_links.asset_id = gone.asset_id
      and key_links.until is null`.execute(trx)
}

export async function addLinks(
  trx: Trx,
  siteId: string,
  linked: readonly KeyLink[],
): Promise<void> {
  if (linked.length === 0) return
  await sql`
    insert into key_links (id, site_id, key, kind, asset_id, since, until)
    select id, ${siteId}, key, kind, asset_id, since, until
    from unnest(${linked.map(() => newId())}::uuid[], ${linked.map(({ key }) => key)}::text[],
      ${linked.map(({ kind }) => kind)}::text[], ${linked.map(({ assetId }) => assetId)}::uuid[],
      ${linked.map(({ since }) => toDatabaseTime(since))}::timestamptz[],
      ${linked.map(({ until }) => toDatabaseTimeOrNull(until))}::timestamptz[])
      as new (id, key, kind, asset_id, since, until)
    on conflict do nothing`.execute(trx)
}

interface LinkRow {
  readonly key: string
  readonly kind: string
  readonly asset_id: string
  readonly since: number
  readonly until: number | null
}

function linkOf(row: LinkRow): KeyLink {
  return {
    key: row.key,
    kind: row.kind as KeyKind,
    assetId: row.asset_id,
    since: row.since,
    until: row.until ?? undefined,
  }
}
