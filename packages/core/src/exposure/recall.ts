import type { Advisory, AffectedProduct, NumberRange } from './facts.ts'
import { isObject, listAt, textAt } from './json.ts'
import { withRelabelled } from './relabelled.ts'
import { otherNamesOfRecalled } from './recall-also.ts'
import { nameOfRecalled, variantOfRecalled } from './recall-name.ts'
import { rangeOfRecalled } from './recall-range.ts'
import type { Recalled } from './recall-words.ts'
import { splitRecalled } from './recall-words.ts'

/**
 * Reads the facts of a record of openFDA's device/recall or device/enforcement, or of a file that was made from
 * them: firm, product, numbers, versions. Undefined for a record without number or product.
 */
export function parseRecall(record: unknown): Advisory | undefined {
  const event = firstOf(record, 'res_event_number', 'event_id')
  const number = firstOf(record, 'recall_number', 'product_res_number') || event
  const description = firstOf(record, 'product_description')
  if (number === '' || description === '') return undefined
  const firm = firmOf(record)
  const reason = firstOf(record, 'reason_for_recall')
  const code = `${textAt(record, 'code_info')} ${textAt(record, 'more_code_info')}`.trim()
  const day = dayOf(firstOf(record, 'recall_initiation_date', 'event_date_initiated', 'date'))
  const terminated = dayOf(firstOf(record, 'termination_date', 'event_date_terminated'))
  const grade = /Class (III|II|I)\b/i.exec(textAt(record, 'classification'))?.[1]?.toUpperCase()
  const status = firstOf(record, 'recall_status', 'status')
  const productCode = textAt(record, 'product_code')
  return {
    id: number,
    kind: 'recall',
    source: 'FDA',
    revision: status === '' ? '1' : status,
    published: day ?? UNDATED,
    updated: dayOf(firstOf(record, 'report_date', 'event_date_posted')) ?? day ?? UNDATED,
    products: productsOf(description, reason, code, firm, udisOf(record)).flatMap(withRelabelled),
    recall: {
      firm,
      number,
      ...(event !== '' && { event }),
      ...(isGrade(grade) && { class: grade }),
      ...(status !== '' && { status }),
      ...(productCode !== '' && { productCode }),
      ...(day !== undefined && { initiated: day }),
      ...(terminated !== undefined && { terminated }),
    },
    vulnerabilities: [],
    remedies: [],
    link: textAt(record, 'link') || linkTo(number),
  }
}

/** Records of one number are one recall: their products come together. */
export function mergeRecalls(recalls: readonly Advisory[]): readonly Advisory[] {
  const groups = Map.groupBy(recalls, ({ id }) => id)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    if (group.length === 1) return first
    const products = group.flatMap((one, at) =>
      one.products.map((product) => ({ ...product, pid: `${at + 1}.${product.pid}` })),
    )
    return { ...first, products }
  })
}

/** A day that no regulator has, for records without one. */
const UNDATED = '1970-01-01'

function isGrade(grade: string | undefined): grade is 'I' | 'II' | 'III' {
  return grade === 'I' || grade === 'II' || grade === 'III'
}

function firstOf(record: unknown, ...names: readonly string[]): string {
  return names.map((name) => textAt(record, name).trim()).find((text) => text !== '') ?? ''
}

