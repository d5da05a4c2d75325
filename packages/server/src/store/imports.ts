import type { Columns, DateOrder, ReadRow, RowDecision, RowOutcome } from '@wardkeeper/core'
import { sql, type Selectable } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { inSites } from './keyset.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseText, toDatabaseTime } from './time.ts'

export type ImportRecord = Selectable<Schema['imports']>
export type ImportRowRecord = Selectable<Schema['import_rows']>

export const IMPORT_STATES = [
  'mapping',
  'ready',
  'running',
  'finished',
  'failed',
  'undoing',
  'undone',
  'discarded',
] as const
export type ImportState = (typeof IMPORT_STATES)[number]

/** How the file of an import is read, kept with it. */
export interface ImportReading {
  readonly headers: readonly string[]
  readonly columns: Columns
  readonly dateOrder: DateOrder
  readonly findings: readonly string[]
  readonly unclearDates: readonly string[]
  /** Some values of each column, so that people see what they map; none of columns that may name a patient. */
  readonly examples: readonly (readonly string[])[]
}

export interface NewImport {
  readonly id: string
  readonly siteId: string
  readonly source: string
  readonly name: string
  readonly digest: string
  readonly path: string | undefined
  readonly template: string
  readonly reading: ImportReading
  readonly isFull: boolean
  readonly rows: number
  readonly byName: string
}

export async function addImport(trx: Trx, one: NewImport): Promise<void> {
  await trx
    .insertInto('imports')
    .values({
      id: one.id,
      site_id: one.siteId,
      source: one.source,
      name: toDatabaseText(one.name),
      digest: one.digest,
      path: one.path ?? null,
      template: one.template,
      reading: toJson(one.reading),
      is_full: one.isFull,
      state: 'mapping',
      rows: one.rows,
      by_name: one.byName,
    })
    .execute()
}

export async function findImport(
  db: Executor,
  sites: readonly string[] | undefined,
  id: string,
): Promise<ImportRecord | undefined> {
  const { rows } = await sql<ImportRecord>`
    select * from imports where id = ${id} and ${inSites(sql`site_id`, sites)[0] ?? sql`true`}`.execute(
    db,
  )
  return rows[0]
}

