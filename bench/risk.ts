// How long scores take at the size of a large site: all of them, one of them, and what is asked of them.
//
//   npm run bench:risk [-- --assets 100000]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ActionRanking, scoreRisk, suppose } from '@wardkeeper/core'
import { sql } from 'kysely'
import { loadContent } from '../packages/server/src/content/load.ts'
import { refreshRisk, scoringOf } from '../packages/server/src/stages/score-risk.ts'
import { openDatabase, type Db } from '../packages/server/src/store/database.ts'
import { startEmbeddedPostgres } from '../packages/server/src/store/embedded-postgres.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import { keepMethod } from '../packages/server/src/store/risk-methods.ts'
import { readStoredRisk } from '../packages/server/src/store/risk-reads.ts'
import { queueRisk, scoreWaiting } from '../packages/server/src/store/risk-scores.ts'

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
  await fill(db)
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
  const some = await sql<{ id: string }>`select id from assets order by id limit 40`.execute(db)
  for (const { id } of some.rows) {
    await sql`update assets set in_use = case in_use when 'in-use' then 'not-in-use' else 'in-use' end
      where id = ${id}`.execute(db)
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

/** Devices of the sizes and kinds of a large site: two findings each, three peers each, one in ten a stranger. */
async function fill(db: Db): Promise<void> {
  await sql`
    insert into assets (id, site_id, state, is_connected, label, manufacturer, model, type, category, os, unit, owner,
      first_seen, last_seen)
    select gen_random_uuid(), 'main', 'active', true, 'device ' || n,
      case when n % 10 > 0 then 'Maker ' || n % 40 end, case when n % 10 > 0 then 'Model ' || n % 300 end,
      case when n % 10 > 0 then (array['infusion-pump', 'patient-monitor', 'ct', 'printer', 'workstation'])[1 + n % 5] end,
      null, (array['Windows 7', 'Windows 10', 'Linux', null])[1 + n % 4], 'Unit ' || n % 120, 'Owner ' || n % 15,
      now() - interval '30 days', now()
    from generate_series(1, ${count}::int) n`.execute(db)
  await sql`
    insert into findings (id, site_id, asset_id, kind, subject, verdict, severity, state, cves, because, evidence, remedy, opened)
    select gen_random_uuid(), 'main', id, case k when 1 then 'advisory' else 'weakness' end,
      case k when 1 then 'ADV-' || n % 200 else 'telnet' end,
      case n % 3 when 0 then 'affected' else 'possibly-affected' end,
      (array['critical', 'high', 'medium', 'low'])[1 + n % 4], 'open', array['CVE-2025-' || n % 900], 'bench', '[]',
      case k when 1 then 'patch:ADV-' || n % 200 else 'configure:telnet' end, now()
    from (select id, row_number() over (order by id) as n from assets) a cross join generate_series(1, 2) k
    where n % 2 = 0`.execute(db)
  await sql`
    insert into exploit_signals (cve, kev_added, epss, ssvc_exploitation, updated)
    select 'CVE-2025-' || n, case when n % 20 = 0 then date '2025-01-01' end, (n % 100) / 100.0,
      case when n % 3 = 0 then 'poc' end, now() from generate_series(0, 899) n`.execute(db)
  await sql`insert into risk_segments (site_id, segment, first_seen, last_seen) values ('main', 'x', now(), now())`.execute(
    db,
  )
  await sql`
    insert into risk_peers (asset_id, site_id, peer, peer_ip, direction, level, service, last_seen)
    select id, 'main', 'peer ' || k, '10.0.0.' || k, case k when 1 then 'in' else 'out' end,
      (array['same-segment', 'other-zones', 'internet-out'])[k], 'tcp/443', now() - interval '1 hour'
    from (select id, row_number() over (order by id) as n from assets) a cross join generate_series(1, 3) k
    where k < 3 or n % 7 = 0`.execute(db)
  await sql`analyze`.execute(db)
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
