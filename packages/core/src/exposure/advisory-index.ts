import type { Advisory, AffectedProduct, Device } from '../vocabulary.ts'
import type { Likeness, ModelWords } from './likeness.ts'
import type { ProductName } from './product-name.ts'
import { compileNames } from './product-name.ts'
import { joinNumbers, splitNumbers, tellingWords } from './words.ts'
import { likenessOf, readModel } from './likeness.ts'
import type { Codes } from './catalogue.ts'
import { codesOf, compileCodes, deviceIdentifierOf, fitOf } from './catalogue.ts'
import type { Range } from './range.ts'
import { parseRange, under } from './range.ts'
import { isSisterOf, likenessOfHost, narrow } from './narrow.ts'
import { systemOfName } from './platform.ts'
import type { CpeIndex } from './cpe-index.ts'
import { startCpeIndex } from './cpe-index.ts'
import type { MakerNames } from './maker.ts'
import type { Shelf, Shelved } from './shelf.ts'
import { stock } from './shelf.ts'
import { makerKeys, makerWords, vendorKeys, withoutFormerMaker } from './maker.ts'

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
  /** Models that stand where the version belongs. */
  readonly inRange: readonly ProductName[]
}

export const KEYS = ['udi', 'serial', 'catalogue', 'product'] as const
/** What ties a device to an entry, strongest first. */
export type EntryKey = (typeof KEYS)[number]

/** How a device's maker and model stand to an entry. */
export interface Candidate {
  readonly entry: Entry
  readonly likeness: Likeness
  readonly key: EntryKey
}

/** What a device is looked up by. */
export type Sought = Pick<Device, 'manufacturer' | 'model' | 'catalogue' | 'version' | 'udi'>

export interface AdvisoryIndex {
  readonly size: number
  /** CVEs that come as CPE configurations. */
  readonly cpes: CpeIndex | undefined
  /** Entries whose maker is the given one and whose product may be the given model, by advisory. */
  candidatesFor(device: Sought): readonly Candidate[]
}

/**
 * Reads advisories once, so that any number of devices can be held against them. `more` holds CVEs that were read
 * apart, because there are too many to have them as objects.
 */
export function indexAdvisories(
  advisories: readonly Advisory[],
  makers?: MakerNames,
  more?: CpeIndex,
): AdvisoryIndex {
  const lookup = compile(advisories, makers)
  const remembered = new Map<string, readonly Candidate[]>()
  // Every matcher asks for the same device, one after the other.
  let last: { readonly device: Sought; readonly found: readonly Candidate[] } | undefined
  return {
    size: advisories.length,
    cpes: more ?? indexConfigurations(advisories, makers),
    candidatesFor(device) {
      if (last?.device === device) return last.found
      const { manufacturer, model, catalogue = '', udi = '' } = device
      const version = isNumberAlone(device.version) ? device.version : ''
      const identifier = udi === '' ? '' : deviceIdentifierOf(udi)
      const key = `${manufacturer}\n${model}\n${catalogue}\n${version}\n${identifier}`
      let found = remembered.get(key)
      if (found === undefined) {
        const text = `${model} ${catalogue} ${version}`
        const named = findCandidates(lookup, manufacturer, text, makers)
        found = [...byIdentifier(lookup, udi, named), ...named]
        remembered.set(key, found)
      }
      last = { device, found }
      return found
    },
  }
}

function indexConfigurations(
  advisories: readonly Advisory[],
  makers: MakerNames | undefined,
): CpeIndex | undefined {
  const own = advisories.filter(({ configurations = [] }) => configurations.length > 0)
  if (own.length === 0) return undefined
  const builder = startCpeIndex(makers)
  for (const { id, configurations = [] } of own) builder.add(id, configurations)
  return builder.build()
}

interface Lookup {
  readonly shelves: ReadonlyMap<string, Shelf<Entry>>
  /** By catalogue number, whatever the maker: the maker is checked afterwards. */
  readonly byCode: ReadonlyMap<string, readonly Entry[]>
  readonly byUdi: ReadonlyMap<string, readonly Entry[]>
}

function compile(advisories: readonly Advisory[], makers: MakerNames | undefined): Lookup {
  const byMaker = new Map<string, Entry[]>()
  const byCode = new Map<string, Entry[]>()
  const byUdi = new Map<string, Entry[]>()
  let order = 0
  const read = readNames(makers)
  for (const advisory of advisories) {
    for (const product of advisory.products) {
      const entry = entryOf(advisory, product, order++, read)
      for (const maker of entry.makers) push(byMaker, maker, entry)
      for (const code of entry.codes?.all ?? []) push(byCode, code, entry)
      for (const udi of product.udis ?? []) push(byUdi, deviceIdentifierOf(udi), entry)
    }
  }
  const shelves = new Map([...byMaker].map(([maker, entries]) => [maker, stock(entries)]))
  return { shelves, byCode, byUdi }
}

/** A UDI-DI names one model of one maker: nothing else has to fit. */
function byIdentifier(
  { byUdi }: Lookup,
  udi: string,
  named: readonly Candidate[],
): readonly Candidate[] {
  const identifier = deviceIdentifierOf(udi)
  const entries = identifier === '' ? [] : (byUdi.get(identifier) ?? [])
  const known = new Set(named.map(({ entry }) => entry))
  const likeness = { kind: 'same', shared: 1 } as const
  return entries
    .filter((entry) => !known.has(entry))
    .map((entry) => ({ entry, likeness, key: 'udi' as const }))
}