export async function lockImport(trx: Trx, id: string): Promise<ImportRecord | undefined> {
  return await trx
    .selectFrom('imports')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function listImports(
  db: Executor,
  sites: readonly string[] | undefined,
  limit: number,
): Promise<readonly ImportRecord[]> {
  let query = db
    .selectFrom('imports')
    .selectAll()
    .where('state', '<>', 'discarded')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
  if (sites !== undefined) query = query.where(sql<boolean>`site_id = any(${sites}::text[])`)
  return await query.execute()
}

/** The last finished import of the same bytes into the same source. */
export async function findSameImport(
  db: Executor,
  siteId: string,
  source: string,
  digest: string,
): Promise<ImportRecord | undefined> {
  return await db
    .selectFrom('imports')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('source', '=', source)
    .where('digest', '=', digest)
    .where('state', '=', 'finished')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function updateImport(
  trx: Trx,
  id: string,
  set: {
    readonly state?: ImportState
    readonly position?: number
    readonly counts?: Readonly<Record<string, number>>
    readonly reading?: ImportReading
    readonly source?: string
    readonly template?: string
    readonly is_full?: boolean
    readonly path?: string | null
    readonly problem?: string | null
    readonly startedAt?: number
    readonly finishedAt?: number
    readonly undoneAt?: number
  },
): Promise<void> {
  const { counts, reading, startedAt, finishedAt, undoneAt, ...plain } = set
  await trx
    .updateTable('imports')
    .set({
      ...plain,
      ...(counts === undefined ? {} : { counts: toJson(counts) }),
      ...(reading === undefined ? {} : { reading: toJson(reading) }),
      ...(startedAt === undefined ? {} : { started_at: toDatabaseTime(startedAt) }),
      ...(finishedAt === undefined ? {} : { finished_at: toDatabaseTime(finishedAt) }),
      ...(undoneAt === undefined ? {} : { undone_at: toDatabaseTime(undoneAt) }),
    })
    .where('id', '=', id)
    .execute()
}

/** True while an import that can still be mapped anew was made from this file. */
export async function isFileWanted(db: Executor, path: string): Promise<boolean> {
  const row = await db
    .selectFrom('imports')
    .select('id')
    .where('path', '=', path)
    .where('state', 'in', ['mapping', 'ready'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

const ROWS_PER_STATEMENT = 2000

/** Writes every row of a file as it was read, in place of what an earlier mapping gave. */
export async function saveReadRows(
  trx: Trx,
  siteId: string,
  importId: string,
  rows: readonly ReadRow[],
): Promise<void> {
  await trx.deleteFrom('import_rows').where('import_id', '=', importId).execute()
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const chunk = rows.slice(start, start + ROWS_PER_STATEMENT).map((row) => ({
      row: row.row,
      native_key: row.nativeKey === undefined ? null : row.nativeKey.slice(0, 400),
      device: row.device ?? null,
      notes: row.notes,
      outcome:
        row.refusal !== undefined
          ? 'refused'
          : row.conflictsWith === undefined
            ? 'created'
            : 'queued',
      reasons:
        row.refusal !== undefined
          ? [row.refusal]
          : row.conflictsWith === undefined
            ? []
            : [conflictText(row.conflictsWith)],
    }))
    await sql`
      insert into import_rows (import_id, site_id, row, native_key, device, notes, outcome, reasons, change)
      select ${importId}, ${siteId}, r.row, r.native_key, r.device, r.notes, r.outcome, r.reasons, case when r.outcome = 'queued' then 'conflict' end
      from jsonb_to_recordset(${toJson(chunk)}::jsonb)
        as r (row integer, native_key text, device jsonb, notes jsonb, outcome text, reasons jsonb)`.execute(
      trx,
    )
  }
}

function conflictText({ row, key }: { readonly row: number; readonly key: string }): string {
  return `Row ${row} says something else of the same device (${key}): one of the two is right.`
}

/** What was decided of a row, to be written back. */
export interface DecidedRow {
  readonly row: number
  readonly decision: Pick<RowDecision, 'outcome' | 'assetId' | 'score' | 'reasons'>
  readonly change: string | undefined
}

export async function saveDecisions(
  trx: Trx,
  importId: string,
  decided: readonly DecidedRow[],
  isDone: boolean,
): Promise<void> {
  for (let start = 0; start < decided.length; start += ROWS_PER_STATEMENT) {
    const chunk = decided
      .slice(start, start + ROWS_PER_STATEMENT)
      .map(({ row, decision, change }) => ({
        row,
        outcome: decision.outcome,
        change: change ?? null,
        asset_id: decision.assetId ?? null,
        score: decision.score ?? null,
        reasons: decision.reasons,
      }))
    await sql`
      update import_rows i set outcome = r.outcome, change = r.change, asset_id = r.asset_id, score = r.score, reasons = r.reasons, is_done = ${isDone}
      from jsonb_to_recordset(${toJson(chunk)}::jsonb)
        as r (row integer, outcome text, change text, asset_id uuid, score real, reasons jsonb)
      where i.import_id = ${importId} and i.row = r.row`.execute(trx)
  }
}

/** Rows from a line on, in their order. */
export async function readRows(
  db: Executor,
  importId: string,
  from: number,
  limit: number,
): Promise<readonly ImportRowRecord[]> {
  return await db
    .selectFrom('import_rows')
    .selectAll()
    .where('import_id', '=', importId)
    .where('row', '>=', from)
    .orderBy('row')
    .limit(limit)
    .execute()
}

export interface RowFilter {
  readonly outcome?: readonly RowOutcome[] | undefined
  readonly hasNotes?: boolean | undefined
  readonly after?: number | undefined
  readonly limit: number
}

export async function listRows(db: Executor, importId: string, filter: RowFilter) {
  const where = [
    sql`import_id = ${importId}`,
    ...(filter.outcome === undefined || filter.outcome.length === 0
      ? []
      : [sql`outcome = any(${filter.outcome}::text[])`]),
    ...(filter.hasNotes === true ? [sql`notes <> '[]'::jsonb`] : []),
  ]
  const filters = sql.join(where, sql` and `)
  const [rows, count] = await Promise.all([
    sql<ImportRowRecord>`select * from import_rows where ${filters} and row > ${filter.after ?? 0} order by row limit ${filter.limit}`.execute(
      db,
    ),
    sql<{ total: number }>`select count(*) as total from import_rows where ${filters}`.execute(db),
  ])
  return { items: rows.rows, total: count.rows[0]?.total ?? 0 }
}

/** How many rows came to what; the sum is the number of rows of the file. */
export async function countRows(db: Executor, importId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ outcome: string; change: string | null; count: number }>`
    select outcome, change, count(*) as count from import_rows where import_id = ${importId} group by outcome, change`.execute(
    db,
  )
  const counts: Record<string, number> = {
    created: 0,
    matched: 0,
    queued: 0,
    refused: 0,
    unchanged: 0,
    updated: 0,
  }
  for (const { outcome, change, count } of rows) {
    counts[outcome] = (counts[outcome] ?? 0) + count
    if (change === 'unchanged' || change === 'updated')
      counts[change] = (counts[change] ?? 0) + count
  }
  return counts
}
