import { sql, type RawBuilder } from 'kysely'
import type { Executor, Trx } from './database.ts'

/** Columns of one table that a merge changes, and which of its rows. */
export interface Touched {
  readonly table: string
  /** Column that tells the rows apart. */
  readonly key: string
  readonly columns: readonly string[]
  readonly where: RawBuilder<unknown>
}

/** Tables whose rows are worked out again, are a log, or belong to the asset itself. */
const KEPT_BY_ASSET = ['asset_changes', 'asset_search', 'risk_history']
const TREATED = [
  'accepted_values',
  'key_links',
  'claims',
  'findings',
  'baselines',
  ...KEPT_BY_ASSET,
]

/** Other tables with rows that belong to one asset and have an id: they move as they are. */
export async function plainTables(db: Executor): Promise<readonly string[]> {
  const { rows } = await sql<{ table_name: string }>`
    select a.table_name from information_schema.columns a
    join information_schema.columns i on i.table_schema = 'public' and i.table_name = a.table_name
      and i.column_name = 'id'
    where a.table_schema = 'public' and a.column_name = 'asset_id' and a.table_name <> all(${TREATED}::text[])
    order by 1`.execute(db)
  return rows.map((row) => row.table_name)
}

/** All that hangs on an asset outside of `observations`. */
export function touchedBy(
  from: string,
  into: string,
  plain: readonly string[],
): readonly Touched[] {
  const one = (column: string) => sql`${sql.ref(column)} = ${from}::uuid`
  const listed = sql`asset_ids @> array[${from}::uuid]`
  const remedy = sql`remedy like ${`%:${from}`}`
  return [
    { table: 'key_links', key: 'id', columns: ['asset_id', 'until'], where: one('asset_id') },
    {
      table: 'flow_summaries',
      key: 'key',
      columns: ['client_asset_id', 'server_asset_id'],
      where: sql`client_asset_id = ${from}::uuid or server_asset_id = ${from}::uuid`,
    },
    { table: 'claims', key: 'id', columns: ['valid_to'], where: one('asset_id') },
    {
      table: 'accepted_values',
      key: 'id',
      columns: ['asset_id', 'until'],
      where: sql`asset_id in (${from}::uuid, ${into}::uuid)`,
    },
    {
      table: 'findings',
      key: 'id',
      columns: ['asset_id', 'state', 'closed'],
      where: one('asset_id'),
    },
    {
      table: 'detections',
      key: 'id',
      columns: ['actor_id', 'target_id', 'remedy'],
      where: sql`actor_id = ${from}::uuid or target_id = ${from}::uuid or ${remedy}`,
    },
    {
      table: 'incidents',
      key: 'id',
      columns: ['asset_ids', 'actor_id', 'remedy'],
      where: sql`${listed} or actor_id = ${from}::uuid or ${remedy}`,
    },
    {
      table: 'work_orders',
      key: 'id',
      columns: ['asset_ids', 'expectation'],
      where: sql`${listed} or expectation ->> 'actorId' = ${from}`,
    },
    ...plain.map((table) => ({
      table,
      key: 'id',
      columns: ['asset_id'],
      where: one('asset_id'),
    })),
    {
      table: 'baselines',
      key: 'number',
      columns: ['asset_id', 'known'],
      where: sql`asset_id = ${from}::uuid or known::text like ${`%asset:${from}%`}`,
    },
    {
      table: 'assets',
      key: 'id',
      columns: ['unit', 'room', 'owner', 'contract', 'warranty_until', 'first_seen', 'merged_into'],
      where: sql`id in (${from}::uuid, ${into}::uuid)`,
    },
  ]
}

/** Keeps these rows as they are before the merge. */
export async function recordBefore(
  trx: Trx,
  siteId: string,
  mergeId: string,
  touched: readonly Touched[],
): Promise<void> {
  for (const { table, key, columns, where } of touched) {
    await sql`
      insert into merge_rows (merge_id, site_id, table_name, key, before)
      select ${mergeId}::uuid, ${siteId}, ${table}, ${sql.ref(key)}::text, ${asJson(columns)}
      from ${sql.table(table)} where ${where}`.execute(trx)
  }
}

/** Keeps them as the merge left them: an undo takes back only what nobody changed since. */
export async function recordAfter(
  trx: Trx,
  mergeId: string,
  touched: readonly Touched[],
): Promise<void> {
  for (const { table, key, columns } of touched) {
    await sql`
      update merge_rows set after = now.row
      from (select ${sql.ref(key)}::text as key, ${asJson(columns)} as row from ${sql.table(table)}
        where ${sql.ref(key)}::text in (select key from merge_rows where merge_id = ${mergeId} and table_name = ${table})
      ) as now
      where merge_id = ${mergeId} and table_name = ${table} and merge_rows.key = now.key`.execute(
      trx,
    )
  }
}

/** Gives every column the value of before, where it still has the one that the merge gave it. */
export async function restore(
  trx: Trx,
  mergeId: string,
  from: string,
  touched: readonly Touched[],
): Promise<void> {
  for (const { table, key, columns } of touched) {
    const values = columns.map((column) => restored(table, column, from))
    // What goes back to the other asset goes first: until then its place is taken.
    const isBack = sql`coalesce(r.before ->> 'asset_id' = ${from}, false)`
    const parts = table === 'accepted_values' ? [isBack, sql`not ${isBack}`] : [sql`true`]
    for (const part of parts)
      await sql`
        update ${sql.table(table)} as t set ${sql.join(values)}
        from merge_rows r where r.merge_id = ${mergeId} and r.table_name = ${table} and t.${sql.ref(key)}::text = r.key
          and ${part}`.execute(trx)
  }
}

function restored(table: string, column: string, from: string): RawBuilder<unknown> {
  const before = sql`(jsonb_populate_record(null::${sql.table(table)}, r.before)).${sql.ref(column)}`
  const now = sql`t.${sql.ref(column)}`
  const isUntouched = sql`coalesce(to_jsonb(${now}), 'null') = r.after -> ${column}`
  // Who joined an incident meanwhile stays in it, and so does the asset that is there again.
  const otherwise =
    column === 'asset_ids'
      ? sql`case when ${from}::uuid = any(${before}) and not ${from}::uuid = any(${now}) then ${now} || ${from}::uuid
          else ${now} end`
      : now
  return sql`${sql.ref(column)} = case when ${isUntouched} then ${before} else ${otherwise} end`
}

function asJson(columns: readonly string[]): RawBuilder<unknown> {
  return sql`jsonb_build_object(${sql.join(columns.flatMap((column) => [sql.lit(column), sql.ref(column)]))})`
}
