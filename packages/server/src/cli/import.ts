import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  checkColumns,
  DATE_ORDERS,
  guessColumns,
  IMPORT_FIELD_NAMES,
  isPatientColumn,
  type Columns,
} from '@wardkeeper/core'
import { pullSettings, pullTable, type PullSettings } from '../connectors/rest-pull.ts'
import { makeDownload } from '../feeds/download.ts'
import { FeedRefused } from '../feeds/feed.ts'
import { loadContent, readChecked, type Content } from '../content/load.ts'
import { runImportHere } from '../stages/run-import.ts'
import type { Db, Trx } from '../store/database.ts'
import { pickTemplate, planImport, prepareImport } from '../store/import-prepare.ts'
import {
  countRows,
  findImport,
  lockImport,
  readRows,
  updateImport,
  type ImportReading,
} from '../store/imports.ts'
import { ensureSite } from '../store/sites.ts'
import { readTableFile } from '../tables/read-table-file.ts'
import { UnusableTable, type TableFile } from '../tables/table-file.ts'
import { withDatabase, type AdministerOptions } from './administer.ts'
import { formatCount } from './terminal.ts'

export interface ImportOptions extends AdministerOptions {
  readonly template?: string
  readonly source?: string
  readonly dateOrder?: string
  readonly full?: boolean
  readonly dryRun?: boolean
}

const SITE = 'main'
const UNREADABLE = 3
const WRONG_USE = 2
const PROBLEMS_SHOWN = 10

/** Takes a table in from the command line; with `dryRun` says what would happen and leaves nothing behind. */
export async function importTable(
  file: string,
  contentFolder: string,
  options: ImportOptions,
): Promise<number> {
  const content = await loadContent(contentFolder)
  const wrong = findWrongUse(content, options)
  if (wrong !== undefined) return complain(wrong, WRONG_USE)
  const table = await read(file)
  if (typeof table === 'string') return complain(`${file}: ${table}`, UNREADABLE)
  const digest = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  return await takeIn({ name: path.basename(file), digest, table }, {}, content, options)
}

/**
 * Reads the inventory of another system through its REST interface, as the settings say, and takes it in like a table that was
 * handed in.
 */
export async function pullFrom(
  file: string,
  contentFolder: string,
  options: ImportOptions,
): Promise<number> {
  const content = await loadContent(contentFolder)
  let settings: PullSettings
  try {
    settings = await readChecked(file, pullSettings)
  } catch (error) {
    return complain((error as Error).message, WRONG_USE)
  }
  const choices: ImportOptions = {
    ...options,
    ...(settings.template === undefined ? {} : { template: settings.template }),
    ...(settings.source === undefined ? {} : { source: settings.source }),
    ...(settings.dateOrder === undefined ? {} : { dateOrder: settings.dateOrder }),
    full: options.full ?? settings.isFull ?? false,
  }
  const wrong = findWrongUse(content, choices)
  if (wrong !== undefined) return complain(`${file}: ${wrong}`, WRONG_USE)
  const isTold = options.json !== true && process.stderr.isTTY
  try {
    const { table, digest } = await pullTable(settings, makeDownload(), process.env, (rows) => {
      if (isTold) process.stderr.write(`\r${formatCount(rows, 'row')} `)
    })
    if (isTold) process.stderr.write('\n')
    const columns = columnsOf(settings, table.headers)
    return await takeIn({ name: settings.name, digest, table }, columns, content, choices)
  } catch (error) {
    if (error instanceof UnusableTable || error instanceof FeedRefused)
      return complain(`${settings.name}: ${error.message}`, UNREADABLE)
    throw error
  }
}

/** Columns that the settings name, over those that the template knows. Throws `UnusableTable` for one that is not there. */
function columnsOf(settings: PullSettings, headers: readonly string[]): Columns {
  const entries = Object.entries(settings.columns).map(([field, name]) => {
    const at = headers.indexOf(name)
    if (!IMPORT_FIELD_NAMES.some((one) => one === field))
      throw new UnusableTable(
        `"columns" names ${field}, which is no field: there are ${IMPORT_FIELD_NAMES.join(', ')}.`,
      )
    if (at < 0)
      throw new UnusableTable(
        `The rows have no column ${name}, which "columns" names: there are ${headers.join(', ')}.`,
      )
    if (isPatientColumn(name))
      throw new UnusableTable(
        `"columns" names ${name}, which may name a patient: such a column is never read. Take it out.`,
      )
    return [field, at] as const
  })
  return Object.fromEntries(entries)
}

function findWrongUse(content: Content, options: ImportOptions): string | undefined {
  const known = content.inventory.templates.map(({ id }) => id)
  if (options.template !== undefined && !known.includes(options.template))
    return `There is no template ${options.template}. There are: ${known.join(', ')}.`
  const isOrder = DATE_ORDERS.some((order) => order === options.dateOrder)
  if (options.dateOrder !== undefined && !isOrder)
    return `--date-order is one of ${DATE_ORDERS.join(', ')}.`
  return undefined
}

