import type { Asset, AssetState, Claim, InUse, Standing } from '@wardkeeper/core'
import { sql, type Selectable } from 'kysely'
import { CLAIMED_COLUMNS, claimedColumns } from './claimed-columns.ts'
import { loadClaimedValues, loadClaims, type ClaimedValue } from './claims.ts'
import type { Executor, Trx } from './database.ts'
import type { Schema } from './schema.gen.ts'
import { isAbsent, LAST_SEEN, moveSights, toldSights } from './sights.ts'
import { toDatabaseText, toDatabaseTime, toIndexedText } from './time.ts'

export type AssetRecord = Selectable<Schema['assets']> & {
  /** Milliseconds since 1970; of `asset_sights`. */
  readonly last_seen: number
}

/** What the wire tells of one asset, ready to be written over what it told before. */
export interface SeenAsset {
  readonly id: string
  readonly label: string
  readonly macs: readonly string[]
  readonly ips: readonly string[]
  readonly names: Readonly<Record<string, string>>
  readonly hostname: string | undefined
  readonly claims: readonly Claim[]
  readonly firstSeen: number
  readonly lastSeen: number
}

/**
 * Keeps others from writing these assets until the end of the transaction. Always all at once and in the order of ids, so
 * that two transactions cannot wait for each other.
 */
