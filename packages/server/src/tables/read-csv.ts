import { parse } from 'csv-parse/sync'
import { decodeText } from './decode-text.ts'
import { tableOf, TABLE_LIMITS, UnusableTable, type TableFile } from './table-file.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const

/** Reads comma separated text in any of its forms. */
export function readCsv(bytes: Uint8Array): TableFile {
  const { text, encoding } = decodeText(bytes)
  const hint = /^\ufeff?sep=(.)\r?\n/i.exec(text)
  const body = hint === null ? text : text.slice(hint[0].length)
  const delimiter = hint?.[1] ?? findDelimiter(body)
  const lines = parseLines(body, delimiter)
  const name = delimiter === '\t' ? 'tab' : delimiter
  return tableOf('csv', lines, [`Read as ${encoding}, columns apart by ${name}.`])
}

function parseLines(text: string, delimiter: string): string[][] {
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: TABLE_LIMITS.columns * TABLE_LIMITS.cell,
    })
  } catch (error) {
    const line = (error as { lines?: number }).lines
    throw new UnusableTable(
      `The text cannot be read${line === undefined ? '' : ` from line ${line} on`}: a quotation mark may be missing there. Mend it and try again.`,
    )
  }
}

/** The one that cuts the first lines into the most columns, alike in each. */
function findDelimiter(text: string): string {
  const lines = text
    .slice(0, 60_000)
    .split(/\r?\n/)
    .slice(0, 30)
    .filter((line) => line.trim() !== '')
  const scores = DELIMITERS.map((delimiter) => {
    const counts = lines.map((line) => countOutside(line, delimiter))
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0
    const alike = counts.filter((count) => count === usual).length / Math.max(1, counts.length)
    return { delimiter, score: usual * alike }
  })
  return scores.toSorted((a, b) => b.score - a.score)[0]?.delimiter ?? ','
}

function countOutside(line: string, delimiter: string): number {
  let isQuoted = false
  let count = 0
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted
    else if (!isQuoted && letter === delimiter) count++
  }
  return count
}
