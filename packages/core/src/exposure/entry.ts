import type { Advisory, AffectedProduct } from '../vocabulary.ts'
import type { Codes } from './catalogue.ts'
import { compileCodes } from './catalogue.ts'
import { implantsIn } from './implants.ts'
import type { MakerNames } from './maker.ts'
import { makerWords, vendorKeys, withoutFormerMaker } from './maker.ts'
import { soldAs } from './relabelled.ts'
import { systemOfName } from './platform.ts'
import type { ProductName } from './product-name.ts'
import { compileNames } from './product-name.ts'
import type { Range } from './range.ts'
import { parseRange, under } from './range.ts'
import type { Shelved } from './shelf.ts'
import { tellingWords, wordsOf } from './words.ts'

/** One affected product of an advisory, read once. */
export interface Entry extends Shelved {
  readonly advisory: Advisory
  readonly product: AffectedProduct
  readonly makers: readonly string[]
  readonly range: Range
  /** What the advisory's own sentence says, where it says something else. */
  readonly stated: Range | undefined
  readonly codes: Codes | undefined
  /** CVEs of the product, each once and sorted. */
  readonly cves: readonly string[]
  /** What it is part of, or known as in the advisory's title. */
  readonly others: readonly ProductName[]
  /** Words of the names of companies that became part of the maker. */
  readonly aliasWords: ReadonlySet<string>
  /** Kinds of implants that a recall names. */
  readonly implants: ReadonlySet<string>
  /** Models that stand where the version belongs. */
  readonly inRange: readonly ProductName[]
}

/** Advisories repeat vendors, products and ranges in line after line: each is read once. */
export function readNames(makers: MakerNames | undefined) {
  const once = <Read>(read: (text: string) => Read) => {
    const known = new Map<string, { readonly read: Read }>()
    return (text: string): Read => {
      const before = known.get(text) ?? { read: read(text) }
      known.set(text, before)
      return before.read
    }
  }
  const vendorOf = once((vendor) => ({
    keys: vendorKeys(vendor, makers),
    words: makerWords([vendor], makers),
    aliasWords: new Set((makers?.manufacturerOf(vendor)?.aliases ?? []).flatMap(tellingWords)),
    namesOf: once((name) => {
      const former = withoutFormerMaker(name, vendor, makers)
      return [...compileNames(name), ...(former === undefined ? [] : compileNames(former))]
    }),
  }))
  const makerOf = (text: string) => makers?.manufacturerOf(text)?.name
  return { vendorOf, rangeOf: once(parseRange), makerOf }
}

export function entryOf(
  advisory: Advisory,
  product: AffectedProduct,
  order: number,
  { vendorOf, rangeOf, makerOf }: ReturnType<typeof readNames>,
): Entry {
  const { name: whole, range: plain } = liftVersion(product, rangeOf)
  const { name, system } = systemOfName(whole)
  const range = system === undefined ? plain : under(plain, { kind: 'os', text: system })
  const vendor = vendorOf(product.vendor)
  const isRecall = advisory.kind === 'recall'
  const lead = isRecall ? makerOf(leadOf(name)) : undefined
  const sold = [...soldAs(product), ...(lead === undefined ? [] : [lead])].map(vendorOf)
  const listed = range.clauses.flatMap((clause) => [
    ...(clause.kind === 'name' ? compileNames(clause.name) : []),
    ...(clause.when?.kind === 'models' ? sistersOf(name, clause.when.models) : []),
  ])
  const isOfMaker = (word: string) => vendor.words.has(word) || vendor.aliasWords.has(word)
  const others = (product.also ?? [])
    .filter((one) => !tellingWords(one).every(isOfMaker))
    .flatMap((one) => compileNames(one))
  return {
    advisory,
    product,
    order,
    makers: [...new Set([...vendor.keys, ...sold.flatMap(({ keys }) => keys)])],
    makerWords: vendor.words,
    aliasWords: vendor.aliasWords,
    names: isRecall ? withSystem(vendor.namesOf(name), product) : vendor.namesOf(name),
    range,
    stated: product.stated === undefined ? undefined : rangeOf(product.stated),
    listed: [...listed, ...others],
    implants: isRecall ? implantsIn(wordsOf(product.leaf ?? '')) : NO_IMPLANTS,
    inRange: listed,
    others,
    codes: codesOfEntry(product, range),
    cves: [...new Set(product.cves)].sort(),
  }
}

const NO_IMPLANTS: ReadonlySet<string> = new Set()

/** A recall by Roche may be of a `Tecan Genesis`. */
function leadOf(name: string): string {
  return name.split(' ')[0] ?? ''
}

/** The names, with the words of the system of which the product is a kit. */
function withSystem(names: readonly ProductName[], { also }: AffectedProduct) {
  if (also === undefined) return names
  const system = new Set(also.flatMap(wordsOf))
  return names.map((name) => ({ ...name, system }))
}

/** Numbers beside the product, and one in its range: `v9.x model 35700BAX3`. */
function codesOfEntry({ catalogues = [] }: AffectedProduct, { clauses }: Range): Codes | undefined {
  const numbers = clauses.flatMap(({ when }) => (when?.kind === 'number' ? [when.number] : []))
  const all = [...catalogues, ...numbers]
  return all.length === 0 ? undefined : compileCodes(all)
}

/** `(X3/MX100 for Rev M only)` on an IntelliVue names the IntelliVue X3 and MX100. */
function sistersOf(product: string, models: readonly string[]): readonly ProductName[] {
  const family = tellingWords(product)[0] ?? ''
  return models.flatMap((model) => compileNames(`${family} ${model}`))
}

const VERSION_IN_NAME = /\s(\d+(?:\.\d+)*\.x|\d+\.\d+(?:\/\d+\.\d+)*)(?=\s|$)/i

/** `IntelliSpace Portal 8.0.x`, all versions, means the IntelliSpace Portal in 8.0.x. */
function liftVersion({ product, range }: AffectedProduct, rangeOf: (text: string) => Range) {
  const own = rangeOf(range)
  const found = own.clauses[0]?.kind === 'all' ? VERSION_IN_NAME.exec(product)?.[1] : undefined
  if (found === undefined) return { name: product, range: own }
  const branches = found.split('/').map((one) => (one.endsWith('x') ? one : `${one}.x`))
  return { name: product.replace(found, ' '), range: rangeOf(branches.join(' | ')) }
}
