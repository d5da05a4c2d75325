import { readFileSync, writeFileSync } from 'node:fs'
import {
  calibrationError,
  figuresOf,
  figuresOfClass,
  reliabilityOf,
  type Figures,
} from './figures.ts'
import { MEASURED, type Measured, type Outcome } from './judge.ts'

const BEGIN = '<!-- identity: written by `npm run accuracy` -->'
const END = '<!-- end of identity -->'

/** Outcomes of one way to look at one set of devices. */
export interface Series {
  readonly name: string
  readonly outcomes: readonly Outcome[]
  /** The verdict counts only where the series is what the target is about. */
  readonly isTarget: boolean
}

interface Target {
  readonly attribute: Measured
  readonly what: 'precision' | 'recall' | 'f1' | 'ece'
  readonly least: number
}

/** What is promised; of the calibration error the most, of the others the least. */
export const TARGETS: readonly Target[] = [
  { attribute: 'manufacturer', what: 'precision', least: 0.98 },
  { attribute: 'manufacturer', what: 'recall', least: 0.9 },
  { attribute: 'category', what: 'f1', least: 0.9 },
  { attribute: 'type', what: 'f1', least: 0.85 },
  { attribute: 'model', what: 'precision', least: 0.97 },
  ...MEASURED.map((attribute) => ({ attribute, what: 'ece' as const, least: 0.05 })),
]

/** One line for each target that a series misses. */
export function missesOf({ name, outcomes }: Series): string[] {
  return TARGETS.flatMap(({ attribute, what, least }) => {
    const own = outcomes.filter((each) => each.attribute === attribute)
    if (own.length === 0) return []
    const value = what === 'ece' ? calibrationError(reliabilityOf(own)) : figuresOf(own)[what]
    const isMet = value !== undefined && (what === 'ece' ? value <= least : value >= least)
    return isMet ? [] : [`${name}: ${attribute} ${what} ${show(value)}, target ${least}`]
  })
}

/** The part of docs/accuracy.md about identity. */
export function describeIdentity(series: readonly Series[], command: string): string {
  const all = series.find(({ isTarget }) => isTarget) ?? series[0]
  const misses = series.filter(({ isTarget }) => isTarget).flatMap(missesOf)
  return `${[
    BEGIN,
    '## Identity',
    '',
    'What the product claims of devices beside what they are. `lab`: the devices of our own capture. `labelled`: devices that',
    'data sets of others label (`device-truth.tsv`), each capture alone, a device counting one. `read`: devices in captures of',
    'others that we looked at ourselves (`scripts/accuracy/labels.tsv`): the truth is what a person reads there. `held out`: each',
    'family of devices judged with weights that were fitted without it. `unheard of`: besides without the fingerprints that match',
    'no other family here, which is what is left for devices that nobody ever described. No claim counts against recall, also',
    'where the wire says nothing. The calibration error is the mean distance between confidence and share of right claims.',
    '',
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}.`,
    '',
    '| devices | attribute | known | claimed | precision | recall | F1 | calibration error |',
    '|---|---|---:|---:|---:|---:|---:|---:|',
    ...series.flatMap(rowsOf),
    '',
    misses.length === 0
      ? 'Targets met on the lab and the labelled captures: manufacturer precision 0.98 and recall 0.90, category F1 0.90, type F1 0.85, model precision 0.97, calibration error 0.05.'
      : `Targets missed: ${misses.join('; ')}.`,
    '',
    ...reliabilityLines(series),
    ...(all ? classLines(all) : []),
    END,
  ].join('\n')}\n`
}

function rowsOf({ name, outcomes }: Series): string[] {
  return MEASURED.flatMap((attribute) => {
    const own = outcomes.filter((each) => each.attribute === attribute)
    if (own.length === 0) return []
    const figures = figuresOf(own)
    return cells([
      name,
      attribute,
      ...countsOf(figures),
      show(figures.precision),
      show(figures.recall),
      show(figures.f1),
      show(calibrationError(reliabilityOf(own))),
    ])
  })
}

function reliabilityLines(series: readonly Series[]): string[] {
  const held = series.findLast(({ name }) => name.includes('held out'))
  if (!held) return []
  const rows = reliabilityOf(held.outcomes).map((row) =>
    cells([
      `${row.from.toFixed(2)} to ${row.until.toFixed(2)}`,
      row.claims.toFixed(1),
      show(row.confidence),
      show(row.right),
    ]),
  )
  return [
    `Reliability of all claims, ${held.name}:`,
    '',
    '| confidence | claims | mean confidence | right |',
    '|---|---:|---:|---:|',
    ...rows,
    '',
  ]
}

function classLines({ name, outcomes }: Series): string[] {
  const lines = [
    `By class, ${name}:`,
    '',
    '| attribute | class | known | claimed | precision | recall |',
    '|---|---|---:|---:|---:|---:|',
  ]
  for (const attribute of ['category', 'type', 'manufacturer'] as const) {
    const own = outcomes.filter((each) => each.attribute === attribute)
    const classes = new Set(own.flatMap(({ truth, claimed }) => [truth, claimed ?? truth]))
    for (const value of [...classes].toSorted()) {
      const figures = figuresOfClass(own, value)
      const { precision, recall } = figures
      lines.push(cells([attribute, value, ...countsOf(figures), show(precision), show(recall)]))
    }
  }
  return [...lines, '']
}

function countsOf({ known, claimed }: Figures): string[] {
  return [known, claimed].map((count) => count.toFixed(1).replace(/\.0$/, ''))
}

function cells(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`
}

/** Down, so that 0.8999 is not shown as 0.90; errors are rounded up by their caller's sign. */
function show(value: number | undefined): string {
  return value === undefined ? '' : (Math.floor(value * 1000 + 1e-9) / 1000).toFixed(3)
}

/** Replaces our part of the page, or adds it. */
export function writeIdentity(file: string, section: string): void {
  const page = readFileSync(file, 'utf8')
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  const isThere = begin >= 0 && end > begin
  const text = isThere
    ? page.slice(0, begin) + section + page.slice(end + END.length).replace(/^\n/, '')
    : `${page.trimEnd()}\n\n${section}`
  writeFileSync(file, text)
}
