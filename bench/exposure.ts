/**
 * Matching at scale: `npm run bench:exposure -- [--intel FOLDER] [--no-store] [--write]`. Each row in a process of its own,
 * from cold: reading the published advisories, recalls and exploited vulnerabilities from disk, and 300,000 synthetic CVEs
 * in CPE configurations, compiling all of it, and holding it against every asset. --write puts the table into
 * docs/performance.md.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Row } from './exposure/row.ts'
import type { StoreRow } from './exposure/store.ts'

const CVES = 300_000
const SIZES = [10_000, 30_000, 100_000]
const BEGIN = '<!-- exposure: written by `npm run bench:exposure -- --write` -->'
const END = '<!-- end of exposure -->'
const PAGE = 'docs/performance.md'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    intel: { type: 'string', default: '../shared/intel' },
    'no-store': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const [task, size = '0', cveFile = ''] = positionals

// Each child loads what it needs and nothing else: its start is part of the figure.
const own = [values.intel, cveFile, Number(size)] as const
if (task === 'row') say(await (await import('./exposure/row.ts')).runRow(...own))
else if (task === 'store') say(await (await import('./exposure/store.ts')).runStore(...own))
else if (task === 'yardstick') {
  say((await import('./exposure/yardstick.ts')).runYardstick(...own))
} else await all()

function say(result: unknown): void {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

function child<Result>(name: string, count: number, file: string): Result {
  const args = [import.meta.filename, name, String(count), file, '--intel', values.intel]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} ${count}: ${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Result
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
    const rows = SIZES.map((count) => child<Row>('row', count, file))
    const yardstick = child<{ seconds: number; devices: number }>('yardstick', 200, file)
    const store = values['no-store'] ? undefined : child<StoreRow>('store', 100_000, file)
    const text = report(rows, yardstick, store)
    process.stdout.write(`${text}\n`)
    if (values.write) write(text)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(
  rows: readonly Row[],
  yardstick: { readonly seconds: number; readonly devices: number },
  store: StoreRow | undefined,
): string {
  const last = rows.at(-1)
  if (last === undefined) return ''
  const verdict = (isMet: boolean) => (isMet ? 'met' : '**not met**')
  const perDevice = (yardstick.seconds / yardstick.devices) * 1000
  const table = rows.map(
    (row) =>
      `| ${row.assets.toLocaleString('en')} | ${row.seconds.toFixed(2)} | ${row.cpu.toFixed(1)} | ${row.read.toFixed(2)} | ${row.compile.toFixed(2)} | ${row.match.toFixed(2)} | ${row.rss} MB | ${row.findings.toLocaleString('en')} | ${row.advisory.toFixed(2)} | ${row.asset.toFixed(1)} |`,
  )
  return [
    '## Matching advisories: `npm run bench:exposure`',
    '',
    `From cold in one process: ${last.advisories} CSAF documents and recalls read and parsed from their published files, KEV, and ${last.cves.toLocaleString('en')} CVEs as lines of CPE configurations (synthetic: half firmware on hardware, half applications with ranges; a tenth names products of the population). Nothing is cached between runs. Writing findings is the row below.`,
    '',
    '| assets | cold s | CPU s | reading s | compiling s | matching s | peak RSS | findings | new advisory to all its findings s | changed asset ms |',
    '| -----: | -----: | ----: | --------: | ----------: | ---------: | -------: | -------: | ---------------------------------: | ---------------: |',
    ...table,
    '',
    ...(store === undefined
      ? []
      : [
          `Store: ${store.findings.toLocaleString('en')} findings of ${store.assets.toLocaleString('en')} assets decided and written to the embedded PostgreSQL, with grounds and history: ${store.write.toFixed(2)} s after matching; cold with the store ${store.total.toFixed(2)} s. Grouping all of them by remedy: ${store.remedies.toFixed(0)} ms.`,
          '',
        ]),
    `Yardstick in the same run, a plain loop over all CPE names with the wildcard rule and the same version order: ${perDevice.toFixed(1)} ms for one device, so ${((perDevice * last.assets) / 1000).toFixed(0)} s for ${last.assets.toLocaleString('en')}; ours matches all in ${last.match.toFixed(2)} s.`,
    '',
    `Targets at 100,000 assets: under 10 s cold ${verdict(last.seconds < 10)}; under 1.5 GB ${verdict(last.rss < 1500)}; one new advisory under 1 s ${verdict(last.advisory < 1)}; one changed asset under 50 ms ${verdict(last.asset < 50)}.`,
  ].join('\n')
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
