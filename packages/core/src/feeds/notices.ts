import { mergeRecalls, numbersIn } from '../exposure/recall.ts'
import { RECALL_CLASSES, type RecallFacts } from '../exposure/facts.ts'
import type { Advisory, AffectedProduct } from '../vocabulary.ts'
import type { ParsedDocument } from './facts.ts'
import { columnReader, dayFrom, readRows, type Rows } from './tables.ts'

const COLUMNS = {
  regulator: ['regulator', 'authority', 'agency', 'competent authority'],
  number: ['number', 'reference', 'notice', 'fsca', 'recall number', 'case'],
  manufacturer: ['manufacturer', 'maker', 'firm', 'vendor', 'company'],
  model: ['model', 'product', 'device', 'trade name', 'product name'],
  versions: ['versions', 'version', 'software', 'range', 'affected versions'],
  catalogues: ['catalogue', 'catalogue numbers', 'catalog', 'ref', 'part numbers'],
  serials: ['serials', 'serial', 'serial numbers'],
  lots: ['lots', 'lot', 'lot numbers', 'batch', 'batches'],
  udis: ['udis', 'udi', 'udi di', 'di'],
  class: ['class', 'recall class'],
  status: ['status', 'state'],
  published: ['date of notice', 'date', 'published', 'issued'],
  ended: ['ended', 'closed', 'terminated'],
  link: ['link', 'url'],
} as const

type Get = (name: keyof typeof COLUMNS) => string

/**
 * Recalls and field safety notices (Regulation (EU) 2017/745 article 2) of any regulator, as a table: a row for each
 * product, rows of one number together. They are matched as recalls of the FDA are.
 */
export function parseNotices(rows: Rows): ParsedDocument {
  const get = columnReader(rows, COLUMNS, [
    'regulator',
    'number',
    'manufacturer',
    'model',
    'published',
  ])
  const { made, bad } = readRows(rows, get, noticeOf)
  return { facts: { advisories: mergeRecalls(made) }, bad }
}

function noticeOf(get: Get): Advisory | string {
  const [regulator, number] = [get('regulator'), get('number')]
  const [manufacturer, model] = [get('manufacturer'), get('model')]
  if (regulator === '' || number === '') return 'regulator and number are needed'
  if (manufacturer === '' || model === '') return 'maker and model are needed'
  const published = dayFrom(get('published'))
  if (published === undefined) return 'the date of the notice is none: write it as 2026-11-25'
  const status = get('status')
  return {
    // Numbers of two regulators may be the same.
    id: `${regulator}-${number}`.replaceAll(/[\s/]+/g, '-').slice(0, 120),
    kind: 'recall',
    source: regulator,
    revision: status === '' ? '1' : status,
    published,
    updated: dayFrom(get('ended')) ?? published,
    products: [productOf(get, manufacturer, model)],
    recall: factsOf(get, { firm: manufacturer, number, published, status }),
    vulnerabilities: [],
    remedies: [],
    link: /^https?:\/\//.test(get('link')) ? get('link') : '',
  }
}

function factsOf(
  get: Get,
  known: Readonly<Record<'firm' | 'number' | 'published' | 'status', string>>,
): RecallFacts {
  const grade = get('class')
    .toUpperCase()
    .replace(/^CLASS\s+/, '')
  const own = RECALL_CLASSES.find((one) => one === grade)
  const terminated = dayFrom(get('ended'))
  return {
    firm: known.firm,
    number: known.number,
    initiated: known.published,
    ...(own !== undefined && { class: own }),
    ...(known.status !== '' && { status: known.status }),
    ...(terminated !== undefined && { terminated }),
  }
}

function productOf(get: Get, vendor: string, product: string): AffectedProduct {
  const { serials, lots } = numbersIn(
    `Serial numbers: ${get('serials')} ; Lot numbers: ${get('lots')}`,
  )
  const [catalogues, udis] = [listOf(get('catalogues')), listOf(get('udis'))]
  return {
    pid: '1',
    vendor,
    product,
    range: get('versions') || 'vers:all/*',
    cves: [],
    ...(catalogues.length > 0 && { catalogues }),
    ...(serials.length > 0 && { serials }),
    ...(lots.length > 0 && { lots }),
    ...(udis.length > 0 && { udis }),
  }
}

function listOf(text: string): readonly string[] {
  return text.split(/[\s,;|]+/).filter((one) => one !== '')
}
