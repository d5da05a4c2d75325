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
    const files = readMigrations(folder)
    await takeRewritten(client, files)
    const { rows } = await client.query<{ name: string; hash: string }>(
      'select name, hash from migrations',
    )
    const done = new Map(rows.map(({ name, hash }) => [name, hash]))
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

/**
 * Migrations that stood on main for some hours of 26 November 2026 and were then rewritten, with the file that does the
 * same now, if any is needed. What they made otherwise, 0118 makes anew; a database that ran them goes on from there.
 */
const REWRITTEN: readonly {
  readonly name: string
  readonly hash: string
  readonly now?: string
}[] = [
  {
    name: '0115_assets_followed.sql',
    hash: 'fd0bd6e85036a0894475f23a2e0c6365c7f0269ca27b6c35c9b8b8bf36bb229e',
    now: '0115_assets_followed.sql',
  },
  {
    name: '0116_assets_history.sql',
    hash: '797210580bcc7a7b216b3210137e00343529350eea3ee3661cf2d92a80b1b53e',
  },
  {
    name: '0117_assets_indexes.sql',
    hash: 'c5de00fc96d6bb0a017bee1a7845365effcf5cb8f37219917e58b83aef4f6ba5',
    now: '0116_assets_indexes.sql',
  },
]

/** Puts what is there now in the place of what was rewritten; each by itself, so that a start that was killed goes on. */
async function takeRewritten(client: pg.Client, files: readonly Migration[]): Promise<void> {
  for (const { name, hash, now } of REWRITTEN) {
    const file = files.find((one) => one.name === now)
    if (now === undefined)
      await client.query('delete from migrations where name = $1 and hash = $2', [name, hash])
    else if (file !== undefined)
      await client.query(
        'update migrations set name = $3, hash = $4 where name = $1 and hash = $2',
        [name, hash, file.name, file.hash],
      )
  }
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
