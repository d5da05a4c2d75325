import type { FindingEntry } from '../store/finding-list.ts'
import { shownOf, type Ages } from './finding-view.ts'

const COLUMNS = [
  'id',
  'device',
  'unit',
  'kind',
  'subject',
  'verdict',
  'severity',
  'state',
  'exploited',
  'cves',
  'because',
  'missing',
  'remedy',
  'opened',
  'closed',
  'link',
] as const

/** Every finding in one table, for a spreadsheet. */
export async function findingsCsv(
  pages: AsyncIterable<readonly FindingEntry[]>,
  ages: Ages,
): Promise<string> {
  const lines = [COLUMNS.join(',')]
  for await (const rows of pages)
    lines.push(...rows.map((row) => lineOf({ ...row, ...shownOf(row, ages) })))
  return `${lines.join('\r\n')}\r\n`
}

function lineOf(row: FindingEntry): string {
  const day = (time: number | null) => (time === null ? '' : new Date(time).toISOString())
  return [
    row.id,
    row.asset,
    row.unit,
    row.kind,
    row.subject,
    row.verdict,
    row.severity,
    row.state,
    row.is_known_exploited ? 'yes' : 'no',
    row.cves.join(' '),
    row.because,
    row.missing,
    row.remedy,
    day(row.opened),
    day(row.closed),
    row.link,
  ]
    .map(cellOf)
    .join(',')
}

/** A cell that begins like a formula would be carried out by a spreadsheet. */
function cellOf(value: string | null): string {
  const text = /^[=+\-@\t\r]/.test(value ?? '') ? `'${value}` : (value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