export async function lockAssets(trx: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    select from assets where id = any(${ids}::uuid[]) order by id for no key update`.execute(trx)
}

/**
 * Empty rows that keys and facts can point to; `saveSeenAssets` fills them in the same transaction. What is known at
 * once is made by `addSeenAssets`.
 */
export async function createAssets(
  trx: Trx,
  siteId: string,
  ids: readonly string[],
  now: number,
): Promise<void> {
  if (ids.length === 0) return
  const time = toDatabaseTime(now)
  await sql`
    insert into assets (id, site_id, state, is_connected, label, first_seen)
    select id, ${siteId}, 'active', true, '', ${time}::timestamptz
    from unnest(${ids}::uuid[]) as new (id) where not exists (select from assets where assets.id = new.id)
    on conflict (id) do nothing`.execute(trx)
}

/** Makes devices with all that is known of them: a row that is written twice costs twice the entries of each index. */
export async function addSeenAssets(
  trx: Trx,
  siteId: string,
  assets: readonly SeenAsset[],
): Promise<void> {
  if (assets.length === 0) return
  const columns = sql.raw(['first_seen', ...WRITTEN].join(', '))
  const told = toldSights(new Map(assets.map(({ id, lastSeen }) => [id, lastSeen])))
  await sql`
    with added as (
      insert into assets (id, site_id, state, ${columns})
      select id, ${siteId}, 'active', ${columns}
      from jsonb_populate_recordset(null::assets, ${JSON.stringify(assets.map(rowOf))}::jsonb)
    )
    insert into asset_sights (asset_id, seen) select id, last from ${told}`.execute(trx)
}

/**
 * Writes what is seen; what people declared stays. Rows that say the same already are left alone. They are locked
 * (`lockAssets`), or nobody else knows them yet. Who was not there is back where it was seen more than `slack` ms after its
 * sight.
 */
export async function saveSeenAssets(
  trx: Trx,
  assets: readonly SeenAsset[],
  slack = 0,
): Promise<void> {
  if (assets.length === 0) return
  const columns = sql.raw(WRITTEN.join(', '))
  const seen = sql.raw(WRITTEN.map((name) => `seen.${name}`).join(', '))
  const old = sql.raw(WRITTEN.map((name) => `assets.${name}`).join(', '))
  const told = toldSights(new Map(assets.map(({ id, lastSeen }) => [id, lastSeen])))
  const isBack = sql`${isAbsent} and told.last > sight.seen + ${`${slack} ms`}::interval`
  await sql`
    with moved as (${moveSights(told)})
    update assets set (${columns}) = row(${seen}),
      state = case when ${isBack} then 'active' else assets.state end,
      first_seen = least(assets.first_seen, seen.first_seen)
    from jsonb_populate_recordset(null::assets, ${JSON.stringify(assets.map(rowOf))}::jsonb) as seen, ${told},
      asset_sights as sight
    where assets.id = seen.id and told.id = seen.id and sight.asset_id = seen.id
      and ((${old}) is distinct from (${seen}) or assets.first_seen > seen.first_seen or ${isBack})`.execute(
    trx,
  )
}

const WRITTEN = [
  'label',
  'macs',
  'ips',
  'names',
  'hostname',
  'is_connected',
  ...CLAIMED_COLUMNS,
] as const

function rowOf(asset: SeenAsset) {
  return {
    id: asset.id,
    is_connected: true,
    label: toIndexedText(asset.label),
    macs: asset.macs,
    ips: asset.ips,
    names: asset.names,
    hostname: asset.hostname === undefined ? null : toDatabaseText(asset.hostname),
    ...claimedColumns(asset.claims),
    first_seen: toDatabaseTime(asset.firstSeen),
  }
}

/** What is claimed of each asset now, so that it does not flip for a little more evidence. */
export async function loadStanding(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Standing>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('assets')
    .select(['id', 'manufacturer', 'model', 'type', 'category'])
    .where((where) => where('id', '=', where.fn.any(where.val([...ids]))))
    .execute()
  return new Map(
    rows.map(({ id, ...claimed }) => [
      id,
      Object.fromEntries(Object.entries(claimed).filter(([, value]) => value !== null)) as Standing,
    ]),
  )
}

const KNOWN = [
  'id',
  'site_id',
  'state',
  'is_connected',
  'macs',
  'ips',
  'names',
  'first_seen',
  'in_use',
] as const

/** Assets as the rules know them, with their current claims. */
export async function loadAssets(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Asset>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('assets')
    .select(KNOWN)
    .select(LAST_SEEN.as('last_seen'))
    .where((where) => where('id', '=', where.fn.any(where.val([...ids]))))
    .execute()
  const claims = await loadClaims(db, ids)
  return new Map(rows.map((row) => [row.id, assetOf(row, claims.get(row.id) ?? [])]))
}

function assetOf(
  row: Pick<AssetRecord, (typeof KNOWN)[number] | 'last_seen'>,
  claims: readonly Claim[],
): Asset {
  return {
    id: row.id,
    siteId: row.site_id,
    state: row.state as AssetState,
    isConnected: row.is_connected,
    macs: row.macs,
    ips: row.ips,
    names: row.names as Readonly<Record<string, string>>,
    claims,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    inUse: row.in_use as InUse,
  }
}

/** What an asset is said to be, without what that is known from. */
export interface ClaimedAsset {
  readonly id: string
  readonly lastSeen: number
  readonly claims: readonly ClaimedValue[]
}

/** In the order of ids. */
export async function loadClaimedAssets(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ClaimedAsset>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; last_seen: number }>`
    select id, ${LAST_SEEN} as last_seen from assets where id = any(${ids}::uuid[]) order by id`.execute(
    db,
  )
  const claims = await loadClaimedValues(db, ids)
  return new Map(
    rows.map(({ id, last_seen: lastSeen }) => [id, { id, lastSeen, claims: claims.get(id) ?? [] }]),
  )
}

/** Open findings and incidents of these assets, counted again for the list. */
export async function countAgain(db: Executor, assetIds: readonly string[]): Promise<void> {
  if (assetIds.length === 0) return
  await lockAssets(db, assetIds)
  await sql`
    update assets set
      findings_critical = f.critical, findings_high = f.high, findings_medium = f.medium, findings_low = f.low,
      open_incidents = (select count(*) from incidents
        where asset_ids @> array[assets.id] and state not in ('resolved', 'reviewed'))
    from (
      select wanted.id,
        count(*) filter (where severity = 'critical') as critical, count(*) filter (where severity = 'high') as high,
        count(*) filter (where severity = 'medium') as medium, count(*) filter (where severity = 'low') as low
      from unnest(${assetIds}::uuid[]) as wanted (id)
      left join findings on findings.asset_id = wanted.id and findings.state in ('open', 'in-progress')
        and findings.verdict <> 'not-affected'
      group by wanted.id
    ) as f where assets.id = f.id`.execute(db)
}
