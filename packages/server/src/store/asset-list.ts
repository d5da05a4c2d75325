import { sql, type RawBuilder } from 'kysely'
import { FACETS, sumFacets, type FacetCounts } from './asset-counts.ts'
import type { AssetRecord } from './assets.ts'
import type { Executor } from './database.ts'
import {
  anywhere,
  inSites,
  oneOf,
  readPage,
  type ListQuery,
  type ListSource,
  type Page,
} from './keyset.ts'
import { LAST_SEEN } from './sights.ts'

export interface AssetFilter {
  readonly q?: string | undefined
  readonly type?: readonly string[] | undefined
  readonly category?: readonly string[] | undefined
  readonly manufacturer?: readonly string[] | undefined
  readonly unit?: readonly string[] | undefined
  readonly state?: readonly string[] | undefined
  readonly severity?: readonly string[] | undefined
  readonly connected?: readonly string[] | undefined
  readonly risk?: readonly string[] | undefined
  readonly tag?: readonly string[] | undefined
}

type Sites = readonly string[] | undefined

const SORTS: ListSource['sorts'] = {
  label: { expression: sql`label`, type: 'text' },
  manufacturer: { expression: sql`coalesce(manufacturer, '')`, type: 'text' },
  model: { expression: sql`coalesce(model, '')`, type: 'text' },
  type: { expression: sql`coalesce(type, '')`, type: 'text' },
  unit: { expression: sql`coalesce(unit, '')`, type: 'text' },
  lastSeen: { expression: sql`sights.seen`, type: 'timestamptz' },
  firstSeen: { expression: sql`first_seen`, type: 'timestamptz' },
  findings: { expression: sql`finding_rank`, type: 'bigint' },
  risk: { expression: sql`coalesce(risk, -1)`, type: 'float8' },
}

const COUNT_COLUMNS: Readonly<Record<string, RawBuilder<unknown>>> = {
  critical: sql`findings_critical > 0`,
  high: sql`findings_high > 0`,
  medium: sql`findings_medium > 0`,
  low: sql`findings_low > 0`,
}

const KEPT_COLUMNS: typeof COUNT_COLUMNS = {
  critical: sql`has_critical`,
  high: sql`has_high`,
  medium: sql`has_medium`,
  low: sql`has_low`,
}

/** So many are sorted in a few milliseconds; along an index in whose order they stand last they are looked for much longer. */
const FEW = 3000

/** One page of the inventory; an empty text among the values of a filter means "nothing is known". */
export async function listAssets(
  db: Executor,
  sites: Sites,
  query: ListQuery & AssetFilter,
): Promise<Page<AssetRecord>> {
  const isBySight = query.sort?.endsWith('lastSeen') === true
  const found = await findByWords(db, query)
  const filters = filtersOf(sites, query, found)
  const total = isCounted(query) ? await countKept(db, sites, query) : undefined
  // The models of one maker stand together in the order of models: the planner does not know how far behind.
  const isFiltered = valueFilters(sites, query, KEPT_COLUMNS).length > 0
  const isFew = found !== undefined || (isFiltered && total !== undefined && total <= FEW)
  const assets = isFew
    ? sql`(select * from assets where ${sql.join(filters, sql` and `)} offset 0) as assets`
    : sql`assets`
  return readPage<AssetRecord>(
    db,
    {
      select: sql`assets.*, ${isBySight ? sql`sights.seen` : LAST_SEEN} as last_seen`,
      // The index of sights gives the order.
      from: isBySight ? sql`asset_sights as sights join ${assets} on id = sights.asset_id` : assets,
      where: isFew ? [] : filters,
      id: isBySight ? sql`sights.asset_id` : sql`id`,
      sorts: SORTS,
      defaultSort: 'label',
      ...(total === undefined ? {} : { total: sql`${total}` }),
    },
    query,
  )
}

