import type { SupportDate } from '../vocabulary.ts'
import {
  BadDocument,
  dayOf,
  isCve,
  type BadRecord,
  type ParsedDocument,
  type Patch,
} from './facts.ts'

/** Rows of a table as texts, the header first; of CSV or of a sheet. */
export type Rows = readonly (readonly string[])[]

type Column = Readonly<Record<string, readonly string[]>>

const PATCH_COLUMNS = {
  manufacturer: ['manufacturer', 'maker', 'vendor', 'oem', 'make'],
  model: ['model', 'product', 'model name'],
  fromVersion: [
    'from version',
    'affected versions',
    'applies to',
    'versions',
    'version range',
    'from',
  ],
  toVersion: ['to version', 'fixed version', 'new version', 'patch version', 'to'],
  kind: ['kind', 'type'],
  cves: ['cves', 'cve', 'vulnerabilities'],
  advisories: ['advisories', 'advisory', 'advisory id', 'recall'],
  validated: ['validated', 'validated on', 'approved', 'approval date', 'oem validated', 'date'],
  reference: ['reference', 'patch', 'patch id', 'kb', 'bulletin', 'link', 'url'],
  minutes: ['minutes', 'duration', 'time', 'install minutes'],
} as const satisfies Column

/** A maker's list of patches that it validated for its devices, as a table. */
export function parsePatches(rows: Rows, source: string): ParsedDocument {
  const get = columnReader(rows, PATCH_COLUMNS, ['manufacturer', 'model', 'reference'])
  const { made: patches, bad } = readRows(rows, get, (own) => patchOf(own, source))
  return { facts: { patches }, bad }
}

function patchOf(
  get: (name: keyof typeof PATCH_COLUMNS) => string,
  source: string,
): Patch | string {
  const [manufacturer, model, reference] = [get('manufacturer'), get('model'), get('reference')]
  if (manufacturer === '' || model === '') return 'maker and model are needed'
  if (reference === '') return 'a reference (bulletin, part number or link) is needed'
  const said = get('validated')
  const validated =
    said === '' || /^(no|n|pending|not yet)$/i.test(said) ? undefined : dayFrom(said)
  if (said !== '' && validated === undefined && !/^(no|n|pending|not yet)$/i.test(said)) {
    return `validated "${said}" is not a date: write it as 2026-11-25`
  }
  const minutes = Number(get('minutes') || Number.NaN)
  const toVersion = get('toVersion')
  const cves =
    get('cves')
      .toUpperCase()
      .match(/CVE-\d{4}-\d{4,}/g) ?? []
  return {
    id: `${source}/${manufacturer}/${model}/${reference}/${get('fromVersion')}`.slice(0, 300),
    manufacturer,
    model,
    fromVersion: get('fromVersion') || 'vers:all/*',
    ...(toVersion !== '' && { toVersion }),
    kind: /mitig|workaround/i.test(get('kind')) ? 'mitigation' : 'patch',
    cves: [...new Set(cves)].filter(isCve),
    advisories: get('advisories')
      .split(/[\s,;|]+/)
      .filter((one) => one !== ''),
    ...(validated !== undefined && { validated }),
    reference,
    ...(minutes > 0 && { minutes }),
    source,
  }
}

const SUPPORT_COLUMNS = {
  kind: ['kind', 'type'],
  manufacturer: ['manufacturer', 'maker', 'vendor', 'oem', 'make'],
  model: ['model', 'product', 'operating system', 'os', 'name'],
  range: ['range', 'versions', 'version', 'release'],
  endOfSale: ['end of sale', 'eos date', 'last sale', 'end of life announced'],
  endOfSupport: ['end of support', 'eol', 'end of life', 'support until', 'eosl'],
  endOfExtendedSupport: ['end of extended support', 'extended support', 'esu'],
  link: ['link', 'reference', 'url'],
} as const satisfies Column

/** Until when makers support devices and operating systems, as a table. */
export function parseSupportDates(rows: Rows, source: string): ParsedDocument {
  const get = columnReader(rows, SUPPORT_COLUMNS, ['manufacturer', 'model', 'endOfSupport'])
  const { made: support, bad } = readRows(rows, get, (own) => supportOf(own, source))
  return { facts: { support }, bad }
}

function supportOf(
  get: (name: keyof typeof SUPPORT_COLUMNS) => string,
  source: string,
): SupportDate | string {
  const [manufacturer, model, range] = [
    get('manufacturer'),
    get('model'),
    get('range') || 'vers:all/*',
  ]
  const endOfSupport = dayFrom(get('endOfSupport'))
  if (manufacturer === '' || model === '') return 'maker and model are needed'
  if (endOfSupport === undefined) return 'end of support is not a date: write it as 2026-11-25'
  const endOfSale = dayFrom(get('endOfSale'))
  const endOfExtendedSupport = dayFrom(get('endOfExtendedSupport'))
  const link = get('link')
  return {
    id: `${source}/${manufacturer}/${model}/${range}`.slice(0, 300),
    kind: /^(os|operating)/i.test(get('kind')) ? 'os' : 'device',
    manufacturer,
    model,
    range,
    ...(endOfSale !== undefined && { endOfSale }),
    endOfSupport,
    ...(endOfExtendedSupport !== undefined && { endOfExtendedSupport }),
    source,
    ...(link !== '' && { link }),
  }
}

/** ISO dates, and the American form that spreadsheets write. */
export function dayFrom(text: string): string | undefined {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  if (!american) return dayOf(text)
  const [, month = '', day = '', year = ''] = american
  return dayOf(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
}

/**
 * Reads each row that says anything; `make` answers with what it is, or with the reason for which it is set aside. A
 * table without a good row is refused.
 */
export function readRows<Name extends string, Made extends object>(
  rows: Rows,
  get: (row: readonly string[], name: Name) => string,
  make: (get: (name: Name) => string) => Made | string,
): { readonly made: readonly Made[]; readonly bad: readonly BadRecord[] } {
  const made: Made[] = []
  const bad: BadRecord[] = []
  rows.slice(1).forEach((row, index) => {
    if (row.every((cell) => cell.trim() === '')) return
    const one = make((name) => get(row, name))
    if (typeof one !== 'string') made.push(one)
    else bad.push({ name: `row ${index + 2}`, reason: one, raw: row.join(',').slice(0, 2000) })
  })
  if (made.length === 0) throw new BadDocument('No row of the table could be used.')
  return { made, bad }
}

/** Reads cells by the words of the header; throws `BadDocument` where a needed column has none. */
export function columnReader<Name extends string>(
  rows: Rows,
  columns: Readonly<Record<Name, readonly string[]>>,
  needed: readonly NoInfer<Name>[],
): (row: readonly string[], name: Name) => string {
  const header = (rows[0] ?? []).map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replaceAll(/[_\s-]+/g, ' '),
  )
  const places = new Map<string, number>()
  for (const [name, words] of Object.entries<readonly string[]>(columns)) {
    const place = words.map((word) => header.indexOf(word)).find((index) => index >= 0)
    if (place !== undefined) places.set(name, place)
  }
  const missing = needed.filter((name) => !places.has(name))
  if (missing.length > 0) {
    const words = missing.map((name) => `"${columns[name][0]}"`).join(', ')
    throw new BadDocument(`The first line must name the columns; missing: ${words}.`)
  }
  return (row, name) => (row[places.get(name) ?? -1] ?? '').trim()
}
