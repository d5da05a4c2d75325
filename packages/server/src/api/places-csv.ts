import { LOCATION_KINDS, type PlaceRow } from '@wardkeeper/core'
import { parse } from 'csv-parse/sync'
import { ApiError } from './errors.ts'

/** Heads as hospitals write them. */
const HEADS: Readonly<Record<string, keyof PlaceRow['cells']>> = {
  building: 'building',
  floor: 'floor',
  level: 'floor',
  storey: 'floor',
  unit: 'unit',
  ward: 'unit',
  department: 'unit',
  room: 'room',
  'service line': 'service_line',
  hours: 'hours',
}

/** The rows of a CSV of places; refuses a file whose head names no building. */
export function readPlaceRows(csv: string): readonly PlaceRow[] {
  const lines = parseLines(csv)
  const [head, ...rows] = lines
  const names = (head?.cells ?? []).map(
    (cell) => HEADS[cell.trim().toLowerCase().replaceAll('_', ' ')],
  )
  if (!names.includes('building')) {
    const found = (head?.cells ?? []).slice(0, 8).join(', ').slice(0, 200) || 'nothing'
    throw new ApiError('invalid-input', [
      `The first row must name the columns, among them "building" (others: ${LOCATION_KINDS.slice(1).join(', ')}, service line, hours). It says: ${found}`,
    ])
  }
  return rows.map(({ line, cells }) => ({
    row: line,
    cells: Object.fromEntries(
      cells.flatMap((cell, at) => {
        const name = names[at]
        return name === undefined ? [] : [[name, cell] as const]
      }),
    ),
  }))
}

function parseLines(csv: string): readonly { readonly line: number; readonly cells: string[] }[] {
  const [head = ''] = csv.split('\n', 1)
  const delimiter = [';', '\t', ','].find((letter) => head.includes(letter)) ?? ','
  try {
    const records = parse(csv, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as readonly { info: { lines: number }; record: string[] }[]
    return records.map(({ info, record }) => ({ line: info.lines, cells: record }))
  } catch (error) {
    throw new ApiError('invalid-input', [`This is not CSV: ${(error as Error).message}`])
  }
}
