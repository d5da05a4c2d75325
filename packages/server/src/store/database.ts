import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { prepareRepeated } from './prepared.ts'
import type { Schema } from './schema.gen.ts'
import { fromDatabaseTime } from './time.ts'

export type Db = Kysely<Schema>
export type Trx = Transaction<Schema>
/** Either: what only reads, or joins the transaction of its caller. */
export type Executor = Db | Trx

export interface Database {
  readonly db: Db
  /** The same, over the same connections, for who says the same again and again: its statements are prepared. */
  readonly repeated: Db
  readonly pool: pg.Pool
  /** For libraries that open their own connections. */
  readonly connection: pg.ClientConfig
  /** `18.4`, `15.18`. */
  readonly version: string
  close(): Promise<void>
}

const OLDEST = 15
const TYPES = pg.types.builtins

/** Opens a pool and refuses a server that is too old, with a sentence that says so. */
export async function openDatabase(
  connection: pg.ClientConfig,
  { connections = 12 }: { readonly connections?: number } = {},
): Promise<Database> {
  const pool = new pg.Pool({
    ...connection,
    max: connections,
    options: '-c TimeZone=UTC',
    application_name: 'wardkeeper',
    types: { getTypeParser: parserOf },
  })
  // Without a listener the end of an idle connection would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const version = await checkVersion(pool)
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  const repeated = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: prepareRepeated(pool) }),
  })
  return { db, repeated, pool, connection, version, close: () => db.destroy() }
}

async function checkVersion(pool: pg.Pool): Promise<string> {
  try {
    const { rows } = await pool.query<{ server_version: string }>('show server_version')
    const version = rows[0]?.server_version.split(' ')[0] ?? '0'
    if (Number.parseInt(version, 10) < OLDEST) {
      throw new Error(`PostgreSQL ${version} is too old: Wardkeeper needs ${OLDEST} or newer.`)
    }
    return version
  } catch (error) {
    await pool.end()
    throw error instanceof Error && error.message.includes('too old')
      ? error
      : new Error(`The database does not answer: ${messageOf(error)}. Check DATABASE_URL.`, {
          cause: error,
        })
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

type Parser = (value: string) => unknown

const PARSERS: Readonly<Record<number, Parser>> = {
  [TYPES.TIMESTAMPTZ]: fromDatabaseTime,
  [TYPES.INT8]: Number,
  [TYPES.NUMERIC]: Number,
  // A date is a day of a calendar, not a moment: it stays text.
  [TYPES.DATE]: (value) => value,
}

function parserOf(oid: number, format?: 'text' | 'binary'): Parser {
  return PARSERS[oid] ?? (pg.types.getTypeParser(oid, format ?? 'text') as Parser)
}

/** Connection parameters of a PostgreSQL URL. */
export function connectionOf(url: string): pg.ClientConfig {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new Error('DATABASE_URL must begin with postgres:// or postgresql://')
  }
  return { connectionString: url }
}

/** Makes the database when the server does not have it yet. */
export async function ensureDatabase(server: pg.ClientConfig, name: string): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
