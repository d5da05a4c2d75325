import {
  BadDocument,
  dayOf,
  isCve,
  type BadRecord,
  type ExploitSignal,
  type ParsedDocument,
} from './facts.ts'

/** EPSS scores as CSV: a comment line with model and day, a header, then one CVE a line. */
export function parseEpss(text: string): ParsedDocument {
  const lines = text.split(/\r?\n/)
  const head = /^#\s*model_version:([^,\s]+)\s*,\s*score_date:(\S+)/.exec(lines[0] ?? '')
  const model = head?.[1]
  const date = head?.[2]
  const day = dayOf(date ?? '')
  if (model === undefined || date === undefined || day === undefined) {
    throw new BadDocument(
      'This is not an EPSS file: the first line must name model_version and score_date.',
    )
  }
  const columns = (lines[1] ?? '').split(',').map((name) => name.trim().toLowerCase())
  const [cveAt, scoreAt, rankAt] = ['cve', 'epss', 'percentile'].map((name) =>
    columns.indexOf(name),
  )
  if (cveAt === undefined || cveAt < 0 || (scoreAt ?? -1) < 0 || (rankAt ?? -1) < 0) {
    throw new BadDocument('The columns cve, epss and percentile are missing in the second line.')
  }
  const signals: ExploitSignal[] = []
  const bad: BadRecord[] = []
  lines.slice(2).forEach((line, index) => {
    if (line.trim() === '') return
    const cells = line.split(',')
    const cve = (cells[cveAt] ?? '').trim()
    const score = Number(cells[scoreAt ?? 0]?.trim() || Number.NaN)
    const percentile = Number(cells[rankAt ?? 0]?.trim() || Number.NaN)
    if (isCve(cve) && isShare(score) && isShare(percentile)) {
      signals.push({ cve, epss: { score, percentile, date: day, model } })
    } else {
      bad.push({
        name: `line ${index + 3}`,
        reason: 'not a CVE id with two numbers from 0 to 1',
        raw: line.slice(0, 500),
      })
    }
  })
  if (signals.length === 0) throw new BadDocument('The file has no scores: it was cut short.')
  return { facts: { signals }, date, bad }
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1
}
