import { serialOf } from '../identity/keys.ts'
import { normalizeName } from '../identity/vocabulary.ts'
import { cleanCell } from './clean.ts'
import { findDateOrder, type DateOrder, type FoundOrder } from './dates.ts'
import { IMPORT_FIELDS, type DeclaredDevice, type ImportField } from './fields.ts'
import type { Columns } from './mapping.ts'
import { readRow, type ReadingKnowledge } from './read-row.ts'

export interface ReadingSettings {
  readonly columns: Columns
  readonly dateOrder: DateOrder
}

/** One row of a file, read. Either `refusal` or `device` is there. */
export interface ReadRow {
  /** Line of the table as people count: the header is 1. */
  readonly row: number
  readonly nativeKey: string | undefined
  readonly device: DeclaredDevice | undefined
  readonly notes: readonly string[]
  /** Why the row cannot be used, and what to do. */
  readonly refusal: string | undefined
  /** An earlier row that says something else of the same device. */
  readonly conflictsWith: { readonly row: number; readonly key: string } | undefined
}

export interface TableReading {
  readonly rows: readonly ReadRow[]
  /** What was found out over whole columns, one sentence each. */
  readonly findings: readonly string[]
  /** Date columns whose day and month a person must put in order. */
  readonly unclearDates: readonly ImportField[]
}

/** Reads a whole file: what one row cannot tell (the order of dates, swapped columns, duplicates) all rows can. */
export function readTable(
  rows: readonly (readonly string[])[],
  settings: ReadingSettings,
  knowledge: ReadingKnowledge,
): TableReading {
  const { orders, findings, unclear } = orderDates(rows, settings)
  const shapes = learnShapes(rows, settings.columns)
  const seen = new Map<string, { readonly row: number; readonly text: string }>()
  let swapped = 0
  const read = rows.map((cells, index): ReadRow => {
    const row = index + 2
    if (cells.every((cell) => cleanCell(cell).value === undefined))
      return refused(row, [], 'The row is empty.')
    const parts = readRow(cells, settings.columns, orders, knowledge)
    const { device, note } = unswap(parts.device, shapes)
    if (note !== undefined) swapped++
    const notes = note === undefined ? parts.notes : [...parts.notes, note]
    const nativeKey = nativeKeyOf(device)
    if (nativeKey === undefined)
      return refused(
        row,
        notes,
        'Nothing tells this device from others: the row needs a tag, a serial number with its maker, or a MAC address.',
      )
    const twin = findTwin(seen, row, nativeKey, device)
    if (twin?.isSame)
      return refused(row, notes, `The same as row ${twin.row}: it adds nothing and was left out.`)
    const conflictsWith = twin === undefined ? undefined : { row: twin.row, key: twin.key }
    return { row, nativeKey, device, notes, refusal: undefined, conflictsWith }
  })
  if (swapped > 0)
    findings.push(
      `In ${swapped === 1 ? 'one row' : `${swapped} rows`} serial number and tag stood in each other's column; they were put right.`,
    )
  return { rows: read, findings, unclearDates: unclear }
}

function refused(row: number, notes: readonly string[], refusal: string): ReadRow {
  return { row, nativeKey: undefined, device: undefined, notes, refusal, conflictsWith: undefined }
}

/** Settles day and month for each date column; one that fits both ways follows the others of the file. */
function orderDates(rows: readonly (readonly string[])[], { columns, dateOrder }: ReadingSettings) {
  const findings: string[] = []
  const unclear: ImportField[] = []
  const orders = new Map<ImportField, FoundOrder>()
  const fields = (Object.entries(columns) as [ImportField, number][]).filter(
    ([field]) => IMPORT_FIELDS[field] === 'date',
  )
  for (const [field, index] of fields) orders.set(field, findDateOrder(cellsOf(rows, index)))
  const sure = new Set(
    [...orders.values()].filter((order) => order === 'day-first' || order === 'month-first'),
  )
  for (const [field, order] of orders) {
    if (order !== 'unclear' && order !== 'mixed') continue
    const [only] = sure
    if (dateOrder !== 'auto') {
      orders.set(field, dateOrder)
      findings.push(
        `${field}: read with the ${dateOrder === 'day-first' ? 'day' : 'month'} first, as you said.`,
      )
    } else if (order === 'unclear' && sure.size === 1 && only !== undefined) {
      orders.set(field, only)
      findings.push(
        `${field}: read with the ${only === 'day-first' ? 'day' : 'month'} first, as the other dates of the file.`,
      )
    } else {
      unclear.push(field)
      findings.push(
        order === 'mixed'
          ? `${field}: some dates have the day first, some the month; those that fit both ways were left out.`
          : `${field}: every date fits with the day or the month first; say which, or they are left out.`,
      )
    }
  }
  return { orders, findings, unclear }
}

