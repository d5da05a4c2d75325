import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import type { Executor } from '../store/database.ts'
import { readRows, type ImportRowRecord } from '../store/imports.ts'

const COLUMNS = [
  'row',
  'outcome',
  'change',
  'done',
  'tag',
  'serial',
  'manufacturer',
  'model',
  'device',
  'score',
  'reasons',
  'notes',
] as const
const PAGE = 2000

/** What became of every row of an import as comma separated text, page by page. */
export function writeReport(db: Executor, importId: string): Readable {
  return Readable.from(lines(db, importId), { objectMode: false })
}

async function* lines(db: Executor, importId: string): AsyncGenerator<string> {
  yield stringify([COLUMNS])
  for (let from = 0; ;) {
    const rows = await readRows(db, importId, from, PAGE)
    const last = rows.at(-1)
    if (last === undefined) return
    yield stringify(rows.map(lineOf), { escape_formulas: true })
    from = last.row + 1
  }
}

function lineOf(row: ImportRowRecord): readonly (string | number)[] {
  const device = (row.device ?? {}) as Readonly<Record<string, string>>
  return [
    row.row,
    row.outcome,
    row.change ?? '',
    row.is_done || row.outcome === 'refused' ? 'yes' : 'no',
    device['tag'] ?? '',
    device['serial'] ?? '',
    device['manufacturer'] ?? '',
    device['model'] ?? '',
    row.asset_id ?? '',
    row.score ?? '',
    (row.reasons as readonly string[]).join(' '),
    (row.notes as readonly string[]).join(' '),
  ]
}
