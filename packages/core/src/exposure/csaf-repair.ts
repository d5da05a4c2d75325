import type { Leaf } from './csaf.ts'
import { isTelling, tellingWords, wordsOf } from './words.ts'
import { isUnderstood, parseRange } from './range.ts'
import { relate } from './version.ts'

export interface Repair {
  readonly repairs: readonly string[]
  /** What the title calls the only product of a document, where that is another name. */
  readonly also?: readonly string[]
}

/** Spellings of vendors that are slips of the pen. */
const MISSPELT: Readonly<Record<string, string>> = { Phillips: 'Philips' }
/** Words that stand where a product name was lost. */
const NO_NAME = /^(?:versions?|products?|all|software|firmware|.{0,3})$/i

/** Blanks and double-encoded UTF-8 put right. */
export function repairText(text: string): {
  readonly text: string
  readonly repairs: readonly string[]
} {
  const decoded = decodeTwice(text)
  const trimmed = decoded.replace(/\s+/g, ' ').trim()
  const repairs = decoded === text ? [] : [`"${text}" is double-encoded: read as "${trimmed}"`]
  return { text: trimmed, repairs }
}

/** UTF-8 that was read as Latin-1 once too often: `Ã¤` for `ä`. */
function decodeTwice(text: string): string {
  if (!/[\u00c2-\u00f4][\u0080-\u00bf]/.test(text)) return text
  if (Array.from(text).some((letter) => letter > '\u00ff')) return text
  const escaped = Array.from(text).map(
    (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  try {
    return decodeURIComponent(escaped.join(''))
  } catch {
    return text
  }
}

/** What a document says besides its products. */
interface Document {
  readonly id: string
  readonly title: string
  /** All of its products are one. */
  readonly isAlone: boolean
}

/** Puts right what is known to go wrong in product trees, and says what it did. */
export function repairProduct(leaf: Leaf, { id, title, isAlone }: Document): Leaf & Repair {
  const vendor = repairVendor(leaf.vendor, id)
  const named = repairText(leaf.product)
  const sentence = repairText(leaf.sentence).text
  const isLost = isAlone && NO_NAME.test(named.text)
  const found = isLost ? nameInTitle(title, vendor.text) : named.text
  const split = splitWord(found, repairText(leaf.range).text, sentence)
  const repairs = [
    ...vendor.repairs,
    ...named.repairs,
    ...(isLost ? [`product "${named.text}" is no name: read from the title as "${found}"`] : []),
    ...split.repairs,
  ]
  const compared = restoreComparator(split.range, sentence)
  const zeros = restoreZeros(compared.range, sentence)
  const { product } = split
  const { range } = zeros
  const titled = isAlone && !isLost ? nameInTitle(title, vendor.text) : ''
  const also = isOtherName(titled, product) ? { also: [titled] } : {}
  return {
    ...leaf,
    vendor: vendor.text,
    product,
    range,
    sentence,
    repairs: [...repairs, ...compared.repairs, ...zeros.repairs],
    ...also,
  }
}

/**
 * Products by the short name that another one of the document gives: with `IntelliBridge Enterprise (IBE)` listed, the
 * `IntelliBridge Enterprise system` is an `IBE system` too.
 */
export function withShortNames<Product extends Leaf & Repair>(
  all: readonly Product[],
): readonly Product[] {
  const shorts = all.flatMap(({ product }) => {
    const [, full = '', short = ''] = SHORTENED.exec(product) ?? []
    return short !== '' && full.replace(/[^A-Z]/g, '') === short.toUpperCase()
      ? [{ full, short }]
      : []
  })
  if (shorts.length === 0) return all
  return all.map((one) => {
    const found = shorts.find(({ full }) => one.product.startsWith(`${full} `))
    if (found === undefined || one.product.includes('(')) return one
    const name = found.short + one.product.slice(found.full.length)
    return { ...one, also: [...(one.also ?? []), name] }
  })
}

const SHORTENED = /^(\S+(?: \S+)+) \(([A-Z][A-Za-z]{1,5})\)$/

/** In medical advisories Siemens is the medical company too, not the industrial one alone. */
function repairVendor(vendor: string, id: string): ReturnType<typeof repairText> {
  const { text, repairs } = repairText(vendor)
  const isMedical = id.startsWith('ICSMA-') && text === 'Siemens'
  const right = isMedical ? 'Siemens Healthineers, Siemens' : MISSPELT[text]
  if (right !== undefined) return { text: right, repairs: [`vendor "${text}" is "${right}"`] }
  const isPadded = vendor !== vendor.trim()
  return {
    text,
    repairs: isPadded ? [...repairs, `vendor "${vendor}" has blanks around it`] : repairs,
  }
}

/** The title without vendor, id, "Vulnerabilities" and "(Update B)". */
function nameInTitle(title: string, vendor: string): string {
  const plain = title
    .replace(/^ICSM?A-[\w-]+_/, '')
    .replace(/\((?:update|supplement)[^)]*\)/i, '')
    .replace(/\b(?:vulnerabilit(?:y|ies)|products?)\b/gi, '')
    .replace(/\s+/g, ' ')
    .trim()
  const maker = new Set(wordsOf(vendor))
  const words = plain.split(' ')
  while (words.length > 1 && wordsOf(words[0] ?? '').every((word) => maker.has(word))) words.shift()
  return words.join(' ')
}

/** `9.4 | FP2 Hotfix 5` beside the sentence's `<= 9.4 FP2 Hotfix 5`: the comparator was lost, and a blank became a bar. */
function restoreComparator(range: string, sentence: string) {
  const [, comparator = '', said = ''] = /:\s*(<=|<|>=|>)\s*([^<>|]+)$/.exec(sentence) ?? []
  const plain = (text: string) =>
    text
      .replace(/[\s|]+/g, ' ')
      .trim()
      .toLowerCase()
  if (said === '' || plain(range) !== plain(said)) return { range, repairs: [] }
  const whole = `${comparator} ${said.trim()}`
  return { range: whole, repairs: [`version "${range}" is "${whole}" in the text`] }
}

/** `2.2` beside the sentence's `2.20`: a number lost its closing zeros on the way, and either may be meant. */
function restoreZeros(range: string, sentence: string) {
  const said = /[:\s]v?(\d+\.\d+)$/.exec(sentence)?.[1] ?? ''
  const isLost =
    /^\d+\.\d+$/.test(range) && said.startsWith(range) && /^0+$/.test(said.slice(range.length))
  if (!isLost) return { range, repairs: [] }
  return { range: `${range} | ${said}`, repairs: [`version "${range}" is "${said}" in the text`] }
}

/** The title says more than the product's name, and not only of what kind it is. */
function isOtherName(titled: string, product: string): boolean {
  const own = new Set(wordsOf(product))
  const more = tellingWords(titled).filter((word) => isTelling(word) && !own.has(word))
  return more.some((word) => word.length > 2)
}

/** `SureSigns` + `<= S4 A.07.107` beside "VS4 A.07.107": the V of the model went missing. */
function splitWord(product: string, range: string, sentence: string) {
  const torn = /^(<=|<|>=|>)\s*([A-Z]\d)\s+(\S+)$/.exec(range)
  const whole =
    torn && new RegExp(`\\b([A-Z]${torn[2]})\\s+${escapeText(torn[3] ?? '')}`).exec(sentence)
  if (!torn || !whole) return { product, range, repairs: [] }
  const fixed = { product: `${product} ${whole[1]}`, range: `${torn[1]} ${torn[3]}` }
  const repairs = [`"${product}" "${range}" is read as "${fixed.product}" "${fixed.range}"`]
  return { ...fixed, repairs }
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** The range that the sentence gives, when it is another one than the table's. */
export function statedRange(sentence: string, product: string, range: string): string | undefined {
  const said = rangeInSentence(sentence, product)
  if (said === undefined) return undefined
  const own = parseRange(range)
  const other = parseRange(said)
  if (!isUnderstood(own) || !isUnderstood(other)) return undefined
  const [one, two] = [own.clauses, other.clauses]
  const [a, b] = [one[0], two[0]]
  if (one.length !== 1 || two.length !== 1 || a?.kind !== 'interval' || b?.kind !== 'interval') {
    return undefined
  }
  const isLower = sameBound(a.lower, b.lower)
  const isUpper = sameBound(a.upper, b.upper)
  return isLower && isUpper ? undefined : said
}

type Bound = { readonly version: string; readonly isIncluded: boolean } | undefined

function sameBound(a: Bound, b: Bound): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.isIncluded === b.isIncluded && relate(a.version, b.version).order === 0
}

const VERSION = String.raw`(v?[A-Z]{0,3}\.?\d[\w.]*\w|\d)`
const SENTENCES: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [
    new RegExp(`\\bversions? ${VERSION} through(?: to)? ${VERSION}$`, 'i'),
    (it) => `>= ${it[1]} | <= ${it[2]}`,
  ],
  [
    new RegExp(
      `\\bversions?:? ${VERSION} and (?:prior|below|lower|earlier|older)(?: versions)?$`,
      'i',
    ),
    (it) => `<= ${it[1]}`,
  ],
  [new RegExp(`: ${VERSION} and prior$`, 'i'), (it) => `<= ${it[1]}`],
  [new RegExp(`\\bback to ${VERSION} `, 'i'), (it) => `>= ${it[1]}`],
  [new RegExp(`^[^<>|]*(<=|>=|<|>)\\s*${VERSION}$`, 'i'), (it) => `${it[1]} ${it[2]}`],
]

function rangeInSentence(sentence: string, _product: string): string | undefined {
  for (const [pattern, write] of SENTENCES) {
    const found = pattern.exec(sentence)
    if (found) return write(found)
  }
  return undefined
}
