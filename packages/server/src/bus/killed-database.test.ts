import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from '../store/database.ts'
import { startEmbeddedPostgres } from '../store/embedded-postgres.ts'
import { migrate } from '../store/migrate.ts'
import { isFirstDelivery } from '../store/outbox.ts'
import { InlineBus } from './inline.ts'

const MESSAGES = 20
const KILLED_AT = 12

test(
  'a database that is killed forgets commits that never came to the disk: those messages are handled again',
  { timeout: 120_000 },
  async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'wk-killed-'))
    rmSync(root, { recursive: true })
    mkdirSync(root, { mode: 0o755 })
    // Nothing goes to the disk by itself in the time of this test.
    const options = { area: path.join(root, 'pg'), settings: { wal_writer_delay: '10s' } }
    let server = await startEmbeddedPostgres(options)
    const target = { host: server.host, port: server.port, user: server.user, database: 'postgres' }
    await migrate(target)
    const { db, close } = await openDatabase(target)
    const bus = new InlineBus(db, { backOff: [20] })
    try {
      await sql`create table handled (n integer)`.execute(db)
      for (let n = 0; n < MESSAGES; n++)
        await bus.publish({ subject: 'test.killed', id: `killed/${n}`, payload: { n } })
      let isKilled = false
      await bus.subscribe('test.killed', 'counter', async ({ id, payload }) => {
        const { n } = payload as { readonly n: number }
        if (n === KILLED_AT && !isKilled) {
          isKilled = true
          const { pid } = server
          process.kill(pid, 'SIGKILL')
          await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false)
          await expect
            .poll(async () => (server = await startEmbeddedPostgres(options)).isAdopted, {
              timeout: 30_000,
            })
            .toBe(false)
          throw Object.assign(new Error('Connection terminated unexpectedly'))
        }
        await db.transaction().execute(async (trx) => {
          if (!(await isFirstDelivery(trx, 'counter', id))) return
          await sql`insert into handled (n) values (${n})`.execute(trx)
        })
      })
      await bus.drain()
      const { rows } = await sql<{ n: number }>`select n from handled`.execute(db)
      expect(isKilled).toBe(true)
      expect(rows.map(({ n }) => n).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: MESSAGES }, (_, n) => n),
      )
    } finally {
      await bus.stop()
      await close()
      await server.stop()
      rmSync(root, { recursive: true, force: true })
    }
  },
)
