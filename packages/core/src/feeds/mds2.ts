import { BadDocument, dayOf } from './facts.ts'
import type { SbomHint } from './sbom.ts'
import type { Rows } from './tables.ts'

export const MDS2_ANSWERS = [
  'yes',
  'no',
  'not-applicable',
  'see-note',
  'text',
  'unanswered',
] as const
/** Unanswered is not "no": nothing was claimed. */
export type Mds2Answer = (typeof MDS2_ANSWERS)[number]

export interface Mds2Claim {
  /** Id of the question, `RMOT-1` (2019) or `20-1` (2013). */
  readonly id: string
  readonly answer: Mds2Answer
  /** The answer as the form has it. */
  readonly raw: string
  readonly note?: string
}

/** A manufacturer's disclosure statement for medical device security (ANSI/NEMA HN 1), per maker, model, versions. */
export interface Mds2Form {
  readonly id: string
  readonly edition: '2013' | '2019'
  readonly manufacturer: string
  readonly models: readonly string[]
  /** Range text of software versions; `vers:all/*` where the form names none. */
  readonly range: string
  readonly documentId: string
  /** ISO date. */
  readonly released?: string
  readonly claims: readonly Mds2Claim[]
}

const ID_2019 =
  /^(DOC|MPII|ALOF|AUDT|AUTH|CSUP|DIDT|DTBK|EMRG|IGAU|MLDP|NAUT|CONN|PAUT|PLOK|RDMP|SBOM|SAHD|SHAD|SGUD|STCF|TXCF|TXIG|RMOT)-\d+(?:\.\d+)*$/
const ID_2013 = /^(?:[A-F](?:\.\d+)?|(?:[1-9]|1\d|20)-\d+(?:\.\d+)?)$/

/** Reads a filled form out of the rows of its sheets (or the lines of its text, cut into cells). */
export function parseMds2(rows: Rows, hint: SbomHint = {}): Mds2Form {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll(/\s+/g, ' ').trim()))
  const edition = editionOf(cells)
  if (edition === undefined) {
    throw new BadDocument(
      'No question of an MDS2 form of 2013 or 2019 was found. Is this the filled form?',
    )
  }
  const pattern = edition === '2019' ? ID_2019 : ID_2013
  const claims = new Map<string, Mds2Claim>()
  for (const row of cells) {
    const place = row.findIndex((cell) => pattern.test(cell.toUpperCase()))
    if (place < 0) continue
    // Printed forms have SHAD-15 for SAHD-15.
    const id = (row[place] ?? '').toUpperCase().replace('SHAD-', 'SAHD-')
    const claim = claimOf(id, row.slice(place + 1))
    if ((claims.get(id)?.answer ?? 'unanswered') === 'unanswered') claims.set(id, claim)
  }
  const head = headOf(cells, claims)
  const manufacturer = hint.manufacturer ?? head.manufacturer
  const models = hint.model === undefined ? splitModels(head.model) : [hint.model]
  if (manufacturer === '' || models.length === 0) {
    throw new BadDocument('The form names no maker or no model. Enter both by hand.')
  }
  const range = hint.version ?? head.version
  return {
    id: `mds2:${manufacturer}/${models.join(',')}/${range}/${head.documentId}`.slice(0, 300),
    edition,
    manufacturer,
    models,
    range: range === '' ? 'vers:all/*' : range,
    documentId: head.documentId,
    ...(head.released !== undefined && { released: head.released }),
    claims: [...claims.values()],
  }
}

function editionOf(rows: Rows): Mds2Form['edition'] | undefined {
  const found = { '2019': 0, '2013': 0 }
  for (const cell of rows.flat()) {
    if (ID_2019.test(cell.toUpperCase())) found['2019']++
    else if (/^\d{1,2}-\d/.test(cell) && ID_2013.test(cell)) found['2013']++
  }
  if (found['2019'] >= 5) return '2019'
  return found['2013'] >= 5 ? '2013' : undefined
}

