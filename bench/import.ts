/**
 * How long a dirty table of a maintenance system takes from the file to the inventory.
 * `npm run bench:import -- [--rows 30000] [--write]`: makes the table, reads it, plans every row (the preview), runs
 * it, runs it again; prints what became of the rows and a verdict. `--write` puts the figures into
 * docs/performance.md.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { ObservedFact } from '@wardkeeper/core'
import { loadContent } from '../packages/server/src/content/load.ts'
import { resolveAsset } from '../packages/server/src/stages/resolve-asset.ts'
import { runImportHere } from '../packages/server/src/stages/run-import.ts'
import type { Db } from '../packages/server/src/store/database.ts'
import { planImport, prepareImport } from '../packages/server/src/store/import-prepare.ts'
import { countRows, lockImport, updateImport } from '../packages/server/src/store/imports.ts'
import { ensureSite } from '../packages/server/src/store/sites.ts'
import { readTableFile } from '../packages/server/src/tables/read-table-file.ts'
import { makeCmmsFile, type CmmsFile } from './cmms-file.ts'
import { withFreshDatabase } from './fresh-database.ts'
import { writeSection } from './write-section.ts'

const MOST_SECONDS = 60
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '30000' },
    write: { type: 'boolean', default: false },
  },
})
const root = path.join(import.meta.dirname, '..')
const file = makeCmmsFile(Number(values.rows))
await withFreshDatabase(({ db }, folder) => measure(db, folder))

async function measure(db: Db, folder: string): Promise<void> {
  const content = await loadContent(path.join(root, 'content'))
  await ensureSite(db, { id: 'main', name: 'Hospital' })
  await seeDevices(db, file, content)
  const table = path.join(folder, 'cmms.csv')
  writeFileSync(table, file.bytes)
  const first = await importOnce(db, table, content)
  const again = await importOnce(db, table, content)
  const accounted = ['created', 'matched', 'queued', 'refused'].reduce(
    (sum, name) => sum + (first.counts[name] ?? 0),
    0,
  )
  const isSame = JSON.stringify(first.preview) === JSON.stringify(first.done)
  const isStill = (again.counts['created'] ?? 0) === 0 && (again.counts['updated'] ?? 0) === 0
  const steps = [
    ['read the file', first.read],
    ['map, stage and preview', first.plan],
    ['run', first.run],
    ['all of it', first.read + first.plan + first.run],
    ['the same file again', again.read + again.plan + again.run],
  ] as const
  const isMet =
    first.read + first.plan + first.run < MOST_SECONDS &&
    accounted === file.rows &&
    isSame &&
    isStill
  const verdict = `${file.rows} rows (${(file.bytes.length / 1e6).toFixed(1)} MB, Latin-1): ${accounted} accounted for; preview and run ${isSame ? 'agree' : 'DIFFER'}; again ${isStill ? 'changes nothing' : 'CHANGES'}; target ${MOST_SECONDS} s: ${isMet ? 'met' : 'NOT MET'}`
  const text = [
    '| step | seconds |',
    '|---|---:|',
    ...steps.map(([name, seconds]) => `| ${name} | ${seconds.toFixed(1)} |`),
    '',
    `Outcome: ${Object.entries(first.counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}.`,
    '',
    `${verdict}.`,
  ].join('\n')
  process.stdout.write(`${text}\n`)
  if (values.write) writeSection('bench:import', 'A table of a CMMS', text)
  if (!isMet) process.exitCode = 1
}

/** Some of the devices are on the network before the table comes. */
async function seeDevices(
  db: Db,
  { seen }: CmmsFile,
  content: Awaited<ReturnType<typeof loadContent>>,
): Promise<void> {
  const stage = resolveAsset(content.knowledge, content.inventory.precedence)
  const time = Date.now()
  for (let at = 0; at < seen.length; at += 500) {
    const facts = seen.slice(at, at + 500).map((subject): ObservedFact => ({
      subject,
      field: 'ip.address',
      value: subject.ip,
      sensor: 'bench',
      first: time,
      last: time,
      count: 1,
      evidence: {},
    }))
    const payload = { siteId: 'main', sensor: 'bench', batch: at, facts }
    await db.transaction().execute((trx) =>
      stage.handle(trx, payload as never, {
        subject: 'observation.recorded',
        id: `bench/${at}`,
        payload,
      }),
    )
  }
}

async function importOnce(db: Db, table: string, content: Awaited<ReturnType<typeof loadContent>>) {
  const started = performance.now()
  const read = await readTableFile(table)
  const planned = performance.now()
  const digest = createHash('sha256').update(readFileSync(table)).digest('hex')
  const id = await db.transaction().execute(async (trx) => {
    const made = await prepareImport(
      trx,
      { siteId: 'main', name: 'cmms.csv', digest, path: undefined, by: 'bench', table: read },
      { template: 'generic' },
      content,
    )
    const one = await lockImport(trx, made)
    if (one !== undefined) await planImport(trx, one, content)
    return made
  })
  const preview = await outcomes(db, id)
  const running = performance.now()
  await db.transaction().execute((trx) => updateImport(trx, id, { state: 'running' }))
  await runImportHere(db, id, content.knowledge, content.inventory, () => undefined)
  const ended = performance.now()
  return {
    read: (planned - started) / 1000,
    plan: (running - planned) / 1000,
    run: (ended - running) / 1000,
    preview,
    done: await outcomes(db, id),
    counts: await countRows(db, id),
  }
}

async function outcomes(db: Db, id: string) {
  return await db
    .selectFrom('import_rows')
    .select(['row', 'outcome', 'reasons'])
    .where('import_id', '=', id)
    .orderBy('row')
    .execute()
}
