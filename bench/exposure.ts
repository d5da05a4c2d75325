/** Matching at scale; `npm run bench:exposure -- --help` says how. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { report, type Yardstick } from './exposure/report.ts'
import type { MedianRow, Row } from './exposure/row.ts'
import type { StoreRow } from './exposure/store.ts'

const CVES = 300_000
const SIZES = [10_000, 30_000, 100_000]
const BEGIN = '<!-- exposure: written by `npm run bench:exposure -- --write` -->'
const END = '<!-- end of exposure -->'
const PAGE = 'docs/performance.md'

const HELP = `npm run bench:exposure -- [--intel FOLDER] [--no-store] [--write]

Holds 10,000, 30,000 and 100,000 invented assets against the published CSAF documents, recalls and KEV of FOLDER and
300,000 synthetic CVEs in CPE configurations. Each row is the median of three processes, each from cold: it reads everything from
disk, compiles it and holds it against every asset. Prints a table, the growth and the verdict on each target.

  --intel FOLDER  folder with cisagov-csaf, openfda and kev (../shared/intel)
  --no-store      leave out the row that writes all findings to an embedded PostgreSQL (some minutes)
  --write         put the table into docs/performance.md
  --help          this text
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    intel: { type: 'string', default: '../shared/intel' },
    'no-store': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [task, size = '0', cveFile = ''] = positionals

// Each child loads what it needs and nothing else: its start is part of the figure.
const own = [values.intel, cveFile, Number(size)] as const
if (values.help) process.stdout.write(HELP)
else if (task === 'row') say(await (await import('./exposure/row.ts')).runRow(...own))
else if (task === 'store') say(await (await import('./exposure/store.ts')).runStore(...own))
else if (task === 'yardstick') {
  say((await import('./exposure/yardstick.ts')).runYardstick(...own))
} else await all()

function say(result: unknown): void {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

function child<Result>(name: string, count: number, file: string): Result {
  const args = [
    ...process.execArgv,
    import.meta.filename,
    name,
    String(count),
    file,
    '--intel',
    values.intel,
  ]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} ${count}: ${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Result
}

/** The run of three whose time is the median: a single one differs by a quarter from the next on a shared machine. */
function middleOf(run: () => Row): MedianRow {
  const runs = [run(), run(), run()].toSorted((a, b) => a.seconds - b.seconds)
  return { ...runs[1]!, range: [runs[0]!.seconds, runs[2]!.seconds] }
}

async function all(): Promise<void> {
  if (!existsSync(values.intel)) {
    process.stdout.write(`skipped: ${values.intel} is not there; --intel names the folder\n`)
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'wk-bench-'))
  try {
    const file = join(folder, 'cves.jsonl')
    const { writeCves } = await import('./exposure/cves.ts')
    writeCves(file, values.intel, CVES)
    const rows = SIZES.map((count) => middleOf(() => child<Row>('row', count, file)))
    const yardstick = child<Yardstick>('yardstick', 200, file)
    const store = values['no-store'] ? undefined : child<StoreRow>('store', 100_000, file)
    const text = report(rows, yardstick, store)
    process.stdout.write(`${text}\n`)
    if (values.write) write(text)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function write(text: string): void {
  const page = readFileSync(PAGE, 'utf8')
  const section = `${BEGIN}\n\n${text}\n\n${END}`
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  const isThere = begin >= 0 && end > begin
  const next = isThere
    ? page.slice(0, begin) + section + page.slice(end + END.length)
    : `${page.trimEnd()}\n\n${section}\n`
  writeFileSync(PAGE, next)
}