/** Some registers keep the model number where the version belongs. */
function isNumberAlone(version: string | undefined): version is string {
  return version !== undefined && /^\d{4,8}$/.test(version)
}

/** Advisories repeat vendors, products and ranges in line after line: each is read once. */
function readNames(makers: MakerNames | undefined) {
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
    namesOf: once((name) => {
      const former = withoutFormerMaker(name, vendor, makers)
      return [...compileNames(name), ...(former === undefined ? [] : compileNames(former))]
    }),
  }))
  return { vendorOf, rangeOf: once(parseRange) }
}

function entryOf(
  advisory: Advisory,
  product: AffectedProduct,
  order: number,
  { vendorOf, rangeOf }: ReturnType<typeof readNames>,
): Entry {
  const { name: whole, range: plain } = liftVersion(product, rangeOf)
  const { name, system } = systemOfName(whole)
  const range = system === undefined ? plain : under(plain, { kind: 'os', text: system })
  const vendor = vendorOf(product.vendor)
  const listed = range.clauses.flatMap((clause) => [
    ...(clause.kind === 'name' ? compileNames(clause.name) : []),
    ...(clause.when?.kind === 'models' ? sistersOf(name, clause.when.models) : []),
  ])
  const others = (product.also ?? []).flatMap((one) => compileNames(one))
  return {
    advisory,
    product,
    order,
    makers: vendor.keys,
    makerWords: vendor.words,
    names: vendor.namesOf(name),
    range,
    stated: product.stated === undefined ? undefined : rangeOf(product.stated),
    listed: [...listed, ...others],
    inRange: listed,
    others,
    codes: product.catalogues === undefined ? undefined : compileCodes(product.catalogues),
    cves: [...new Set(product.cves)].sort(),
  }
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

function push(byMaker: Map<string, Entry[]>, maker: string, entry: Entry): void {
  const list = byMaker.get(maker)
  if (list) list.push(entry)
  else byMaker.set(maker, [entry])
}

function findCandidates(
  { shelves, byCode }: Lookup,
  manufacturer: string,
  model: string,
  makers: MakerNames | undefined,
): readonly Candidate[] {
  const codes = codesOf(model)
  const own = makerWords([manufacturer], makers)
  const keys = new Set(makerKeys(manufacturer, makers))
  const mine = [...keys].flatMap((key) => shelves.get(key) ?? [])
  const coded = codes
    .flatMap((code) => byCode.get(code) ?? [])
    .filter(({ makers: named }) => named.some((maker) => keys.has(maker)))
  const read = (words: ModelWords) => {
    const entries = new Set([...mine.flatMap((shelf) => shelf.pick(words, own)), ...coded])
    const candidates = [...entries].flatMap((entry) => candidateOf(entry, words, codes, own))
    return narrow(words, own, candidates)
  }
  const words = readModel(model)
  const found = read(words)
  const spelt = mine.map((shelf) => shelf.respell(words)).find((one) => one !== undefined)
  if (spelt === undefined) return found
  const known = new Set(found.map(({ entry }) => entry.advisory.id))
  return [...found, ...read(spelt).filter(({ entry }) => !known.has(entry.advisory.id))]
}

/** Serial or lot numbers decide, which twins do not share. */
export function hasNumbers({ serials, lots }: AffectedProduct): boolean {
  return serials !== undefined || lots !== undefined
}

function candidateOf(
  entry: Entry,
  words: ModelWords,
  codes: readonly string[],
  own: ReadonlySet<string>,
): readonly Candidate[] {
  const fit = entry.codes === undefined ? 'silent' : fitOf(codes, entry.codes)
  if (fit === 'other') return []
  const isNumbered = hasNumbers(entry.product)
  const likeness = bestLikeness(words, entry, new Set([...own, ...entry.makerWords]))
  if (fit === 'hit') {
    const shared = Math.max(1, likeness.shared)
    return [{ entry, likeness: { kind: 'same', shared }, key: isNumbered ? 'serial' : 'catalogue' }]
  }
  if (likeness.kind === 'other') return []
  return [{ entry, likeness, key: isNumbered ? 'serial' : 'product' }]
}

/** The product's name decides; where it only names a group, a name in the range field can. */
function bestLikeness(model: ModelWords, entry: Entry, maker: ReadonlySet<string>): Likeness {
  const own = entry.names.map((name) => likenessOf(model, name, maker)).sort(byCloseness)[0]
  if (own?.kind === 'same') return own
  const listed = entry.inRange.map((name) => likenessOf(model, name, maker)).sort(byCloseness)[0]
  if (listed?.kind === 'same' && listed.shared > 1) return listed
  if (own?.kind === 'vague') return own
  const numbered = entry.inRange.find((name) => isSisterOf(model, name, entry.names, maker))
  if (numbered !== undefined) return { kind: 'same', shared: 2 }
  return likenessOfHost(model, entry.others, maker) ?? own ?? { kind: 'other', shared: 0 }
}

const CLOSENESS = ['same', 'vague', 'other'] as const

function byCloseness(a: Likeness, b: Likeness): number {
  return CLOSENESS.indexOf(a.kind) - CLOSENESS.indexOf(b.kind) || b.shared - a.shared
}

/** Telling words of a device, for names in the range field. */
export function deviceWords({ model, version = '', catalogue = '' }: Device): readonly string[] {
  const words = tellingWords(`${model} ${version} ${catalogue}`)
  return [...new Set([...words, ...joinNumbers(words), ...(splitNumbers(words) ?? [])])]
}
