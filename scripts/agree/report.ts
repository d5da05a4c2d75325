import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { reasonFor } from './reasons.ts'
import type { Disagreement, Tally } from './tally.ts'

const BEGIN = '<!-- agreement: written by `npm run agree` -->'
const END = '<!-- end of agreement -->'
const TITLE =
  '# Accuracy\n\nWhat was measured, against what, and how. Figures that fall short stay here until they do not.\n'

/** The table of all comparisons, with where, when and how they were made. */
export function describeAgreement(tallies: readonly Tally[], command: string): string {
  const rows = tallies.map((tally) => {
    const explained = tally.disagreements.filter((one) => reasonFor(tally.name, one)).length
    const cells = [
      tally.name,
      String(tally.captures.size),
      String(tally.compared),
      tally.percent === undefined ? 'nothing compared' : `${floor(tally.percent)} %`,
      tally.goal === undefined ? '' : `${tally.goal} %`,
      tally.disagreed > tally.disagreements.length
        ? `${tally.disagreed}, listed below`
        : `${tally.disagreed} (${explained})`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  const cores = cpus()
  const machine = `${cores.length} x ${cores[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`
  return `${[
    BEGIN,
    '## Agreement',
    '',
    'Our engine beside other programs, on captures for which they left their results. A disagreement counts as one',
    'whoever is right; those looked into have a reason in `scripts/agree/reasons.ts`. `--out FILE` lists them all.',
    '',
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine}.`,
    '',
    '| compared with | captures | compared | agree | goal | disagreements (with a reason) |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows,
    '',
    ...leftOut(tallies),
    END,
  ].join('\n')}\n`
}

/** Down, so that 96.99 is not shown as 97. */
function floor(percent: number): string {
  return (Math.floor(percent * 100) / 100).toFixed(2)
}

function leftOut(tallies: readonly Tally[]): string[] {
  const lines = tallies.flatMap(({ name, leftOut: reasons }) => {
    const all = [...reasons].sort(([, one], [, other]) => other - one)
    if (all.length === 0) return []
    const shown = all.slice(0, 8).map(([reason, count]) => `${reason}: ${count}`)
    const rest = all.slice(8).reduce((sum, [, count]) => sum + count, 0)
    return [`- ${name}: ${shown.join('; ')}${rest > 0 ? `; others like these: ${rest}` : ''}`]
  })
  return lines.length === 0 ? [] : ['Not compared:', '', ...lines, '']
}

/** Replaces our part of the page, or adds it. */
export function writeSection(file: string, section: string): void {
  const page = existsSync(file) ? readFileSync(file, 'utf8') : TITLE
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  const isThere = begin >= 0 && end > begin
  const text = isThere
    ? page.slice(0, begin) + section + page.slice(end + END.length).replace(/^\n/, '')
    : `${page.trimEnd()}\n\n${section}`
  writeFileSync(file, text)
}

/** Every disagreement, grouped by what differs, the most frequent first. */
export function listDisagreements(tallies: readonly Tally[]): string {
  const lines: string[] = []
  for (const { name, disagreements } of tallies) {
    if (disagreements.length === 0) continue
    lines.push('', `# ${name}: ${disagreements.length} disagreements`)
    for (const group of groupsOf(disagreements)) {
      const { theirs, ours } = group[0]!
      lines.push('', `${group.length} x ${theirs} > ${ours}`)
      for (const one of group) {
        lines.push(`    ${one.capture}  ${one.place}`)
        lines.push(`        ${reasonFor(name, one) ?? 'unexplained'}`)
      }
    }
  }
  return `${lines.join('\n')}\n`
}

function groupsOf(disagreements: readonly Disagreement[]): Disagreement[][] {
  const groups = Map.groupBy(disagreements, ({ theirs, ours }) => `${theirs} > ${ours}`)
  return [...groups.values()].sort((one, other) => other.length - one.length)
}
