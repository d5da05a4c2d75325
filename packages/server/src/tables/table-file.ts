/** A table as it came in: the header and its rows, all text. */
export interface TableFile {
  readonly kind: 'csv' | 'xlsx' | 'fhir' | 'rest'
  readonly headers: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What was found out while reading: encoding, delimiter, sheet, lines left out above the header. */
  readonly findings: readonly string[]
}

/** The file cannot be used; the message says what to do. */
export class UnusableTable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnusableTable'
  }
}

export const TABLE_LIMITS = {
  bytes: 64 * 1024 ** 2,
  rows: 250_000,
  columns: 300,
  cell: 4000,
} as const

/** Finds the header below title lines, and refuses what is too large. */
export function tableOf(
  kind: TableFile['kind'],
  lines: readonly (readonly string[])[],
  findings: readonly string[],
): TableFile {
  const width = lines.reduce((most, line) => Math.max(most, line.length), 0)
  if (width > TABLE_LIMITS.columns)
    throw new UnusableTable(
      `The table has ${width} columns, more than ${TABLE_LIMITS.columns}: export fewer.`,
    )
  if (lines.length > TABLE_LIMITS.rows)
    throw new UnusableTable(
      `The table has ${lines.length} rows, more than ${TABLE_LIMITS.rows}: export it in parts.`,
    )
  const at = findHeader(lines)
  const header = lines[at]
  if (header === undefined)
    throw new UnusableTable(
      'There is no line with names of columns: the first line must be the header.',
    )
  const rows = lines.slice(at + 1)
  while (rows.length > 0 && isBlank(rows.at(-1) ?? [])) rows.pop()
  if (rows.length === 0)
    throw new UnusableTable('The table has a header and no rows: export it again with its rows.')
  const skipped =
    at === 0 ? [] : [`${at === 1 ? 'One line' : `${at} lines`} above the header left out.`]
  return {
    kind,
    headers: header.map((cell) => cell.trim().slice(0, 120)),
    rows: rows.map((line) =>
      line.map((cell) =>
        cell.length > TABLE_LIMITS.cell ? cell.slice(0, TABLE_LIMITS.cell) : cell,
      ),
    ),
    findings: [...findings, ...skipped],
  }
}

/** The first of the early lines that is nearly as wide as the widest and holds words only. */
function findHeader(lines: readonly (readonly string[])[]): number {
  const early = lines.slice(0, 25)
  const filled = early.map((line) => line.filter((cell) => cell.trim() !== '').length)
  const most = Math.max(0, ...filled)
  const isHeader = (line: readonly string[], at: number) =>
    (filled[at] ?? 0) >= Math.max(1, most * 0.6) &&
    line.every((cell) => !/^[\d.,/-]+$/.test(cell.trim()))
  const found = early.findIndex(isHeader)
  return found >= 0 ? found : -1
}

function isBlank(line: readonly string[]): boolean {
  return line.every((cell) => cell.trim() === '')
}
