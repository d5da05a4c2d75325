import { sql, type RawBuilder } from 'kysely'
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

export interface AssetFilter {
  readonly q?: string | undefined
  readonly type?: readonly string[] | undefined
  readonly category?: readonly string[] | undefined
  readonly manufacturer?: readonly string[] | undefined
  readonly unit?: readonly string[] | undefined
  readonly state?: readonly string[] | undefined
  readonly severity?: readonly string[] | undefined
}

type Sites = readonly string[] | undefined

const SORTS: ListSource['sorts'] = {
  label: { expression: sql`label`, type: 'text' },
  manufacturer: { expression: sql`coalesce(manufacturer, '')`, type: 'text' },
  model: { expression: sql`coalesce(model, '')`, type: 'text' },
  type: { expression: sql`coalesce(type, '')`, type: 'text' },
  unit: { expression: sql`coalesce(unit, '')`, type: 'text' },
  lastSeen: { expression: sql`last_seen`, type: 'timestamptz' },
  firstSeen: { expression: sql`first_seen`, type: 'timestamptz' },
  findings: { expression: sql`finding_rank`, type: 'bigint' },
}

const COUNT_COLUMNS: Readonly<Record<string, RawBuilder<unknown>>> = {
  critical: sql`findings_critical > 0`,
  high: sql`findings_high > 0`,
  medium: sql`findings_medium > 0`,
  low: sql`findings_low > 0`,
}

/** One page of the inventory; an empty text among the values of a filter means "nothing is known". */
export function listAssets(
  db: Executor,
  sites: Sites,
  query: ListQuery & AssetFilter,
): Promise<Page<AssetRecord>> {
  return readPage<AssetRecord>(
    db,
    {
      select: sql`assets.*`,
      from: sql`assets`,
      where: filtersOf(sites, query),
      id: sql`id`,
      sorts: SORTS,
      defaultSort: 'label',
    },
    query,
  )
}

function filtersOf(sites: Sites, filter: AssetFilter): RawBuilder<unknown>[] {
  const bySeverity = (filter.severity ?? []).flatMap((severity) => COUNT_COLUMNS[severity] ?? [])
  return [
    sql`merged_into is null`,
    ...inSites(sql`site_id`, sites),
    ...oneOf(sql`coalesce(type, '')`, filter.type),
    ...oneOf(sql`coalesce(category, '')`, filter.category),
    ...oneOf(sql`coalesce(manufacturer, '')`, filter.manufacturer),
    ...oneOf(sql`coalesce(unit, '')`, filter.unit),
    ...oneOf(sql`state`, filter.state),
    ...(bySeverity.length === 0 ? [] : [sql`(${sql.join(bySeverity, sql` or `)})`]),
    ...words(filter.q).map(
      (word) => sql`id in (select asset_id from asset_search where text like ${anywhere(word)})`,
    ),
  ]
}

/** Every word must occur; a MAC or an address is one word. */
function words(q: string | undefined): readonly string[] {
  return (q ?? '').split(/\s+/).filter((word) => word !== '')
}

export const FACETS = ['type', 'category', 'manufacturer', 'unit', 'state'] as const
export type Facet = (typeof FACETS)[number]
export interface FacetValue {
  readonly value: string | undefined
  readonly count: number
}

/** How many assets there are for each value of each filter, in one pass over the table. */
export async function countFacets(
  db: Executor,
  sites: Sites,
  filter: AssetFilter,
): Promise<{ total: number } & Record<Facet, FacetValue[]>> {
  const { rows } = await sql<{ facet: number; value: string | null; count: number }>`
    select grouping(type, category, manufacturer, unit, state) as facet,
      coalesce(type, category, manufacturer, unit, state) as value, count(*) as count
    from assets where ${sql.join(filtersOf(sites, filter), sql` and `)}
    group by grouping sets ((type), (category), (manufacturer), (unit), (state), ())
    order by count desc, value`.execute(db)
  const result = { total: 0, type: [], category: [], manufacturer: [], unit: [], state: [] } as {
    total: number
  } & Record<Facet, FacetValue[]>
  // Each grouping set is told by the bits of the columns that it leaves out.
  const byBits = new Map<number, Facet>(
    FACETS.map((facet, index) => [0b11111 & ~(1 << (FACETS.length - 1 - index)), facet]),
  )
  for (const { facet, value, count } of rows) {
    const name = byBits.get(facet)
    if (name === undefined) result.total = count
    else result[name].push({ value: value ?? undefined, count })
  }
  return result
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
    ) select * from chain where merged_into is null
      and ${inSites(sql`site_id`, sites)[0] ?? sql`true`}`.execute(db)
  return rows[0]
}
