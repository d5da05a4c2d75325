import { inflateRawSync } from 'node:zlib'
import readWorkbook from 'read-excel-file/node'
import { tableOf, UnusableTable, type TableFile } from './table-file.ts'

const MOST_UNPACKED = 600 * 1024 ** 2
const MOST_ENTRIES = 2000

/** Reads the fullest sheet of a workbook. Numbers stay as they are written, dates become ISO. */
export async function readXlsx(bytes: Uint8Array): Promise<TableFile> {
  demandSmallArchive(bytes)
  const sheets = await open(bytes)
  const [best] = sheets.toSorted(
    (a, b) => b.data.length * (b.data[0]?.length ?? 0) - a.data.length * (a.data[0]?.length ?? 0),
  )
  if (best === undefined) throw new UnusableTable('The workbook has no sheet.')
  const lines = best.data.map((row) => row.map(textOf))
  const more =
    sheets.length > 1
      ? [`Of ${sheets.length} sheets the fullest was read: ${best.sheet}.`]
      : [`Read sheet ${best.sheet}.`]
  return tableOf('xlsx', lines, more)
}

async function open(bytes: Uint8Array) {
  try {
    return await readWorkbook<string>(Buffer.from(bytes), {
      parseNumber: (text) => text,
      trim: false,
    })
  } catch (error) {
    throw new UnusableTable(
      `The workbook cannot be read (${(error as Error).message.slice(0, 120)}): open it, save it as .xlsx or CSV, and try again.`,
    )
  }
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date)
    return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10)
  if (typeof cell === 'string') return cell
  return typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : ''
}

/**
 * A workbook is a ZIP archive; one that was made to unpack without end is refused before it is opened. Sizes are read
 * from its directory (APPNOTE 4.3.12), and each part is unpacked once to see whether it is as large as it says.
 */
function demandSmallArchive(bytes: Uint8Array): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = view.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || end + 20 > view.length)
    throw new UnusableTable('The workbook is cut short: fetch it again.')
  const count = view.readUInt16LE(end + 10)
  let at = view.readUInt32LE(end + 16)
  let unpacked = 0
  const parts: Part[] = []
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== 0x02014b50)
      throw new UnusableTable('The workbook is damaged: fetch it again.')
    unpacked += view.readUInt32LE(at + 24)
    parts.push({
      method: view.readUInt16LE(at + 10),
      packed: view.readUInt32LE(at + 20),
      unpacked: view.readUInt32LE(at + 24),
      start: view.readUInt32LE(at + 42),
    })
    at += 46 + view.readUInt16LE(at + 28) + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32)
  }
  const isBomb =
    count > MOST_ENTRIES ||
    unpacked > MOST_UNPACKED ||
    (unpacked > 50_000_000 && unpacked > view.length * 200)
  if (isBomb)
    throw new UnusableTable(
      'The workbook unpacks to far more than a table needs: save the sheet alone, as CSV.',
    )
  for (const part of parts) demandTrueSize(view, part)
}

interface Part {
  readonly method: number
  readonly packed: number
  readonly unpacked: number
  readonly start: number
}

const DEFLATED = 8

function demandTrueSize(view: Buffer, { method, packed, unpacked, start }: Part): void {
  if (method !== DEFLATED || unpacked === 0) return
  if (start + 30 > view.length)
    throw new UnusableTable('The workbook is cut short: fetch it again.')
  const from = start + 30 + view.readUInt16LE(start + 26) + view.readUInt16LE(start + 28)
  try {
    inflateRawSync(view.subarray(from, from + packed), { maxOutputLength: unpacked })
  } catch (error) {
    const isLarger = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new UnusableTable(
      isLarger
        ? 'A part of the workbook unpacks to more than the workbook says: save the sheet alone, as CSV.'
        : 'The workbook is damaged: fetch it again.',
    )
  }
}
