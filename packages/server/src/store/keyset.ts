import { sql, type RawBuilder } from 'kysely'
import type { Executor } from './database.ts'

/** A column (or expression) that a list can be sorted by. */
export interface SortKey {
  readonly expression: RawBuilder<unknown>
  readonly type: 'text' | 'timestamptz' | 'bigint' | 'float8'
}

/** What every list takes. `sites` undefined: every site. */
export interface ListQuery {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly sort?: string | undefined
  readonly q?: string | undefined
}

export interface Page<Row> {
  readonly items: readonly Row[]
  readonly next: string | undefined
  readonly total: number
}

export interface ListSource {
  /** What to select; the rows must be joined so that each has one id. */
  readonly select: RawBuilder<unknown>
  readonly from: RawBuilder<unknown>
  readonly where: readonly RawBuilder<unknown>[]
  readonly id: RawBuilder<unknown>
  /** `uuid` unless said otherwise. */
  readonly idType?: 'uuid' | 'bigint'
  readonly sorts: Readonly<Record<string, SortKey>>
  /** How many rows there are in all, where something knows it without counting them. */
  readonly total?: RawBuilder<unknown>
  /** As in a query: `-` in front means descending. */
  readonly defaultSort: string
}

/** A cursor that was not made by this list. */
export class BadCursor extends Error {
  constructor() {
    super('The cursor is not one of this list')
    this.name = 'BadCursor'
  }
}

/**
 * One page of a list by keyset: the page begins after the last row of the page before, so it costs the same at the
 * end of 100,000 rows as at the beginning, and rows that come meanwhile shift nothing.
 */
export async function readPage<Row>(
  db: Executor,
  source: ListSource,
  query: ListQuery,
): Promise<Page<Row>> {
  const sort = query.sort ?? source.defaultSort
  const isDescending = sort.startsWith('-')
  const key = source.sorts[isDescending ? sort.slice(1) : sort]
  if (key === undefined) throw new Error(`No sort ${sort}`)
  const direction = isDescending ? sql`desc` : sql`asc`
  const filters = source.where.length === 0 ? sql`true` : sql.join([...source.where], sql` and `)
  const after =
    query.cursor === undefined ? sql`true` : afterCursor(source, key, sort, query.cursor)
  const rows = sql<Row & { page_key: string; page_id: string }>`
    select ${source.select}, (${key.expression})::text as page_key, (${source.id})::text as page_id
    from ${source.from} where ${filters} and ${after}
    order by ${key.expression} ${direction}, ${source.id} ${direction} limit ${query.limit + 1}`
  const counting = source.total ?? sql`(select count(*) from ${source.from} where ${filters})`
  const count = sql<{ total: number }>`select ${counting}::bigint as total`
  const [found, counted] = await Promise.all([rows.execute(db), count.execute(db)]).catch(
    (error: unknown) => {
      throw query.cursor !== undefined && isWrongValue(error) ? new BadCursor() : error
    },
  )
  const items = found.rows.slice(0, query.limit)
  const last = items.at(-1)
  const hasMore = found.rows.length > query.limit && last !== undefined
  return {
    items,
    next: hasMore ? encode(sort, last.page_key, last.page_id) : undefined,
    total: counted.rows[0]?.total ?? 0,
  }
}

/** A value that cannot be read as what it should be (class 22 of PostgreSQL's errors): here only out of a cursor. */
function isWrongValue(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('22')
}

function afterCursor(
  source: ListSource,
  key: SortKey,
  sort: string,
  cursor: string,
): RawBuilder<unknown> {
  const { value, id } = decode(cursor, sort)
  const type = sql.raw(key.type)
  const idType = sql.raw(source.idType ?? 'uuid')
  const comparison = sort.startsWith('-') ? sql`<` : sql`>`
  return sql`(${key.expression}, ${source.id}) ${comparison} (${value}::${type}, ${id}::${idType})`
}

function encode(sort: string, value: string, id: string): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url')
}

function decode(cursor: string, sort: string): { value: string; id: string } {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(parts) || parts.length !== 3 || parts[0] !== sort) throw new BadCursor()
    const [, value, id] = parts as readonly unknown[]
    if (typeof value !== 'string' || typeof id !== 'string') throw new BadCursor()
    return { value, id }
  } catch {
    throw new BadCursor()
  }
}

/** Rows of these sites; every row when `sites` is undefined. */
export function inSites(
  column: RawBuilder<unknown>,
  sites: readonly string[] | undefined,
): RawBuilder<unknown>[] {
  return sites === undefined ? [] : [sql`${column} = any(${sites}::text[])`]
}

/** `column = any of these`; nothing when no value was given. */
export function oneOf(
  column: RawBuilder<unknown>,
  values: readonly string[] | undefined,
): RawBuilder<unknown>[] {
  return values === undefined || values.length === 0
    ? []
    : [sql`${column} = any(${values}::text[])`]
}

/** Pattern that finds the text anywhere, its own wildcards taken literally. */
export function anywhere(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`
}