async function countKept(db: Executor, sites: Sites, filter: AssetFilter): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select coalesce(sum(count), 0)::bigint as total from ${countsOf(sites, filter)} as kept`.execute(
    db,
  )
  return rows[0]?.total ?? 0
}

/** So many are named one by one where words are searched for; of more, any order shows the first soon. */
const FEW_FOUND = 1000

/**
 * The assets that these words mean, where they are few: how many a word means the planner can only guess. Among 100,000
 * devices the slowest of 1,248 searches took 1.1 s where it was left to it, and 0.3 s so.
 */
async function findByWords(
  db: Executor,
  { q }: AssetFilter,
): Promise<readonly string[] | undefined> {
  const conditions = words(q).map((word) => sql`text like ${anywhere(word)}`)
  if (conditions.length === 0) return undefined
  const { rows } = await sql<{ asset_id: string }>`
    select asset_id from asset_search where ${sql.join(conditions, sql` and `)} limit ${FEW_FOUND + 1}`.execute(
    db,
  )
  return rows.length > FEW_FOUND ? undefined : rows.map((row) => row.asset_id)
}

function filtersOf(
  sites: Sites,
  filter: AssetFilter,
  found: readonly string[] | undefined,
): RawBuilder<unknown>[] {
  return [
    sql`merged_into is null`,
    ...valueFilters(sites, filter, COUNT_COLUMNS),
    ...oneOf(sql`risk_band`, filter.risk),
    ...(filter.tag === undefined ? [] : [sql`tags && ${filter.tag}::text[]`]),
    ...(found === undefined
      ? words(filter.q).map(
          (word) =>
            sql`id in (select asset_id from asset_search where text like ${anywhere(word)})`,
        )
      : [sql`id = any(${found}::uuid[])`]),
  ]
}

/** Filters by columns that assets and the counts that are kept of them have in common. */
function valueFilters(
  sites: Sites,
  filter: AssetFilter,
  severities: typeof COUNT_COLUMNS,
): RawBuilder<unknown>[] {
  const bySeverity = (filter.severity ?? []).flatMap((severity) => severities[severity] ?? [])
  return [
    ...inSites(sql`site_id`, sites),
    ...oneOf(sql`coalesce(type, '')`, filter.type),
    ...oneOf(sql`coalesce(category, '')`, filter.category),
    ...oneOf(sql`coalesce(manufacturer, '')`, filter.manufacturer),
    ...oneOf(sql`coalesce(unit, '')`, filter.unit),
    ...oneOf(sql`state`, filter.state),
    ...oneOf(sql`is_connected::text`, filter.connected),
    ...(bySeverity.length === 0 ? [] : [sql`(${sql.join(bySeverity, sql` or `)})`]),
  ]
}

/** Whether the counts that are kept can answer: they know neither words nor scores nor tags. */
function isCounted({ q, risk, tag }: AssetFilter): boolean {
  return words(q).length === 0 && (risk ?? []).length === 0 && tag === undefined
}

/** Every word must occur; a MAC or an address is one word. */
function words(q: string | undefined): readonly string[] {
  return (q ?? '').split(/\s+/).filter((word) => word !== '')
}

/**
 * How many assets there are for each value of each filter. Without words to search for, the counts that are kept
 * answer, so that it costs the same for 100 assets and 100,000.
 */
export async function countFacets(
  db: Executor,
  sites: Sites,
  filter: AssetFilter,
): Promise<FacetCounts> {
  if (isCounted(filter)) return await sumFacets(db, countsOf(sites, filter))
  const found = await findByWords(db, filter)
  return await sumFacets(
    db,
    sql`(select ${sql.raw(FACETS.join(', '))}, 1 as count from assets
      where ${sql.join(filtersOf(sites, filter, found), sql` and `)})`,
  )
}

const MOST_TAGS = 50

/** The most used tags of these assets, most first. */
export async function countTags(
  db: Executor,
  sites: Sites,
  filter: AssetFilter,
): Promise<readonly { readonly value: string; readonly count: number }[]> {
  // Named again so that only assets with tags are read, by their own index.
  const found = await findByWords(db, filter)
  const where = [sql`tags <> '{}'`, ...filtersOf(sites, filter, found)]
  const { rows } = await sql<{ value: string; count: number }>`
    select value, count(*) as count from assets cross join unnest(tags) as own (value)
    where ${sql.join(where, sql` and `)} group by value order by count desc, value limit ${MOST_TAGS}`.execute(
    db,
  )
  return rows
}

function countsOf(sites: Sites, filter: AssetFilter): RawBuilder<unknown> {
  const where = sql.join([sql`true`, ...valueFilters(sites, filter, KEPT_COLUMNS)], sql` and `)
  return sql`(select * from asset_counts where ${where})`
}

/** One asset that may be seen; a merged one answers with what it became. */
export async function findAsset(
  db: Executor,
  sites: Sites,
  id: string,
): Promise<AssetRecord | undefined> {
  const { rows } = await sql<AssetRecord>`
    with recursive chain as (
      select * from assets where id = ${id}
      union all select a.* from assets a join chain on a.id = chain.merged_into
    ) select assets.*, ${LAST_SEEN} as last_seen from chain as assets where merged_into is null
      and ${inSites(sql`site_id`, sites)[0] ?? sql`true`}`.execute(db)
  return rows[0]
}
