import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { match, reconcileFindings } from '../../packages/core/src/index.ts'
import type { Device, Finding, FindingChange } from '../../packages/core/src/index.ts'
import { openDatabase, type Db } from '../../packages/server/src/store/database.ts'
import { startEmbeddedPostgres } from '../../packages/server/src/store/embedded-postgres.ts'
import { addUpFindingCounts, groupByRemedy } from '../../packages/server/src/store/finding-list.ts'
import { addFindings, saveHistory } from '../../packages/server/src/store/findings.ts'
import { migrate } from '../../packages/server/src/store/migrate.ts'
import { newId } from '../../packages/server/src/store/uuid.ts'
import { postgresCpuSeconds } from '../postgres-cpu.ts'
import { sideBySide } from './population.ts'
import { compileAll, type Compiled } from './row.ts'

export interface StoreRow {
  readonly assets: number
  readonly findings: number
  /** Seconds to decide and write all findings. */
  readonly write: number
  /** Seconds with reading, compiling and matching. */
  readonly total: number
  /** Seconds of processor time meanwhile, of this process and of PostgreSQL. */
  readonly cpu: number
  readonly postgresCpu: number
  /** Milliseconds to group all of them by remedy right after writing, before the clock of the minute added counts up. */
  readonly fresh: number
  /** Milliseconds after it did. */
  readonly remedies: number
}

const PER_TRANSACTION = 2000

/** The same as a row, and all findings written to the embedded PostgreSQL. */
export async function runStore(intel: string, cveFile: string, count: number): Promise<StoreRow> {
  const folder = mkdtempSync(join(tmpdir(), 'wk-bench-pg-'))
  rmSync(folder, { recursive: true })
  mkdirSync(folder, { mode: 0o755 })
  const server = await startEmbeddedPostgres({ area: join(folder, 'postgres') })
  try {
    const connection = { host: server.host, port: server.port, user: server.user }
    const admin = await openDatabase({ ...connection, database: 'postgres' })
    await sql`create database bench`.execute(admin.db)
    await admin.close()
    const target = { ...connection, database: 'bench' }
    await migrate(target)
    const database = await openDatabase(target)
    try {
      return await measure(database.db, folder, { intel, cveFile, count })
    } finally {
      await database.close()
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Task {
  readonly intel: string
  readonly cveFile: string
  readonly count: number
}

async function measure(db: Db, folder: string, { intel, cveFile, count }: Task): Promise<StoreRow> {
  const ids = Array.from({ length: count }, () => newId())
  await sql`
    insert into assets (id, site_id, state, is_connected, label, first_seen)
    select id, 'main', 'active', true, 'bench', now() from unnest(${ids}::uuid[]) as one (id)`.execute(
    db,
  )
  const start = performance.now()
  const compiled = await compileAll(intel, cveFile, count)
  const before = performance.now()
  const cpuBefore = { own: process.cpuUsage(), postgres: postgresCpuSeconds(folder) }
  const devices = sideBySide(compiled.devices)
  let findings = 0
  for (let from = 0; from < count; from += PER_TRANSACTION) {
    const part = devices.slice(from, from + PER_TRANSACTION)
    findings += await writePart(db, part, ids.slice(from, from + PER_TRANSACTION), compiled)
  }
  const written = performance.now()
  const own = process.cpuUsage(cpuBefore.own)
  const postgres = postgresCpuSeconds(folder) - cpuBefore.postgres
  const fresh = await timeRemedies(db)
  await db.transaction().execute(addUpFindingCounts)
  return {
    assets: count,
    findings,
    write: (written - before) / 1000,
    cpu: (own.user + own.system) / 1e6,
    postgresCpu: postgres,
    total: (written - start) / 1000,
    fresh,
    remedies: await timeRemedies(db),
  }
}

async function timeRemedies(db: Db): Promise<number> {
  const start = performance.now()
  await groupByRemedy(db, undefined, 50)
  return performance.now() - start
}

async function writePart(
  db: Db,
  devices: readonly Device[],
  ids: readonly string[],
  { index, advisories }: Compiled,
): Promise<number> {
  const byId = byIdOf(advisories)
  const opened: Finding[] = []
  const history: FindingChange[] = []
  devices.forEach((device, at) => {
    const result = reconcileFindings({
      assetId: ids[at] ?? '',
      existing: [],
      matches: match(device, index),
      isIdentified: true,
      weaknesses: [],
      advisories: (id) => byId.get(id),
      evidence: [
        { field: 'dhcp.vendor-class', value: device.model, time: 0, rule: 'bench', weight: 3 },
      ],
      now: Date.now(),
      newId,
    })
    opened.push(...result.opened)
    history.push(...result.history)
  })
  await db.transaction().execute(async (trx) => {
    await addFindings(trx, 'main', opened, () => false)
    await saveHistory(trx, 'main', history)
  })
  return opened.length
}

const known = new WeakMap<
  Compiled['advisories'],
  ReadonlyMap<string, Compiled['advisories'][number]>
>()

function byIdOf(advisories: Compiled['advisories']) {
  const map = known.get(advisories) ?? new Map(advisories.map((one) => [one.id, one]))
  known.set(advisories, map)
  return map
}