/** `columns` are those that were chosen by hand; the template finds the others. */
async function takeIn(
  { name, digest, table }: { name: string; digest: string; table: TableFile },
  columns: Columns,
  content: Content,
  options: ImportOptions,
): Promise<number> {
  const { template, common } = pickTemplate(
    content.inventory.templates,
    options.template ?? (table.kind === 'fhir' ? 'fhir' : undefined),
    table.headers,
  )
  const guessed = template === undefined ? {} : guessColumns(table.headers, template, common)
  return await withDatabase(options, async ({ db }) => {
    await ensureSite(db, { id: SITE, name: 'Hospital' })
    const choice = {
      template: options.template,
      source: options.source,
      dateOrder: DATE_ORDERS.find((order) => order === options.dateOrder),
      isFull: options.full,
      ...(Object.keys(columns).length === 0
        ? {}
        : { columns: checkColumns(table.headers, { ...guessed, ...columns }) }),
    }
    const prepare = (trx: Trx) =>
      prepareImport(
        trx,
        {
          siteId: SITE,
          name,
          digest,
          path: undefined,
          by: 'command line',
          table,
        },
        choice,
        content,
      )
    const summary =
      options.dryRun === true
        ? await rehearse(db, content, prepare)
        : await carryThrough(db, content, prepare, options.json !== true)
    report(summary, options)
    return 0
  })
}

interface Summary {
  readonly rows: number
  readonly counts: Readonly<Record<string, number>>
  readonly findings: readonly string[]
  readonly problems: readonly {
    readonly row: number
    readonly outcome: string
    readonly reasons: readonly string[]
  }[]
}

async function read(file: string): Promise<TableFile | string> {
  try {
    return await readTableFile(file)
  } catch (error) {
    if (error instanceof UnusableTable) return error.message
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'there is no such file'
    throw error
  }
}

class Rehearsed extends Error {}

/** Plans everything in a transaction that is rolled back. */
async function rehearse(
  db: Db,
  content: Content,
  prepare: (trx: Trx) => Promise<string>,
): Promise<Summary> {
  let summary: Summary | undefined
  try {
    await db.transaction().execute(async (trx) => {
      const id = await prepare(trx)
      const one = await lockImport(trx, id)
      if (one !== undefined) await planImport(trx, one, content)
      summary = await summarize(trx, id)
      throw new Rehearsed()
    })
  } catch (error) {
    if (!(error instanceof Rehearsed) || summary === undefined) throw error
  }
  return summary as Summary
}

async function carryThrough(
  db: Db,
  content: Content,
  prepare: (trx: Trx) => Promise<string>,
  isTold: boolean,
): Promise<Summary> {
  const id = await db.transaction().execute(async (trx) => {
    const made = await prepare(trx)
    await updateImport(trx, made, { state: 'running', startedAt: Date.now() })
    return made
  })
  await runImportHere(db, id, content.knowledge, content.inventory, (position) => {
    if (isTold) process.stderr.write(`\rrow ${position} `)
  })
  if (isTold) process.stderr.write('\n')
  return await summarize(db, id)
}

async function summarize(db: Db | Trx, id: string): Promise<Summary> {
  const one = await findImport(db, undefined, id)
  const rows = await readRows(db, id, 0, 250_000)
  const problems = rows.filter(({ outcome }) => outcome === 'refused' || outcome === 'queued')
  return {
    rows: one?.rows ?? 0,
    counts: await countRows(db, id),
    findings: (one?.reading as ImportReading | undefined)?.findings ?? [],
    problems: problems.slice(0, PROBLEMS_SHOWN).map(({ row, outcome, reasons }) => ({
      row,
      outcome,
      reasons: reasons as readonly string[],
    })),
  }
}

function report(summary: Summary, options: ImportOptions): void {
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ isDryRun: options.dryRun === true, ...summary })}\n`)
    return
  }
  const { counts } = summary
  const lines = [
    `${formatCount(summary.rows, 'row')}${options.dryRun === true ? ' (dry run: nothing was done)' : ''}`,
    ...['created', 'matched', 'updated', 'unchanged', 'queued', 'refused'].map(
      (name) => `  ${name.padEnd(10)}${(counts[name] ?? 0).toLocaleString('en')}`,
    ),
    ...summary.findings.map((finding) => `  ${finding}`),
    ...summary.problems.map(
      ({ row, outcome, reasons }) => `  row ${row} ${outcome}: ${reasons.join(' ')}`,
    ),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function complain(message: string, code: number): number {
  process.stderr.write(`wardkeeper: ${message}\n`)
  return code
}
