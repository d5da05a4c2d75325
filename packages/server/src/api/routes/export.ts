import { Readable } from 'node:stream'
import { ASSET_EXPORT_PATH, listAssets as listRoute } from '@wardkeeper/contract'
import { stringify } from 'csv-stringify'
import writeExcelFile from 'write-excel-file/node'
import type { AssetRecord } from '../../store/assets.ts'
import { listAssets } from '../../store/asset-list.ts'
import { readCustomFields } from '../../store/asset-lists.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { isoOf } from '../views.ts'

const PAGE = 2000
/** A sheet is built in memory; a larger inventory leaves as CSV, which is streamed. */
const MOST_SHEET_ROWS = 100_000

type Cell = string | number

type Column = readonly [head: string, cell: (row: AssetRecord) => Cell | null | undefined]

const COLUMNS: readonly Column[] = [
  ['Id', (row) => row.id],
  ['Device', (row) => row.label],
  ['Type', (row) => row.type],
  ['Category', (row) => row.category],
  ['Maker', (row) => row.manufacturer],
  ['Model', (row) => row.model],
  ['Serial number', (row) => row.serial],
  ['Firmware', (row) => row.firmware],
  ['Operating system', (row) => row.os],
  ['Unit', (row) => row.unit],
  ['Room', (row) => row.room],
  ['Owner', (row) => row.owner],
  ['Contract', (row) => row.contract],
  ['Warranty until', (row) => row.warranty_until],
  ['State', (row) => row.state],
  ['In use', (row) => row.in_use],
  ['Addresses', (row) => row.ips.join(' ')],
  ['MACs', (row) => row.macs.join(' ')],
  ['Critical findings', (row) => row.findings_critical],
  ['High findings', (row) => row.findings_high],
  ['First seen', (row) => isoOf(row.first_seen)],
  ['Last seen', (row) => isoOf(row.last_seen)],
  ['Tags', (row) => row.tags.join(' ')],
]

/** A column for each field that the hospital added itself. */
function columnsWith(fields: readonly { readonly key: string; readonly label: string }[]) {
  const own = fields.map(({ key, label }): Column => [
    label,
    (row) => (row.custom as Record<string, string>)[key],
  ])
  return [...COLUMNS, ...own]
}

/** The inventory as a file, filtered as the list is. */
export const exportRoutes: Routes = (_serve, { database: { db }, siteId }, app) => {
  const options = { config: { permission: 'assets:read' }, schema: { hide: true } } as const
  app.get<{ Querystring: Record<string, unknown> }>(
    ASSET_EXPORT_PATH,
    options,
    async (request, reply) => {
      const { format = 'csv', ...raw } = request.query
      const query = listRoute.query.safeParse({ ...raw, limit: undefined, cursor: undefined })
      if (!query.success || (format !== 'csv' && format !== 'xlsx')) {
        throw new ApiError('invalid-input', ['format must be csv or xlsx, filters as in the list'])
      }
      const sites = request.actor?.sites
      const rows = readAll((cursor) => {
        const page = cursor === undefined ? {} : { cursor }
        return listAssets(db, sites, { ...query.data, ...page, limit: PAGE })
      })
      const columns = columnsWith(await readCustomFields(db, siteId))
      reply.header('content-disposition', `attachment; filename="devices.${format}"`)
      if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(csvOf(rows, columns))
      return reply
        .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
        .send(await sheetOf(rows, columns))
    },
  )
}

type Pages = (cursor: string | undefined) => ReturnType<typeof listAssets>

async function* readAll(read: Pages): AsyncGenerator<AssetRecord> {
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    yield* page.items
    cursor = page.next
  } while (cursor !== undefined)
}

function cellsOf(row: AssetRecord, columns: readonly Column[]): Cell[] {
  return columns.map(([, cell]) => cell(row) ?? '')
}

function csvOf(rows: AsyncIterable<AssetRecord>, own: readonly Column[]): Readable {
  // A device that calls itself `=cmd|..` must stay a name when a spreadsheet opens the file.
  const csv = stringify({
    header: true,
    columns: own.map(([head], at) => ({ key: String(at), header: head })),
    escape_formulas: true,
    bom: true,
  })
  const cells = async function* () {
    for await (const row of rows) yield cellsOf(row, own)
  }
  return Readable.from(cells())
    .on('error', (error) => csv.destroy(error))
    .pipe(csv)
}

async function sheetOf(
  rows: AsyncIterable<AssetRecord>,
  columns: readonly Column[],
): Promise<Buffer> {
  const sheet = [
    columns.map(([head]) => ({ value: head, fontWeight: 'bold' as const })),
  ] as unknown[][]
  for await (const row of rows) {
    if (sheet.length > MOST_SHEET_ROWS) {
      throw new ApiError('too-large', [
        `More than ${MOST_SHEET_ROWS} devices: take CSV, or filter.`,
      ])
    }
    // Text cells: a sheet takes what begins with "=" in them for text too.
    sheet.push(
      cellsOf(row, columns).map((value) =>
        typeof value === 'number' ? { value, type: Number } : { value, type: String },
      ),
    )
  }
  return await writeExcelFile(sheet as never).toBuffer()
}
