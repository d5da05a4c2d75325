/** What the inventory bears; `npm run bench:inventory -- --help` says how. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { loadContent } from '../packages/server/src/content/load.ts'
import { publishSent, type Sent } from '../packages/server/src/sensor/thread-publish.ts'
import { packObservations } from '../packages/server/src/store/pack.ts'
import { warmInventory } from '../packages/server/src/store/warm.ts'
import { startSystem, type System } from '../packages/server/src/system.ts'
import { makesOf, type HospitalSize } from './hospital-facts.ts'
import {
  growthLines,
  linesOf,
  packingOf,
  tableOf,
  titleOf,
  type Measured,
} from './inventory-lines.ts'
import { askForPages } from './inventory-pages.ts'
import { postgresCpuSeconds } from './postgres-cpu.ts'
import { measureYardsticks } from './inventory-yardstick.ts'

const HELP = `npm run bench:inventory -- [--assets N] [--observations-per-asset N] [--ingest-only] [--no-growth] [--write]

Makes a hospital of invented devices, sends it through the bus and the stages of the product into its own embedded
PostgreSQL, asks the real server for pages at 50 requests a second, and prints each figure against its target. First a
tenth of the size, for the growth. All of it at 100,000 takes about 25 minutes and 5 GB under the folder for temporary files.

  --assets N                  devices (100000)
  --observations-per-asset N  distinct observations of each (200)
  --batch N                   observations in one message (2000)
  --visit N                   observations of a device that follow each other (10)
  --seconds N                 how long pages are asked for (20)
  --minutes N                 when to give up (45)
  --ingest-only               ask for no pages
  --no-growth                 leave out the tenth of the size
  --keep                      leave the data folder for a look
  --write                     put the figures into docs/performance.md
`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    assets: { type: 'string', default: '100000' },
    'observations-per-asset': { type: 'string', default: '200' },
    batch: { type: 'string', default: '2000' },
    visit: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '45' },
    'ingest-only': { type: 'boolean', default: false },
    'no-growth': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

if (values.help) {
  process.stdout.write(HELP)
  process.exit()
}

const deadline = performance.now() + Number(values.minutes) * 60_000
const root = join(import.meta.dirname, '..')
const perAsset = Number(values['observations-per-asset'])

const say = (text: string) => process.stderr.write(`${text}\n`)

async function measure(assets: number, hasYardsticks: boolean): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'wk-inventory-'))
  rmSync(folder, { recursive: true })
  mkdirSync(folder, { mode: 0o755 })
  const content = await loadContent(join(root, 'content'))
  const system = await startSystem({
    dataDir: folder,
    host: '127.0.0.1',
    port: 0,
    webFolder: join(root, 'packages/web/dist'),
    content: { ...content, advisories: [] },
    onCapture: () => undefined,
    log: say,
    onLoss: (error) => {
      throw error
    },
  })
  const breakOff = () => void stopAll().then(() => process.exit(130))
  const stopAll = async () => {
    await system.stop()
    if (values.keep) say(`  The data stays in ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
  process.once('SIGINT', breakOff).once('SIGTERM', breakOff)
  try {
    const sent = await ingest(system, folder, assets, makesOf(content.knowledge))
    // What autovacuum does within minutes, and a clock in the night; the figures should not depend on when they came.
    await system.database.pool.query('vacuum analyze')
    const started = performance.now()
    const packed = await packObservations(system.database.db)
    await warmInventory(system.database.db)
    const packing = packed && { ...packed, seconds: (performance.now() - started) / 1000 }
    say(`  ${packing ? packingOf(packing) : 'The index of observations is packed'}`)
    const pages = values['ingest-only']
      ? {}
      : await askForPages(system, Number(values.seconds), say)
    return {
      assets,
      ...sent,
      packing,
      pages,
      ...(await sizes(system)),
      yardsticks:
        hasYardsticks && !values['ingest-only'] ? await measureYardsticks(system.database) : [],
    }
  } finally {
    process.off('SIGINT', breakOff).off('SIGTERM', breakOff)
    await stopAll()
  }
}

async function ingest(
  system: System,
  folder: string,
  assets: number,
  makes: ReturnType<typeof makesOf>,
) {
  const size = {
    assets,
    perAsset,
    perVisit: Number(values.visit),
    perBatch: Number(values.batch),
  }
  const started = performance.now()
  const cpu = process.cpuUsage()
  const postgres = postgresCpuSeconds(folder)
  let observations = 0
  let told = started
  await send({ size, makes }, system, (count) => {
    observations += count
    if (performance.now() - told < 10_000) return
    told = performance.now()
    const rate = Math.round((observations / (told - started)) * 1000)
    say(`  ${observations.toLocaleString('en')} observations sent, ${rate.toLocaleString('en')}/s`)
    if (told > deadline) throw new Error('The time is up: ask for fewer assets or more --minutes')
  })
  await system.bus.drain()
  const seconds = (performance.now() - started) / 1000
  const parked = await system.bus.parked()
  if (parked.length > 0) throw new Error(`Could not be handled: ${parked[0]?.error}`)
  const { rows } = await system.database.pool.query<{ assets: string; observations: string }>(
    'select (select count(*) from assets) as assets, (select count(*) from observations) as observations',
  )
  const stored = Number(rows[0]?.observations)
  if (stored !== observations) throw new Error(`${observations} were sent, ${stored} are stored`)
  if (Number(rows[0]?.assets) !== assets)
    throw new Error(`${assets} devices were sent, ${rows[0]?.assets} are stored`)
  say(`  ${observations.toLocaleString('en')} observations in ${seconds.toFixed(1)} s`)
  const { user, system: inKernel } = process.cpuUsage(cpu)
  return {
    observations,
    ingestPerSecond: Math.round(observations / seconds),
    nodeMicros: (user + inKernel) / observations,
    postgresMicros: ((postgresCpuSeconds(folder) - postgres) * 1e6) / observations,
  }
}

/** Has the facts sent by a thread, as those of a sensor are. */
async function send(
  workerData: { readonly size: HospitalSize; readonly makes: ReturnType<typeof makesOf> },
  { bus }: System,
  onSent: (count: number) => void,
): Promise<void> {
  const thread = new Worker(new URL('./inventory-sensor.ts', import.meta.url), { workerData })
  try {
    await new Promise<void>((resolve, reject) => {
      thread.on('message', (told: Sent | { readonly what: 'counted'; readonly count: number }) => {
        if (told.what === 'message') return void publishSent(told, thread, bus.publish)
        try {
          onSent(told.count)
        } catch (error) {
          reject(error)
        }
      })
      thread.once('error', reject)
      thread.once('exit', () => resolve())
    })
  } finally {
    await thread.terminate()
  }
}

