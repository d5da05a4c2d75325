import { spawn } from 'node:child_process'
import {
  BadDocument,
  parseMds2,
  rowsOfText,
  type Mds2Form,
  type Rows,
  type SbomHint,
} from '@wardkeeper/core'
import { XMLParser } from 'fast-xml-parser'
import { readCsv } from './sources/makers.ts'
import { readZip } from './zip.ts'

const MAX = 50_000_000
const MAX_ROWS = 20_000
const PDF_MS = 20_000

/** A filled MDS2 form: XLSX or CSV; the text of a PDF as a second try. */
export async function readMds2(bytes: Uint8Array, hint: SbomHint): Promise<Mds2Form> {
  return parseMds2(await rowsOf(bytes), hint)
}

async function rowsOf(bytes: Uint8Array): Promise<Rows> {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1')
  if (head.startsWith('PK')) return readSheets(bytes)
  if (head.startsWith('%PDF')) return rowsOfText(await textOfPdf(bytes))
  if (head.startsWith('\xd0\xcf\x11\xe0')) {
    throw new BadDocument('This is a workbook of the old kind (.xls). Save it as .xlsx.')
  }
  return readCsv(bytes)
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@_',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  removeNSPrefix: true,
  processEntities: true,
})

/** All sheets of a workbook as rows of texts (ECMA-376, 18.3 and 18.4). */
export function readSheets(bytes: Uint8Array): Rows {
  const entries = readZip(bytes, MAX)
  const read = (name: string) => {
    const entry = entries.find((one) => one.name === name)
    return entry === undefined ? undefined : parseXml(Buffer.from(entry.read()).toString('utf8'))
  }
  const shared = listOf(at(read('xl/sharedStrings.xml'), 'sst', 'si')).map(textOf)
  const sheets = entries
    .map(({ name }) => name)
    .filter((name) => /^xl\/worksheets\/[^/]+\.xml$/.test(name))
    .toSorted()
  if (sheets.length === 0)
    throw new BadDocument('This is no workbook: it has no sheet. Save it as .xlsx.')
  const rows: string[][] = []
  for (const sheet of sheets) {
    for (const row of listOf(at(read(sheet), 'worksheet', 'sheetData', 'row'))) {
      if (rows.length >= MAX_ROWS)
        throw new BadDocument('The workbook has too many rows for a form.')
      rows.push(cellsOf(row, shared))
    }
  }
  return rows
}

function parseXml(text: string): unknown {
  try {
    return parser.parse(text)
  } catch (error) {
    throw new BadDocument(
      `The workbook is damaged: ${error instanceof Error ? error.message.slice(0, 120) : ''}`,
    )
  }
}

/** Cells by their column: empty ones are left out of the file. */
function cellsOf(row: unknown, shared: readonly string[]): string[] {
  const cells: string[] = []
  for (const cell of listOf(at(row, 'c'))) {
    const column = columnOf(plain(at(cell, '@_r')))
    if (column === undefined || column > 500) continue
    while (cells.length < column) cells.push('')
    const kind = at(cell, '@_t')
    const value = plain(at(cell, 'v'))
    cells[column] =
      kind === 's'
        ? (shared[Number(value)] ?? '')
        : kind === 'inlineStr'
          ? textOf(at(cell, 'is'))
          : value
  }
  return cells
}

/** `AB12` is column 27, counted from 0. */
function columnOf(reference: string): number | undefined {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference)?.[1]
  if (letters === undefined) return undefined
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

/** Plain text, or the runs of a rich one. */
function textOf(item: unknown): string {
  const runs = listOf(at(item, 'r'))
  if (runs.length > 0) return runs.map((run) => plain(at(run, 't'))).join('')
  return plain(at(item, 't'))
}

function plain(value: unknown): string {
  const text = typeof value === 'object' ? at(value, '#text') : value
  return typeof text === 'string' ? text : typeof text === 'number' ? `${text}` : ''
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (part, name) =>
      typeof part === 'object' && part !== null ? Reflect.get(part, name) : undefined,
    value,
  )
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === '' ? [] : [value]
}

/** Text of a PDF by pdftotext (poppler-utils), which runs with nothing but the file. */
async function textOfPdf(bytes: Uint8Array): Promise<string> {
  const child = spawn('pdftotext', ['-layout', '-q', '-enc', 'UTF-8', '-', '-'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: PDF_MS,
    env: { PATH: process.env.PATH },
  })
  const chunks: Buffer[] = []
  let size = 0
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= MAX) chunks.push(chunk)
    else child.kill()
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(bytes)
  const code = await new Promise<number | undefined>((resolve) => {
    child.on('error', () => resolve(undefined))
    child.on('close', (status) => resolve(status ?? 1))
  })
  if (code === undefined) {
    throw new BadDocument(
      'Reading a PDF needs pdftotext (package poppler-utils). Install it, or hand in the form as .xlsx or .csv.',
    )
  }
  const text = Buffer.concat(chunks).toString('utf8')
  if (code !== 0 || text.trim() === '') {
    throw new BadDocument(
      'No text could be read out of this PDF: it may be a scan. Ask the maker for the form as .xlsx.',
    )
  }
  return text
}