function* cellsOf(rows: readonly (readonly string[])[], index: number): Generator<string> {
  for (const cells of rows) {
    const value = cleanCell(cells[index] ?? '').value
    if (value !== undefined) yield value
  }
}

interface Shapes {
  readonly tag: string | undefined
  readonly serial: string | undefined
}

/** Letters and digits of a code by kind and number: `BM-004211` is `A2-96`. */
function shapeOf(code: string): string {
  return code
    .toUpperCase()
    .replace(/[A-Z]+/g, (run) => `A${run.length}`)
    .replace(/\d+(?![A-Z])/g, (run, at, whole) => {
      // The lengths that the first step wrote stay.
      return at > 0 && whole[at - 1] === 'A' ? run : `9${run.length}`
    })
}

/** The shape that most codes of a column have; tags of one hospital are alike, serial numbers of many makers are not. */
function learnShapes(rows: readonly (readonly string[])[], columns: Columns): Shapes {
  const { tag, serial } = columns
  if (tag === undefined || serial === undefined) return { tag: undefined, serial: undefined }
  return { tag: usualShape(rows, tag), serial: usualShape(rows, serial) }
}

function usualShape(rows: readonly (readonly string[])[], index: number): string | undefined {
  const counts = new Map<string, number>()
  let total = 0
  for (const cell of cellsOf(rows, index)) {
    total++
    const shape = shapeOf(cell)
    counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1])
  return best !== undefined && total >= 10 && best[1] >= total * 0.6 ? best[0] : undefined
}

/** Puts serial and tag right where the serial has the shape of the hospital's tags and the tag has not. */
function unswap(
  device: DeclaredDevice,
  shapes: Shapes,
): { readonly device: DeclaredDevice; readonly note?: string } {
  const { tag, serial } = device
  if (
    tag === undefined ||
    serial === undefined ||
    shapes.tag === undefined ||
    shapes.tag === shapes.serial
  )
    return { device }
  if (shapeOf(tag) === shapes.tag || shapeOf(serial) !== shapes.tag) return { device }
  return {
    device: { ...device, tag: serial, serial: tag },
    note: "serial and tag stood in each other's column; put right.",
  }
}

/** The key of the row in its own system. A short serial number alone tells nothing. */
export function nativeKeyOf(device: DeclaredDevice): string | undefined {
  const { id, tag, serial, manufacturer, macs } = device
  if (id !== undefined) return `id:${id.toLowerCase()}`
  if (tag !== undefined) return `tag:${tag.toLowerCase()}`
  const key = serialKeyOf(serial, manufacturer)
  if (key !== undefined) return key
  return macs?.[0] === undefined ? undefined : `mac:${macs[0]}`
}

/** Serial number with its maker, where it is long enough to tell devices apart. */
export function serialKeyOf(
  serial: string | undefined,
  maker: string | undefined,
): string | undefined {
  const code = serial === undefined ? undefined : serialOf(serial)
  if (code === undefined) return undefined
  return maker === undefined ? `serial:${code}` : `serial:${normalizeName(maker)}/${code}`
}

/** An earlier row about the same device, by any key that only one device can have. */
function findTwin(
  seen: Map<string, { readonly row: number; readonly text: string }>,
  row: number,
  nativeKey: string,
  device: DeclaredDevice,
) {
  const serial = serialKeyOf(device.serial, device.manufacturer)
  const tag = device.tag === undefined ? undefined : `tag:${device.tag.toLowerCase()}`
  const keys = [nativeKey, tag, serial, ...(device.macs ?? []).map((mac) => `mac:${mac}`)].filter(
    (key) => key !== undefined,
  )
  const text = JSON.stringify(Object.entries(device).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const key = keys.find((one) => seen.has(one))
  const twin = key === undefined ? undefined : seen.get(key)
  if (twin !== undefined && key !== undefined)
    return { row: twin.row, key, isSame: twin.text === text }
  for (const one of keys) seen.set(one, { row, text })
  return undefined
}