async function sizes({ database }: System) {
  const { rows } = await database.pool.query<{ name: string; bytes: number }>(
    `select relname as name, pg_total_relation_size(oid)::float8 as bytes from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' order by bytes desc limit 6`,
  )
  const whole = await database.pool.query<{ bytes: number }>(
    'select pg_database_size(current_database())::float8 as bytes',
  )
  return { tables: rows, bytes: whole.rows[0]?.bytes ?? 0 }
}

function writeFigures(text: string): void {
  const file = join(root, 'docs/performance.md')
  const [before, , after] = readFileSync(file, 'utf8').split(/<!-- (?:begin|end) inventory -->/)
  if (after === undefined) throw new Error('docs/performance.md has lost its inventory markers')
  writeFileSync(
    file,
    `${before}<!-- begin inventory -->\n\n${text}\n<!-- end inventory -->${after}`,
  )
}

const size = Number(values.assets)
// What else the machine does decides over every figure but those of CPU and bytes.
const loadBefore = loadavg()[1]?.toFixed(1)
const parts: string[] = []
let small: Measured | undefined
if (!values['no-growth']) {
  say(`${size / 10} assets`)
  small = await measure(size / 10, false)
  parts.push(tableOf(titleOf(small), linesOf(small)))
}
say(`${size} assets`)
const large = await measure(size, true)
parts.push(tableOf(titleOf(large), linesOf(large)))
if (small !== undefined) parts.push(tableOf('Growth', growthLines(small, large)))
const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, load ${loadBefore} before and ${loadavg()[1]?.toFixed(1)} after.`
const largest = large.tables
  .map(({ name, bytes }) => `${name} ${(bytes / 2 ** 20).toFixed(0)} MB`)
  .join(', ')
const text = `${machine}\n\n${parts.join('\n')}\nLargest tables with their indexes: ${largest}.\n`
process.stdout.write(`${text}\n`)
if (values.write) writeFigures(text)
