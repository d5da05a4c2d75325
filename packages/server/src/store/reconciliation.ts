import type { Difference, ReconciliationKind } from '@wardkeeper/core'
import { sql, type Selectable } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { inSites, oneOf, readPage, type ListQuery, type Page } from './keyset.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseTime, toIndexedText } from './time.ts'
import { newId } from './uuid.ts'

export type ItemRecord = Selectable<Schema['reconciliation_items']>

export interface ItemCandidate {
  readonly assetId: string
  readonly label: string
  readonly score: number
  readonly reasons: readonly string[]
}

export interface NewItem {
  readonly kind: ReconciliationKind
  readonly question: string
  readonly title: string
  readonly assetId?: string | undefined
  readonly recordId?: string | undefined
  readonly importId?: string | undefined
  readonly importRow?: number | undefined
  readonly score?: number | undefined
  readonly owner?: string | undefined
  readonly reasons: readonly string[]
  readonly differences?: readonly Difference[]
  readonly candidates?: readonly ItemCandidate[]
}

/** Asks questions that are neither open nor decided; answers with how many are new. */
export async function openItems(
  trx: Trx,
  siteId: string,
  items: readonly NewItem[],
  now: number,
): Promise<number> {
  let opened = 0
  for (let start = 0; start < items.length; start += 1000) {
    const rows = items.slice(start, start + 1000).map((item) => ({
      id: newId(),
      kind: item.kind,
      question: toIndexedText(item.question),
      title: item.title.slice(0, 400),
      asset_id: item.assetId ?? null,
      record_id: item.recordId ?? null,
      import_id: item.importId ?? null,
      import_row: item.importRow ?? null,
      score: item.score ?? item.candidates?.[0]?.score ?? null,
      owner: item.owner ?? null,
      reasons: item.reasons,
      differences: item.differences ?? [],
      candidates: item.candidates ?? [],
    }))
    const { rows: made } = await sql<{ id: string }>`
      insert into reconciliation_items (id, site_id, kind, state, question, title, asset_id, record_id, import_id, import_row, score, owner, reasons, differences, candidates, opened)
      select r.id, ${siteId}, r.kind, 'open', r.question, r.title, r.asset_id, r.record_id, r.import_id, r.import_row, r.score,
        coalesce(r.owner, (select owner from assets a where a.id = r.asset_id)), r.reasons, r.differences, r.candidates, ${toDatabaseTime(now)}
      from jsonb_to_recordset(${toJson(rows)}::jsonb) as r (id uuid, kind text, question text, title text, asset_id uuid, record_id uuid,
        import_id uuid, import_row integer, score real, owner text, reasons jsonb, differences jsonb, candidates jsonb)
      where not exists (select from reconciliation_items i where i.site_id = ${siteId} and i.question = r.question and i.state in ('open', 'decided'))
      on conflict do nothing returning id`.execute(trx)
    opened += made.length
  }
  return opened
}

/** Ends open questions of these kinds that are no longer asked: the world agrees again. */
export async function endUnasked(
  trx: Trx,
  siteId: string,
  kinds: readonly string[],
  asked: readonly string[],
  now: number,
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update reconciliation_items set state = 'ended', ended = ${toDatabaseTime(now)} where site_id = ${siteId} and state = 'open'
      and kind = any(${kinds}::text[]) and question <> all(${asked.map(toIndexedText)}::text[]) returning id`.execute(
    trx,
  )
  return rows.length
}

export interface ItemFilter {
  readonly kind?: readonly string[] | undefined
  readonly state?: readonly string[] | undefined
  readonly owner?: readonly string[] | undefined
}

type Sites = readonly string[] | undefined

export async function listItems(
  db: Executor,
  sites: Sites,
  query: ListQuery & ItemFilter,
): Promise<Page<ItemRecord>> {
  return await readPage<ItemRecord>(
    db,
    {
      select: sql`reconciliation_items.*`,
      from: sql`reconciliation_items`,
      where: itemFilters(sites, query),
      id: sql`id`,
      sorts: {
        opened: { expression: sql`opened`, type: 'timestamptz' },
        score: { expression: sql`(coalesce(score, 0) * 1000)::bigint`, type: 'bigint' },
        title: { expression: sql`title`, type: 'text' },
      },
      defaultSort: '-score',
    },
    query,
  )
}

function itemFilters(
  sites: Sites,
  { q, kind, state, owner }: ItemFilter & { readonly q?: string | undefined },
) {
  const words = (q ?? '').split(/\s+/).filter((word) => word !== '')
  return [
    ...inSites(sql`site_id`, sites),
    ...oneOf(sql`kind`, kind),
    ...oneOf(sql`state`, state ?? ['open']),
    ...oneOf(sql`coalesce(owner, '')`, owner),
    ...words.map(
      (word) =>
        sql`lower(title || ' ' || reasons::text) like ${`%${word.toLowerCase().replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`}`,
    ),
    sql`true`,
  ]
}

/** Open items by kind and owner. */
export async function countItems(
  db: Executor,
  sites: Sites,
  filter: ItemFilter & { readonly q?: string | undefined },
) {
  const { rows } = await sql<{ facet: number; value: string | null; count: number }>`
    select grouping(kind, owner) as facet, coalesce(kind, owner) as value, count(*) as count from reconciliation_items
    where ${sql.join(itemFilters(sites, filter), sql` and `)} group by grouping sets ((kind), (owner), ()) order by count desc, value`.execute(
    db,
  )
  const of = (facet: number) =>
    rows
      .filter((row) => row.facet === facet)
      .map(({ value, count }) => ({ value: value ?? undefined, count }))
  return { total: of(3)[0]?.count ?? 0, kind: of(1), owner: of(2) }
}

export async function findItem(
  db: Executor,
  sites: Sites,
  id: string,
): Promise<ItemRecord | undefined> {
  const { rows } =
    await sql<ItemRecord>`select * from reconciliation_items where id = ${id} and ${inSites(sql`site_id`, sites)[0] ?? sql`true`}`.execute(
      db,
    )
  return rows[0]
}

export async function lockItem(trx: Trx, id: string): Promise<ItemRecord | undefined> {
  return await trx
    .selectFrom('reconciliation_items')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function decideItem(
  trx: Trx,
  id: string,
  decided: {
    readonly decision: string
    readonly by: string
    readonly reason: string
    readonly effect: unknown
  },
  now: number,
): Promise<void> {
  await trx
    .updateTable('reconciliation_items')
    .set({
      state: 'decided',
      decision: decided.decision,
      decided_by: decided.by,
      decided_reason: decided.reason,
      effect: toJson(decided.effect),
      ended: toDatabaseTime(now),
    })
    .where('id', '=', id)
    .execute()
}

export async function reopenItem(trx: Trx, id: string): Promise<void> {
  await trx
    .updateTable('reconciliation_items')
    .set({
      state: 'open',
      decision: null,
      decided_by: null,
      decided_reason: null,
      effect: null,
      ended: null,
    })
    .where('id', '=', id)
    .execute()
}

/** Weeks, oldest first. */
export async function listMatchRates(db: Executor, siteId: string) {
  return await db
    .selectFrom('match_rates')
    .selectAll()
    .where('site_id', '=', siteId)
    .orderBy('week')
    .limit(520)
    .execute()
}
