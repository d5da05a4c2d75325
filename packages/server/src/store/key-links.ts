import type { KeyKind, KeyLink } from '@wardkeeper/core'
import type { Executor, Trx } from './database.ts'
import { toDatabaseTime, toDatabaseTimeOrNull } from './time.ts'
import { newId } from './uuid.ts'

/** Current links of these keys, and all current links of the assets that they point to. */
export async function loadLinks(
  db: Executor,
  siteId: string,
  keys: readonly string[],
): Promise<readonly KeyLink[]> {
  if (keys.length === 0) return []
  const rows = await db
    .selectFrom('key_links')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('until', 'is', null)
    .where('asset_id', 'in', (assets) =>
      assets
        .selectFrom('key_links')
        .select('asset_id')
        .where('site_id', '=', siteId)
        .where('until', 'is', null)
        .where((where) => where(where.ref('key'), '=', where.fn.any(where.val(keys)))),
    )
    .execute()
  return rows.map(linkOf)
}

/** Current links of these assets. */
export async function linksOfAssets(
  db: Executor,
  assetIds: readonly string[],
): Promise<readonly KeyLink[]> {
  if (assetIds.length === 0) return []
  const rows = await db
    .selectFrom('key_links')
    .selectAll()
    .where('asset_id', 'in', assetIds)
    .where('until', 'is', null)
    .orderBy('since')
    .orderBy('key')
    .execute()
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
  for (const { key, assetId, until } of ended) {
    await trx
      .updateTable('key_links')
      .set({ until: toDatabaseTimeOrNull(until) })
      .where('site_id', '=', siteId)
      .where('key', '=', key)
      .where('asset_id', '=', assetId)
      .where('until', 'is', null)
      .execute()
  }
}

export async function addLinks(
  trx: Trx,
  siteId: string,
  linked: readonly KeyLink[],
): Promise<void> {
  for (let start = 0; start < linked.length; start += 1000) {
    const rows = linked.slice(start, start + 1000).map((link) => ({
      id: newId(),
      site_id: siteId,
      key: link.key,
      kind: link.kind,
      asset_id: link.assetId,
      since: toDatabaseTime(link.since),
      until: toDatabaseTimeOrNull(link.until),
    }))
    await trx
      .insertInto('key_links')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
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
