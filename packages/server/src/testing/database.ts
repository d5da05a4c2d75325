import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { openDatabase, type Database } from '../store/database.ts'
import { startEmbeddedPostgres } from '../store/embedded-postgres.ts'
import { migrate } from '../store/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres: { readonly host: string; readonly port: number; readonly user: string }
  }
}

const TEMPLATE = 'wardkeeper_template'

interface Project {
  provide(key: 'postgres', value: { host: string; port: number; user: string }): void
}

/** Vitest global setup: one server for the run, with one migrated database to clone. */
export async function setup(project: Project): Promise<() => Promise<void>> {
  const root = mkdtempSync(path.join(tmpdir(), 'wk-test-'))
  rmSync(root, { recursive: true })
  mkdirSync(root, { mode: 0o755 })
  const server = await startEmbeddedPostgres({
    area: path.join(root, 'pg'),
    isDurable: false,
    settings: { max_connections: '200', shared_buffers: '64MB' },
  })
  const { host, port, user } = server
  await admin({ host, port, user }, `create database ${TEMPLATE}`)
  await migrate({ host, port, user, database: TEMPLATE })
  project.provide('postgres', { host, port, user })
  return async () => {
    await server.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

/** A fresh, migrated database for one test file, cloned from the template; dropped after it. */
export async function cloneDatabase(): Promise<Database> {
  const server = inject('postgres')
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2)}`
  await admin(server, `create database ${name} template ${TEMPLATE}`)
  const database = await openDatabase({ ...server, database: name })
  return {
    ...database,
    async close() {
      await database.close()
      await admin(server, `drop database ${name} with (force)`)
    },
  }
}

/** The database of this test file; read it inside tests only. */
export function useDatabase(): { readonly current: Database } {
  let database: Database | undefined
  beforeAll(async () => {
    database = await cloneDatabase()
  })
  afterAll(() => database?.close())
  return {
    get current() {
      if (database === undefined) throw new Error('The database is there inside tests only')
      return database
    },
  }
}

async function admin(server: pg.ClientConfig, sql: string): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
