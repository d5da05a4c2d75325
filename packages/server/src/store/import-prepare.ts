import {
  checkColumns,
  compileTypeWords,
  guessColumns,
  guessTemplate,
  isPatientColumn,
  readTable,
  type Columns,
  type DateOrder,
  type ImportTemplate,
  type Knowledge,
  type MatchSettings,
  type ReadingKnowledge,
} from '@wardkeeper/core'
import { readGs1 } from '../tables/gs1.ts'
import type { TableFile } from '../tables/table-file.ts'
import type { Trx } from './database.ts'
import { planRows } from './import-plan.ts'
import {
  addImport,
  countRows,
  readRows,
  saveDecisions,
  saveReadRows,
  updateImport,
  type ImportReading,
  type ImportRecord,
} from './imports.ts'
import { newId } from './uuid.ts'

/** What preparing an import needs to know. */
export interface ImportContent {
  readonly knowledge: Knowledge
  readonly inventory: {
    readonly templates: readonly ImportTemplate[]
    readonly matching: MatchSettings
  }
}

/** What a person says of a file; what is left out is guessed. */
export interface ImportChoice {
  readonly template?: string | undefined
  readonly source?: string | undefined
  readonly columns?: Columns | undefined
  readonly dateOrder?: DateOrder | undefined
  readonly isFull?: boolean | undefined
}

const words = new WeakMap<object, ReadingKnowledge>()

/** What reading rows needs; compiled once for each vocabulary. */
export function readingKnowledge({ vocabulary }: Knowledge): ReadingKnowledge {
  const known = words.get(vocabulary)
  if (known !== undefined) return known
  const made = { vocabulary, typeOf: compileTypeWords(vocabulary), gs1: readGs1 }
  words.set(vocabulary, made)
  return made
}

/** The template that was chosen, else the one that fits the headers, else the common one. */
export function pickTemplate(
  templates: readonly ImportTemplate[],
  id: string | undefined,
  headers: readonly string[],
) {
  const common = templates.find((template) => template.id === 'generic')
  const chosen = templates.find((template) => template.id === id)
  // A table is no FHIR bundle, however its columns are called.
  const others = templates.filter(({ id: name }) => name !== 'generic' && name !== 'fhir')
  return { template: chosen ?? guessTemplate(headers, others) ?? common, common }
}

/** Takes a table in as an import that waits for a person to look at it: read, staged and planned, nothing done. */
export async function prepareImport(
  trx: Trx,
  file: {
    readonly siteId: string
    readonly name: string
    readonly digest: string
    readonly path: string | undefined
    readonly by: string
    readonly table: TableFile
  },
  choice: ImportChoice,
  content: ImportContent,
): Promise<string> {
  const { headers, rows, findings, kind } = file.table
  const { template, common } = pickTemplate(
    content.inventory.templates,
    choice.template ?? (kind === 'fhir' ? 'fhir' : undefined),
    headers,
  )
  const columns =
    choice.columns ?? (template === undefined ? {} : guessColumns(headers, template, common))
  const id = newId()
  await addImport(trx, {
    id,
    siteId: file.siteId,
    source: choice.source ?? template?.id ?? 'generic',
    name: file.name,
    digest: file.digest,
    path: file.path,
    template: template?.id ?? 'generic',
    reading: {
      headers,
      columns,
      dateOrder: choice.dateOrder ?? 'auto',
      findings,
      unclearDates: [],
      examples: [],
    },
    isFull: choice.isFull ?? template?.isFull ?? false,
    rows: rows.length,
    byName: file.by,
  })
  await stageRows(
    trx,
    { id, siteId: file.siteId },
    file.table,
    {
      headers,
      columns,
      dateOrder: choice.dateOrder ?? 'auto',
      findings,
      unclearDates: [],
      examples: [],
    },
    content,
  )
  return id
}

/** Reads the rows of an import anew under another mapping. */
export async function stageRows(
  trx: Trx,
  one: { readonly id: string; readonly siteId: string },
  table: TableFile,
  reading: ImportReading,
  content: ImportContent,
): Promise<void> {
  const columns = checkColumns(table.headers, reading.columns)
  const read = readTable(
    table.rows,
    { columns, dateOrder: reading.dateOrder },
    readingKnowledge(content.knowledge),
  )
  await saveReadRows(trx, one.siteId, one.id, read.rows)
  const patients = table.headers.filter(isPatientColumn)
  const findings = [
    ...table.findings,
    ...read.findings,
    ...(patients.length === 0
      ? []
      : [`Not read, because it may name a patient: ${patients.join(', ')}.`]),
  ]
  await updateImport(trx, one.id, {
    state: 'ready',
    reading: {
      ...reading,
      columns,
      findings,
      unclearDates: read.unclearDates,
      examples: examplesOf(table, columns),
    },
  })
}

const CHUNK = 2000

/** The dry run: decides every row as the import would, and does nothing but write down what would happen. */
export async function planImport(
  trx: Trx,
  one: ImportRecord,
  content: ImportContent,
): Promise<Readonly<Record<string, number>>> {
  const taken = new Map<string, number>()
  const target = {
    siteId: one.site_id,
    source: one.source,
    importId: one.id,
    settings: content.inventory.matching,
  }
  for (let from = 0; ;) {
    const rows = await readRows(trx, one.id, from, CHUNK)
    const last = rows.at(-1)
    if (last === undefined) break
    await saveDecisions(trx, one.id, await planRows(trx, target, rows, taken), false)
    from = last.row + 1
  }
  const counts = await countRows(trx, one.id)
  await updateImport(trx, one.id, { counts })
  return counts
}

/** Some values of the columns that are read; of the others nothing is kept: nobody said what they hold. */
function examplesOf(
  { headers, rows }: TableFile,
  columns: Columns,
): readonly (readonly string[])[] {
  const mapped = new Set(Object.values(columns))
  return headers.map((header, at) => {
    if (!mapped.has(at) || isPatientColumn(header)) return []
    const found = new Set<string>()
    for (const row of rows) {
      const cell = (row[at] ?? '').trim()
      if (cell !== '') found.add(cell.slice(0, 60))
      if (found.size === 3) break
    }
    return [...found]
  })
}
