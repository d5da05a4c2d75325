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

test.each(['while a message is handled', 'between two messages'])(
  'a database that is killed %s forgets commits that never came to the disk: those messages are handled again',
  { timeout: 120_000 },
  async (moment) => {
    const root = mkdtempSync(path.join(tmpdir(), 'wk-killed-'))
    rmSync(root, { recursive: true })
    mkdirSync(root, { mode: 0o755 })
    // Nothing goes to the disk by itself in the time of this test.
    const options = { area: path.join(root, 'pg'), settings: { wal_writer_delay: '10s' } }
    let server = await startEmbeddedPostgres(options)
    const target = { host: server.host, port: server.port, user: server.user, database: 'postgres' }
    await migrate(target)
    const { db, pool, close } = await openDatabase(target)
    const bus = new InlineBus(db, { backOff: [20] })
    pool.on('error', () => bus.lost())
    try {
      await sql`create table handled (n integer)`.execute(db)
      for (let n = 0; n < MESSAGES; n++)
        await bus.publish({ subject: 'test.killed', id: `killed/${n}`, payload: { n } })
      let isKilled = false
      const killOnce = async (n: number, now: string) => {
        if (n !== KILLED_AT || isKilled || now !== moment) return
        isKilled = true
        const { pid } = server
        process.kill(pid, 'SIGKILL')
        await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false)
        const again = async () => (server = await startEmbeddedPostgres(options)).isAdopted
        await expect.poll(again, { timeout: 30_000 }).toBe(false)
      }
      await bus.subscribe('test.killed', 'counter', async ({ id, payload }) => {
        const { n } = payload as { readonly n: number }
        await killOnce(n, 'between two messages')
        await db.transaction().execute(async (trx) => {
          if (!(await isFirstDelivery(trx, 'counter', id))) return
          await killOnce(n, 'while a message is handled')
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
