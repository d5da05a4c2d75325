import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../migrations')
/** Any fixed number: two programs that start together must ask for the same lock. */
const LOCK = 4_780_001

/** Runs the migrations that were not run yet, each in a transaction of its own; answers with their names. */
export async function migrate(
  connection: pg.ClientConfig,
  folder: string = MIGRATIONS,
): Promise<readonly string[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await client.query(
      `create table if not exists migrations (
        name text primary key, hash text not null, created_at timestamptz not null default now())`,
    )
    const { rows } = await client.query<{ name: string; hash: string }>(
      'select name, hash from migrations',
    )
    const done = new Map(rows.map(({ name, hash }) => [name, hash]))
    const files = readMigrations(folder)
    refuseDrift(done, files)
    const applied: string[] = []
    for (const { name, sql, hash } of files) {
      if (done.has(name)) continue
      await applyOne(client, name, sql, hash)
      applied.push(name)
    }
    return applied
  } finally {
    await client.end()
  }
}

interface Migration {
  readonly name: string
  readonly sql: string
  readonly hash: string
}

function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name), 'utf8')
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') }
    })
}

function refuseDrift(done: ReadonlyMap<string, string>, files: readonly Migration[]): void {
  const known = new Map(files.map(({ name, hash }) => [name, hash]))
  for (const [name, hash] of done) {
    const now = known.get(name)
    if (now === undefined) {
      throw new Error(
        `The database was made by a newer version (migration ${name} is unknown here).`,
      )
    }
    if (now !== hash) {
      throw new Error(
        `Migration ${name} was changed after it had run; add a new migration instead.`,
      )
    }
  }
}

async function applyOne(client: pg.Client, name: string, sql: string, hash: string): Promise<void> {
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query('insert into migrations (name, hash) values ($1, $2)', [name, hash])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error })
  }
}
