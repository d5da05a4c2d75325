import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openDatabase, type Database } from '../packages/server/src/store/database.ts'
import { startEmbeddedPostgres } from '../packages/server/src/store/embedded-postgres.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'

/** Works with an empty database on an embedded PostgreSQL of its own, in a folder that goes with it. */
export async function withFreshDatabase(
  work: (database: Database, folder: string) => Promise<void>,
): Promise<void> {
  // The server may run as another user, who has to get in.
  const folder = mkdtempSync(path.join(tmpdir(), 'wk-bench-'))
  rmSync(folder, { recursive: true })
  mkdirSync(folder, { mode: 0o755 })
  const server = await startEmbeddedPostgres({ area: path.join(folder, 'postgres') })
  try {
    const { host, port, user } = server
    const admin = await openDatabase({ host, port, user, database: 'postgres' })
    await admin.pool.query('create database wardkeeper')
    await admin.close()
    const connection = { host, port, user, database: 'wardkeeper' }
    await migrate(connection)
    const database = await openDatabase(connection)
    try {
      await work(database, folder)
    } finally {
      await database.close()
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