/** The answer is the first cell after the question that looks like one; what follows it is the note. */
function claimOf(id: string, cells: readonly string[]): Mds2Claim {
  const place = cells.findIndex((cell) => isPlainAnswer(cell))
  if (place >= 0) {
    const raw = cells[place] ?? ''
    const note = cells
      .slice(place + 1)
      .filter((cell) => !isBlank(cell))
      .join('; ')
    return { id, answer: normalise(raw), raw, ...(note !== '' && { note }) }
  }
  // The first cell is the question itself; a text answer stands in the next.
  const raw = cells.slice(1).find((cell) => !isBlank(cell)) ?? ''
  return { id, answer: raw === '' ? 'unanswered' : 'text', raw }
}

function isPlainAnswer(cell: string): boolean {
  return (
    /^(?:yes|no|n\/?a|not applicable|see notes?)(?:$|[\s,:;.(-])/i.test(cell) &&
    cell.length < 400 &&
    !cell.endsWith('?')
  )
}

function isBlank(cell: string): boolean {
  return /^[_\s.–—-]*$/.test(cell)
}

/** `Yes,LDAP`, `No: no end-of-life components`, `N/A`, `See Note 3`, `____`. */
export function normalise(raw: string): Mds2Answer {
  const text = raw.trim().toLowerCase()
  if (isBlank(text)) return 'unanswered'
  if (/^n\/?a\b|^not applicable/.test(text)) return 'not-applicable'
  if (/^see notes?/.test(text)) return 'see-note'
  if (/^yes\b/.test(text)) return 'yes'
  return /^no\b/.test(text) ? 'no' : 'text'
}

interface Head {
  readonly manufacturer: string
  readonly model: string
  readonly version: string
  readonly documentId: string
  readonly released: string | undefined
}

function headOf(rows: Rows, claims: ReadonlyMap<string, Mds2Claim>): Head {
  const at = (id: string, ...labels: RegExp[]) => claims.get(id)?.raw || labelled(rows, labels)
  const said = at('DOC-7', /^document release date/i)
  return {
    manufacturer: at('DOC-1', /^(?:device )?manufacturer(?: name)?:?$/i),
    model: at('DOC-3', /^(?:device )?model:?$/i),
    version: labelled(rows, [
      /^software (?:revision|version|release):?$/i,
      /^(?:firmware )?version:?$/i,
    ]),
    documentId: at('DOC-4', /^document id:?$/i),
    released: dayOf(said) ?? americanDay(said),
  }
}

/** The value beside a label, or below it where the cell beside is another label (the form of 2013). */
function labelled(rows: Rows, labels: readonly RegExp[]): string {
  for (const [index, row] of rows.entries()) {
    const place = row.findIndex((cell) => labels.some((label) => label.test(cell)))
    if (place < 0) continue
    const beside = row.slice(place + 1).find((cell) => !isBlank(cell))
    if (beside !== undefined && !LABEL.test(beside)) return beside
    const below = rows[index + 1]?.[place] ?? ''
    if (!isBlank(below)) return below
  }
  return ''
}

const LABEL =
  /^(?:device (?:model|description)|manufacturer|document (?:id|release date)|software (?:revision|release date)|model)/i

function americanDay(text: string): string | undefined {
  const found = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(text)
  if (!found) return undefined
  return dayOf(
    `${found[3]}-${(found[1] ?? '').padStart(2, '0')}-${(found[2] ?? '').padStart(2, '0')}`,
  )
}

function splitModels(text: string): readonly string[] {
  return [
    ...new Set(
      text
        .split(/[,;\n]/)
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    ),
  ]
}

/** Lines of text with columns kept apart by two or more blanks, as `pdftotext -layout` writes them. */
export function rowsOfText(text: string): Rows {
  return text.split(/\r?\n/).map((line) => {
    const cells = line.trim().split(/\s{2,}|\t/)
    const [first = '', ...rest] = cells
    // One blank only between id and question.
    const joined = /^(\S+)\s+(.+)$/.exec(first)
    const isId = joined !== null && (ID_2019.test(joined[1] ?? '') || ID_2013.test(joined[1] ?? ''))
    return isId ? [joined[1] ?? '', joined[2] ?? '', ...rest] : cells
  })
}