const MADE_BY =
  /\b(?:made|manufactured)(?: in [A-Z][\w.]*)? (?:by|for)[: ]+([A-Z][\w .&'-]{2,50}?,? (?:Inc|Corp|LLC|Ltd|GmbH|AG|Co)\b)/i

/** The firm, or the name in brackets that ends a title: `Defibrillators recall (Philips Medical Systems)`. */
function firmOf(record: unknown): string {
  const own = firstOf(record, 'recalling_firm', 'firm_name')
  if (own !== '') return own
  const maker = MADE_BY.exec(firstOf(record, 'product_description'))?.[1]
  if (maker !== undefined) return maker
  const title = textAt(record, 'title')
  return /\(([^()]+)\)?$/.exec(title)?.[1] ?? /^[\w-]+-\d{4}: (.+)$/.exec(title)?.[1] ?? ''
}

/** `20181017` and `2018-10-17`. */
function dayOf(text: string): string | undefined {
  const found = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text)
  if (!found) return undefined
  const day = `${found[1]}-${found[2]}-${found[3]}`
  return Number.isNaN(Date.parse(day)) ? undefined : day
}

function linkTo(number: string): string {
  const field = number.startsWith('Z-') ? 'product_res_number' : 'res_event_number'
  return `https://api.fda.gov/device/recall.json?search=${field}:"${number}"`
}

function udisOf(record: unknown): readonly string[] {
  const text = `${textAt(record, 'code_info')} ${textAt(record, 'product_description')}`
  const named = [
    ...text.matchAll(/\b(?:UDI(?:-?DI)?|GTIN|DI)[\s:#]*\(?(?:01)?\)?\s*(\d{12,14})\b/gi),
  ]
  const openfda = isObject(record) ? listAt(record, 'openfda', 'udi_di') : []
  return [...new Set([...named.map((found) => found[1] ?? ''), ...openfda])]
}

function productsOf(
  description: string,
  reason: string,
  code: string,
  firm: string,
  udis: readonly string[],
): readonly AffectedProduct[] {
  const pieces = splitRecalled(description)
  const common = rangeOfRecalled(pieces.map(({ text }) => text).join(' ; '))
  const said =
    unionOf(leadingRange(description, pieces), common) ??
    rangeOfRecalled(description) ??
    rangeOfRecalled(reason)
  const names = pieces.map(({ text }) => nameOfRecalled(text).name)
  const others = otherNamesOfRecalled(description, names)
  const numbers = numbersIn(`${code} ; ${pieces.map(({ text }) => text).join(' ; ')}`)
  return pieces.map(({ text, codes }, at) => {
    const { name: found, version } = nameOfRecalled(text)
    const variant = codes.length > 0 ? undefined : variantOfRecalled(text, found)
    const name = withNumber(
      variant ?? (found === '' && pieces.length === 1 ? kindOf(text) : found),
      codes,
    )
    const own = variant === undefined ? [] : [found]
    const also = at === 0 ? [...own, ...others.filter((one) => one !== name)] : own
    const range = rangeOfRecalled(text) ?? version ?? said ?? 'vers:all/*'
    return {
      pid: String(at + 1),
      vendor: firm,
      product: name,
      range,
      cves: [],
      leaf: text.slice(0, 500),
      ...(also.length > 0 && { also }),
      ...(codes.length > 0 && { catalogues: codes }),
      ...(numbers.serials.length > 0 && { serials: numbers.serials }),
      ...(numbers.lots.length > 0 && { lots: numbers.lots }),
      ...(udis.length > 0 && { udis }),
    }
  })
}

/** `Software Version 11.x, sold under the following names: ...` stands before the list and holds for all of it. */
function leadingRange(description: string, pieces: readonly Recalled[]): string | undefined {
  const [head = '', list] = description.split(/(?:names|following):\s/)
  const isApart = list !== undefined && !pieces.some(({ text }) => text.includes(head.trim()))
  return isApart ? rangeOfRecalled(head) : undefined
}

function unionOf(one: string | undefined, other: string | undefined): string | undefined {
  const ranges = [...new Set([one, other].filter((range) => range !== undefined))]
  return ranges.length === 0 ? undefined : ranges.join(' | ')
}

/** A recall that only tells the kind, `Magnetic Resonance Imaging Device`, is of all of that kind. */
function kindOf(text: string): string {
  const [head = ''] = text.split(/[,;.:(]/)
  return /^(?!(?:This|The|An?|Intended)\b)[A-Z][\w /-]{5,50}$/.test(head.trim()) ? head.trim() : ''
}

/** `ELI` whose numbers all begin with `ELI280` is the ELI 280. */
function withNumber(name: string, codes: readonly string[]): string {
  if (!/^[A-Z]{2,5}$/.test(name)) return name
  const numbers = codes.flatMap((code) => /^([A-Z]+)(\d+)(?=-)/.exec(code) ?? [])
  const [whole = ''] = numbers.filter((one) => one.startsWith(name) && /\d$/.test(one))
  const isCommon = codes.filter((code) => code.startsWith(`${whole}-`)).length * 2 > codes.length
  return whole !== '' && isCommon ? `${name} ${whole.slice(name.length)}` : name
}

const NUMBER = String.raw`[A-Z]{0,6}-?\d[\dA-Z-]{2,20}`
const SPAN = new RegExp(`(${NUMBER})\\s*(?:-|–|to|through|thru)\\s+(${NUMBER})|(${NUMBER})`, 'gi')
const SERIALS =
  /\b(?:serial\s*(?:numbers?|nos?\.?|#)|S\/Ns?|SNs?)\b[\s:.#]*(?:within\s+)?(?:the\s+)?(?:range\s+(?:of\s+)?)?/gi
const LOTS = /\b(?:lots?|batch(?:es)?)\s*(?:numbers?|nos?\.?|codes?|#)?[\s:.#]*/gi

/** Serial and lot numbers after their label, up to the next label or the end of the sentence. */
export function numbersIn(text: string): {
  readonly serials: readonly NumberRange[]
  readonly lots: readonly NumberRange[]
} {
  return { serials: numbersAfter(SERIALS, text), lots: numbersAfter(LOTS, text) }
}

function numbersAfter(label: RegExp, text: string): readonly NumberRange[] {
  return [...text.matchAll(label)].flatMap((found) => {
    const rest = text.slice(found.index + found[0].length, found.index + found[0].length + 8000)
    const list =
      /^[\s\dA-Z,;&/()–-]*(?:(?:to|through|thru|and)\s[\s\dA-Z,;&/()–-]*)*/.exec(rest)?.[0] ?? ''
    return [...list.matchAll(SPAN)].map((one) => {
      const [from, to] = one[3] === undefined ? [one[1] ?? '', one[2] ?? ''] : [one[3], one[3]]
      return { from, to }
    })
  })
}
