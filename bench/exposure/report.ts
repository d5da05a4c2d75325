import { cpus, loadavg } from 'node:os'
import type { MedianRow } from './row.ts'
import type { StoreRow } from './store.ts'

export interface Yardstick {
  readonly seconds: number
  readonly devices: number
}

const COLUMNS: readonly (readonly [string, (row: MedianRow) => string])[] = [
  ['assets', (row) => say(row.assets)],
  [
    'cold s (of three)',
    ({ seconds, range }) =>
      `${seconds.toFixed(2)} (${range.map((one) => one.toFixed(2)).join(' to ')})`,
  ],
  ['CPU s', (row) => row.cpu.toFixed(1)],
  ['reading s', (row) => row.read.toFixed(2)],
  ['CVEs ready s', (row) => row.join.toFixed(2)],
  ['compiling s', (row) => row.compile.toFixed(2)],
  ['matching s', (row) => row.match.toFixed(2)],
  ['peak RSS', (row) => `${row.rss} MB`],
  ['findings', (row) => say(row.findings)],
  ['new advisory to all its findings s', (row) => row.advisory.toFixed(2)],
  ['changed asset ms', (row) => row.asset.toFixed(1)],
]

/** The section for docs/performance.md. */
export function report(rows: readonly MedianRow[], yardstick: Yardstick, store?: StoreRow): string {
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    '## Matching advisories: `npm run bench:exposure`',
    '',
    `From cold in one process: ${say(last.advisories)} CSAF documents and recalls read and parsed from their published files, KEV, and ${say(last.cves)} CVEs as lines of CPE configurations (synthetic: half firmware on hardware, half applications with ranges; a tenth names products of the population), which a thread reads meanwhile, as the product's stage does from the database. Nothing is cached between runs.`,
    '',
    sayMachine(),
    '',
    line(COLUMNS.map(([name]) => name)),
    line(COLUMNS.map(() => '---:')),
    ...rows.map((row) => line(COLUMNS.map(([, cell]) => cell(row)))),
    '',
    sayGrowth(first, last),
    '',
    ...(store === undefined ? [] : [sayStore(store), '']),
    sayYardstick(yardstick, last),
    '',
    'Targets at 100,000 assets:',
    '',
    ...verdicts(last, store).map((one) => `- ${one}`),
  ].join('\n')
}

function say(count: number): string {
  return count.toLocaleString('en')
}

function sayMachine(): string {
  const cores = cpus()
  const load = loadavg()[0] ?? 0
  const isQuiet = load < cores.length + 1
  const noise = isQuiet
    ? ''
    : '; **busy with other work: seconds say little, CPU seconds are up to twice as many**'
  return `${new Date().toISOString().slice(0, 10)}, ${cores.length} x ${cores[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}, load ${load.toFixed(1)} at the end${noise}.`
}

function sayGrowth(first: MedianRow, last: MedianRow): string {
  const times = (name: 'assets' | 'match' | 'rss' | 'advisory') =>
    `${(last[name] / first[name]).toFixed(1)}`
  const perAsset = (row: MedianRow) => ((row.match / row.assets) * 1e6).toFixed(0)
  return `Growth from ${say(first.assets)} to ${say(last.assets)} assets, ${times('assets')} times as many: matching ${times('match')} times (${perAsset(first)} to ${perAsset(last)} µs for each), a new advisory ${times('advisory')} times, memory ${times('rss')} times; reading and compiling do not depend on them.`
}

function sayStore(store: StoreRow): string {
  const micros = ((store.cpu + store.postgresCpu) / store.findings) * 1e6
  return `Store: ${say(store.findings)} findings of ${say(store.assets)} assets matched, decided and written to the embedded PostgreSQL, with grounds and history: ${store.write.toFixed(1)} s (${store.cpu.toFixed(1)} CPU s here and ${store.postgresCpu.toFixed(1)} in PostgreSQL, ${micros.toFixed(0)} µs for each); cold with the store ${store.total.toFixed(1)} s. Grouping all of them by remedy: ${store.remedies.toFixed(0)} ms, and ${store.fresh.toFixed(0)} ms before the clock of the minute has added the counts up.`
}

function sayYardstick({ seconds, devices }: Yardstick, last: MedianRow): string {
  const perDevice = seconds / devices
  return `Yardstick in the same run, a plain loop over all CPE names with the wildcard rule and the same version order: ${(perDevice * 1000).toFixed(1)} ms for one device, so ${(perDevice * last.assets).toFixed(0)} s for ${say(last.assets)}; ours matches all in ${last.match.toFixed(2)} s.`
}

function verdicts(last: MedianRow, store: StoreRow | undefined): readonly string[] {
  const judge = (what: string, value: number, limit: number, unit: string) =>
    `${what} under ${limit} ${unit}: ${value.toFixed(unit === 'ms' || value > 100 ? 0 : 2)} ${unit}, ${value < limit ? 'met' : '**not met**'}`
  return [
    judge('everything from cold', last.seconds, 10, 's'),
    judge('memory', last.rss, 1500, 'MB'),
    judge('one new advisory to all its findings', last.advisory, 1, 's'),
    judge('one changed asset', last.asset, 50, 'ms'),
    ...(store === undefined
      ? []
      : [
          judge('all findings written (our own aim)', store.write, 30, 's'),
          judge('grouping by remedy (our own aim)', store.remedies, 500, 'ms'),
        ]),
  ]
}
