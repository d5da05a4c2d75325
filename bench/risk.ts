// How long scores take at the size of a large site: all of them, one of them, and what is asked of them.
//
//   npm run bench:risk [-- --assets 100000]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ActionRanking, scoreRisk, suppose } from '@wardkeeper/core'
import { loadContent } from '../packages/server/src/content/load.ts'
import { refreshRisk, scoringOf } from '../packages/server/src/stages/score-risk.ts'
import { openDatabase, type Db } from '../packages/server/src/store/database.ts'
import { startEmbeddedPostgres } from '../packages/server/src/store/embedded-postgres.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import { keepMethod } from '../packages/server/src/store/risk-methods.ts'
import { readStoredRisk } from '../packages/server/src/store/risk-reads.ts'
import { queueRisk, scoreWaiting } from '../packages/server/src/store/risk-scores.ts'
import { changeUse, fillRiskSite, someAssets } from '../packages/server/src/testing/risk-site.ts'

const { values } = parseArgs({ options: { assets: { type: 'string', default: '100000' } } })
const count = Number(values.assets)
const TARGETS = { all: 90_000, again: 90_000, one: 50, actions: 15_000, preview: 15_000 }

const root = mkdtempSync(path.join(tmpdir(), 'wk-bench-'))
rmSync(root, { recursive: true })
mkdirSync(root, { mode: 0o755 })
const server = await startEmbeddedPostgres({
  area: path.join(root, 'pg'),
  isDurable: false,
  settings: { shared_buffers: '512MB' },
})
const rows: { what: string; ms: number; target: number }[] = []
try {
  const { host, port, user } = server
  const connection = { host, port, user, database: 'postgres' }
  await migrate(connection)
  const database = await openDatabase(connection)
  try {
    await measure(database.db)
  } finally {
    await database.close()
  }
} finally {
  await server.stop()
  rmSync(root, { recursive: true, force: true })
}

async function measure(db: Db): Promise<void> {
  const content = await loadContent(path.resolve(import.meta.dirname, '../content'))
  const scoring = scoringOf(content)
  await fillRiskSite(db, count)
  const all = await time(() => refreshRisk(db, scoring, Date.now()))
  rows.push({ what: `score ${count} devices for the first time`, ms: all, target: TARGETS.all })
  await queueRisk(db, 'main')
  const again = await time(() => refreshRisk(db, scoring, Date.now()))
  rows.push({
    what: `score ${count} devices again, none changed`,
    ms: again,
    target: TARGETS.again,
  })
  const singles: number[] = []
  for (const id of await someAssets(db, 40)) {
    await changeUse(db, id)
    singles.push(
      await time(() => db.transaction().execute((trx) => scoreWaiting(trx, scoring, Date.now()))),
    )
  }
  singles.sort((one, other) => one - other)
  rows.push({
    what: 'score one device that changed (median of 40)',
    ms: singles[20] ?? 0,
    target: TARGETS.one,
  })
  await keepMethod(db, scoring.method)
  let actions = 0
  const ranked = await time(async () => {
    const ranking = new ActionRanking(scoring.method)
    for await (const page of readStoredRisk(db, undefined)) {
      for (const row of page) {
        ranking.add({
          id: row.id,
          label: row.label,
          inputs: row.inputs,
          ...(row.manufacturer === null ? {} : { manufacturer: row.manufacturer }),
          ...(row.model === null ? {} : { model: row.model }),
        })
      }
    }
    actions = ranking.finish().length
  })
  rows.push({ what: `rank every action on them (${actions})`, ms: ranked, target: TARGETS.actions })
  const preview = await time(async () => {
    for await (const page of readStoredRisk(db, undefined)) {
      for (const { inputs } of page)
        scoreRisk(suppose(inputs, { reach: 'internet' }), scoring.method)
    }
  })
  rows.push({ what: 'what-if on all of them', ms: preview, target: TARGETS.preview })
  report()
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function report(): void {
  const isFine = rows.every(({ ms, target }) => ms <= target)
  for (const { what, ms, target } of rows) {
    const verdict = ms <= target ? 'ok' : 'MISSED'
    process.stdout.write(
      `${verdict.padEnd(7)} ${what.padEnd(52)} ${say(ms).padStart(10)}   target ${say(target)}\n`,
    )
  }
  process.stdout.write(isFine ? 'every target is met\n' : 'a target is missed\n')
  process.exitCode = isFine ? 0 : 1
}

function say(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(1)} s`
}
