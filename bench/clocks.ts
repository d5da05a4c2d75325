/**
 * What the clocks of dates cost at a large hospital: maintenance that becomes work, and rules that ask for a date.
 * `npm run bench:clocks -- [--assets 100000] [--write]`: makes devices, each with a schedule of its own or the date of an
 * imported record, and runs the clocks as they run by themselves; prints seconds of the clock on the wall and of CPU,
 * this process and PostgreSQL together, and a verdict. `--write` puts the figures into docs/performance.md.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { OwnershipRule } from '@wardkeeper/core'
import { loadContent, type Content } from '../packages/server/src/content/load.ts'
import { applyDatedRules } from '../packages/server/src/stages/apply-dated-rules.ts'
import { openMaintenance } from '../packages/server/src/stages/open-maintenance.ts'
import { applyRules } from '../packages/server/src/store/apply-rules.ts'
import type { Database } from '../packages/server/src/store/database.ts'
import { countBacklog, dueMaintenance } from '../packages/server/src/store/maintenance-due.ts'
import { saveMaintenanceSettings } from '../packages/server/src/store/maintenance-settings.ts'
import { readRules, replaceRules } from '../packages/server/src/store/rules.ts'
import { ensureSite } from '../packages/server/src/store/sites.ts'
import { withFreshDatabase } from './fresh-database.ts'
import { postgresCpuSeconds } from './postgres-cpu.ts'
import { writeSection } from './write-section.ts'

const { values } = parseArgs({
  options: {
    assets: { type: 'string', default: '100000' },
    write: { type: 'boolean', default: false },
  },
})
/** A clock runs each minute: a hundredth of one core for it when nothing is to be done. */
const MOST_IDLE_SECONDS = 0.6
/** The first minutes of a day may take longer, but no clock may miss its minute. */
const MOST_DAY_SECONDS = 60
const DAY = 86_400_000
const TODAY = Date.UTC(2026, 10, 26, 0, 5)
const many = Number(values.assets)
const root = path.join(import.meta.dirname, '..')
const rows: { step: string; count: string; seconds: number; cpu: number }[] = []
let area = ''
await withFreshDatabase(async (database, folder) => {
  area = folder
  report(await measure(database))
})

/** A step with how long it took; what it answers is counted. */
async function time<Answer>(step: string, work: () => Promise<Answer>): Promise<Answer> {
  const cpu = () =>
    process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6 + postgresCpuSeconds(area)
  const [began, before] = [performance.now(), cpu()]
  const answer = await work()
  const count = typeof answer === 'number' ? String(answer) : ''
  const row = { step, count, seconds: (performance.now() - began) / 1000, cpu: cpu() - before }
  rows.push(row)
  process.stderr.write(`${step}: ${row.seconds.toFixed(1)} s ${count}\n`)
  return answer
}

async function measure({ db, pool }: Database): Promise<readonly string[]> {
  const content = await loadContent(path.join(root, 'content'))
  await ensureSite(db, { id: 'main', name: 'Hospital' })
  await addDevices(pool)
  const count = async (what: string) =>
    Number(
      (await pool.query<{ count: string }>(`select count(*) as count from ${what}`)).rows[0]?.count,
    )
  const pass = (now: number) => openMaintenance({ db, content }, now)
  const judge = (now: number) => applyDatedRules({ db, content }, now)
  const devices = async (now: number) => {
    const before = await count('maintenance_work')
    await pass(now)
    return (await count('maintenance_work')) - before
  }

  await time('maintenance: first pass, all dates worked out, devices that got work', () =>
    devices(TODAY),
  )
  let more = 0
  do more = await devices(TODAY)
  while (more > 0)
  await time('maintenance: a pass with nothing to do', () => devices(TODAY))
  await time('maintenance: the first pass of the next day, devices that got work', () =>
    devices(TODAY + DAY),
  )
  const settings = {
    isOn: true,
    leadDays: 14,
    mostDevices: 20,
    withRecords: true,
    since: '2026-11-26',
  }
  await time('imported records with old dates, on request: devices in the backlog', () =>
    countBacklog(db, 'main', settings),
  )
  const { vocabulary } = content.knowledge
  const look = { today: '2026-11-27', vocabulary, most: many }
  const flood = (await dueMaintenance(db, 'main', settings, look)).filter(
    ({ source }) => source !== undefined,
  )
  await db
    .transaction()
    .execute((trx) =>
      saveMaintenanceSettings(trx, 'main', settings, { by: 'bench', reason: 'bench' }, TODAY),
    )

  await time('rules: put into force, devices', () => putRules({ db, content }))
  await judge(TODAY)
  await time('rules: a pass with nothing to do', () => judge(TODAY))
  const due = () => count(`rule_dates where next <= '2026-11-27'`)
  await time('rules: the first pass of the next day, devices', async () => {
    const before = await due()
    await judge(TODAY + DAY)
    return before - (await due())
  })
  const left = await due()
  const idle = rows.filter(({ step }) => step.includes('nothing to do'))
  const days = rows.filter(({ step }) => step.includes('next day'))
  const isIdle = idle.every(({ cpu }) => cpu < MOST_IDLE_SECONDS)
  const isInTime = days.every(({ seconds }) => seconds < MOST_DAY_SECONDS) && left === 0
  return [
    `An idle pass under ${MOST_IDLE_SECONDS} s of CPU (1 % of a core): ${isIdle ? 'met' : 'NOT MET'}.`,
    `The first pass of a day under ${MOST_DAY_SECONDS} s, nothing left over: ${isInTime ? 'met' : `NOT MET (${left} left)`}.`,
    `Devices that would get work for an imported date that was old when it came: ${flood.length} (target 0): ${flood.length === 0 ? 'met' : 'NOT MET'}.`,
  ]
}

