import { isObject, objectsAt, textAt } from '../exposure/json.ts'
import { mergeRecalls, parseRecall } from '../exposure/recall.ts'
import type { Advisory } from '../vocabulary.ts'
import {
  BadDocument,
  dayOf,
  type BadRecord,
  type DeviceIdentifier,
  type ParsedDocument,
  type ProductCode,
} from './facts.ts'

/** The records of an answer of openFDA, or of a file of it. */
export function recordsOf(document: unknown): readonly object[] {
  if (textAt(document, 'error', 'code') === 'NOT_FOUND') return []
  const problem = textAt(document, 'error', 'message')
  if (problem !== '') throw new BadDocument(`openFDA answers: ${problem}`)
  const isAnswer = isObject(document) && Array.isArray(Reflect.get(document, 'results'))
  if (!isAnswer) throw new BadDocument('This is not an answer of openFDA: results is missing.')
  return objectsAt(document, 'results')
}

/** The day of the data that openFDA states. */
export function dateOf(document: unknown): string | undefined {
  return dayOf(textAt(document, 'meta', 'last_updated'))
}

/**
 * Recalls and enforcement reports of one device, joined on the recall number: only the report carries the class,
 * only the recall carries the product code. Answers with one record for each number (or event, where it has none).
 */
export function joinRecalls(records: readonly object[]): readonly object[] {
  const joined = new Map<string, object>()
  for (const record of records) {
    const number = textAt(record, 'product_res_number') || textAt(record, 'recall_number')
    const event = textAt(record, 'res_event_number') || textAt(record, 'event_id')
    const key = number.trim() || `event:${event.trim()}`
    const known = joined.get(key)
    joined.set(key, known === undefined ? record : mergeRecords(known, record))
  }
  return [...joined.values()]
}

/** The longer text of each field: one of the two sources cuts at 4,000 characters. */
function mergeRecords(one: object, other: object): object {
  const merged: Record<string, unknown> = { ...one }
  for (const [name, value] of Object.entries(other)) {
    const known = merged[name]
    const isLonger =
      typeof value === 'string' && typeof known === 'string' && value.length > known.length
    if (known === undefined || known === '' || isLonger) merged[name] = value
  }
  return merged
}

/** Trade items: openFDA `device/udi`, or the same fields in the names that the GUDID release uses. */
export function parseIdentifiers(document: unknown): ParsedDocument {
  const identifiers: DeviceIdentifier[] = []
  const bad: BadRecord[] = []
  for (const record of recordsOf(document)) {
    const primary = objectsAt(record, 'identifiers').find(
      (one) => textAt(one, 'type') === 'Primary',
    )
    const di = textAt(primary, 'id').trim()
    const model = textAt(record, 'version_or_model_number').trim()
    if (di === '' || textAt(record, 'company_name') === '') {
      const reason = 'the record has no primary identifier or no company'
      bad.push({ name: di || 'record without identifier', reason, raw: rawOf(record) })
      continue
    }
    const catalogue = textAt(record, 'catalog_number').trim()
    identifiers.push({
      di,
      agency: textAt(primary, 'issuing_agency'),
      brand: plainName(textAt(record, 'brand_name')),
      model: plainName(model),
      ...(catalogue !== '' && { catalogue }),
      company: textAt(record, 'company_name').trim(),
      productCodes: objectsAt(record, 'product_codes').map((one) => textAt(one, 'code')),
      hasSerial: isYes(record, 'has_serial_number'),
      hasLot: isYes(record, 'has_lot_or_batch_number'),
    })
  }
  const date = dateOf(document)
  return { facts: { identifiers }, bad, ...(date !== undefined && { date }) }
}

function rawOf(record: object): string {
  return JSON.stringify(record).slice(0, 20_000)
}

/** Names without the signs of trade marks. */
function plainName(text: string): string {
  return text
    .replaceAll(/[®™]|\((?:R|TM)\)/gi, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function isYes(record: object, name: string): boolean {
  const value: unknown = Reflect.get(record, name)
  return value === true || (typeof value === 'string' && /^(y|yes|true)$/i.test(value))
}

/** Product codes of openFDA `device/classification`. */
export function parseClassification(document: unknown): ParsedDocument {
  const productCodes: ProductCode[] = []
  const bad: BadRecord[] = []
  for (const record of recordsOf(document)) {
    const made = productCodeOf((name) => textAt(record, name))
    if (made === undefined) {
      bad.push({ name: 'record', reason: 'the record has no product code', raw: rawOf(record) })
    } else productCodes.push(made)
  }
  const date = dateOf(document)
  return { facts: { productCodes }, bad, ...(date !== undefined && { date }) }
}

const FOI_NAMES: Readonly<Record<string, string>> = {
  product_code: 'PRODUCTCODE',
  device_name: 'DEVICENAME',
  device_class: 'DEVICECLASS',
  medical_specialty: 'MEDICALSPECIALTY',
  regulation_number: 'REGULATIONNUMBER',
  life_sustain_support_flag: 'LIFE_SUSTAIN_SUPPORT_FLAG',
  implant_flag: 'IMPLANT_FLAG',
}

/** The same table as the FDA's own file: columns parted by `|`, a header in the first line. */
export function parseFoiClass(text: string): ParsedDocument {
  const [head = '', ...lines] = text.split(/\r?\n/)
  const columns = head.split('|').map((name) => name.trim().toUpperCase())
  if (!columns.includes('PRODUCTCODE')) {
    throw new BadDocument(
      'This is not the FDA file of product codes: PRODUCTCODE is missing in the first line.',
    )
  }
  const productCodes: ProductCode[] = []
  const bad: BadRecord[] = []
  lines.forEach((line, index) => {
    if (line.trim() === '') return
    const cells = line.split('|')
    const made =
      cells.length === columns.length
        ? productCodeOf((name) => cells[columns.indexOf(FOI_NAMES[name] ?? name)] ?? '')
        : undefined
    if (made !== undefined) productCodes.push(made)
    else
      bad.push({
        name: `line ${index + 2}`,
        reason: 'the line has another number of columns',
        raw: line,
      })
  })
  return { facts: { productCodes }, bad }
}

function productCodeOf(get: (name: string) => string): ProductCode | undefined {
  const code = get('product_code').trim()
  if (!/^[A-Z0-9]{3}$/.test(code)) return undefined
  return {
    code,
    name: get('device_name').trim(),
    deviceClass: get('device_class').trim(),
    specialty: get('medical_specialty').trim(),
    regulation: get('regulation_number').trim(),
    isLifeSupport: get('life_sustain_support_flag') === 'Y',
    isImplant: get('implant_flag') === 'Y',
  }
}

/** Recall records of all documents of a run, joined, as advisories. What has no number or no product is set aside. */
export function decodeRecalls(records: readonly object[]): {
  readonly advisories: readonly Advisory[]
  readonly bad: readonly BadRecord[]
} {
  const recalls: Advisory[] = []
  const bad: BadRecord[] = []
  for (const record of joinRecalls(records)) {
    const recall = parseRecall(record)
    if (recall !== undefined && dayOf(recall.published) !== undefined) recalls.push(recall)
    else {
      const name =
        textAt(record, 'recall_number') ||
        textAt(record, 'product_res_number') ||
        'record without number'
      bad.push({
        name,
        reason: 'the record has no number, no product or no date',
        raw: rawOf(record),
      })
    }
  }
  return { advisories: mergeRecalls(recalls), bad }
}