/** Devices of 200 models in 80 units: two thirds have a schedule, the others an imported date of long ago. */
async function addDevices(pool: Database['pool']): Promise<void> {
  await pool.query(`
    insert into assets (id, site_id, state, is_connected, label, manufacturer, model, type, unit, warranty_until,
      first_seen)
    select gen_random_uuid(), 'main', 'active', true, 'Device ' || n, 'Maker ' || n % 20, 'Model ' || n % 200,
      'infusion-pump', 'Unit ' || n % 80, date '2024-01-01' + n % 2000, '2026-01-01'
    from generate_series(1, ${many}) n`)
  await pool.query(`
    update asset_sights set seen = timestamptz '2026-11-26' - split_part(label, ' ', 2)::int % 60 * interval '1 day'
    from assets where id = asset_id`)
  await pool.query(`
    insert into dossier_entries (id, site_id, asset_id, kind, by_name, body)
    select gen_random_uuid(), 'main', id, 'schedule', 'bench', jsonb_build_object('name', 'Inspection', 'program',
      'manufacturer', 'every', 1, 'unit', 'year', 'basis', 'done',
      'starts', (date '2026-06-01' + (split_part(label, ' ', 2)::int % 365))::text)
    from assets where split_part(label, ' ', 2)::int % 3 > 0`)
  await pool.query(`
    insert into maintenance_records (id, site_id, asset_id, date, by_name, what, schedule_id)
    select gen_random_uuid(), 'main', asset_id, (body ->> 'starts')::date - 365 * n, 'Jo', 'Inspected ' || n, id
    from dossier_entries, generate_series(0, 2) n where body ->> 'starts' < '2026-11-26'`)
  await pool.query(`
    insert into declared_records (id, site_id, source, native_key, asset_id, body, digest, since)
    select gen_random_uuid(), 'main', 'cmms', label, id, jsonb_build_object('tag', label, 'nextPm',
      (date '2019-01-01' + (split_part(label, ' ', 2)::int % 2000))::text), '', now()
    from assets where split_part(label, ' ', 2)::int % 3 = 0`)
  await pool.query('analyze')
}

async function putRules({
  db,
  content,
}: {
  db: Database['db']
  content: Content
}): Promise<number> {
  const rules: readonly OwnershipRule[] = [
    {
      name: 'lost',
      when: [{ date: 'lastSeen', pastDays: 45 }],
      outcome: { accountable: 'Security' },
    },
    {
      name: 'overdue',
      when: [{ date: 'maintenanceDue', pastDays: 30 }],
      outcome: { accountable: 'Clinical engineering' },
    },
    {
      name: 'in warranty',
      when: [{ date: 'warrantyUntil', withinDays: 3650 }],
      outcome: { accountable: 'The maker' },
    },
    { name: 'all', when: [], outcome: { accountable: 'Clinical engineering' } },
  ]
  return await db.transaction().execute(async (trx) => {
    await replaceRules(trx, 'main', 'ownership', rules, { by: 'bench', reason: 'bench' }, TODAY)
    const after = await readRules(trx, 'main', content.rules)
    const { vocabulary } = content.knowledge
    return await applyRules(trx, 'main', undefined, after, {
      vocabulary,
      today: '2026-11-26',
      by: 'bench',
    })
  })
}

function report(verdicts: readonly string[]): void {
  const text = [
    `${many} devices. Seconds on the wall, and of CPU (this process and PostgreSQL).`,
    '',
    '| step | count | seconds | CPU |',
    '|---|---:|---:|---:|',
    ...rows.map(
      ({ step, count, seconds, cpu }) =>
        `| ${step} | ${count} | ${seconds.toFixed(2)} | ${cpu.toFixed(2)} |`,
    ),
    '',
    ...verdicts,
  ].join('\n')
  process.stdout.write(`${text}\n`)
  if (values.write) writeSection('bench:clocks', 'Clocks of dates', text)
  if (verdicts.some((verdict) => verdict.includes('NOT MET'))) process.exitCode = 1
}
