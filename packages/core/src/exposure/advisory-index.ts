import type { Advisory, AffectedProduct, Device } from '../vocabulary.ts'
import { ByModel } from './by-model.ts'
import { codesOf, deviceIdentifierOf, fitOf, isOtherNumber, looseCodesOf } from './catalogue.ts'
import type { CpeIndex } from './cpe-index.ts'
import { startCpeIndex } from './cpe-index.ts'
import type { Entry } from './entry.ts'
import { entryOf, readNames } from './entry.ts'
import type { Likeness, ModelWords } from './likeness.ts'
import { isAllMet, likenessOf, readModel } from './likeness.ts'
import type { MakerNames } from './maker.ts'
import { deviceMakerKeys, makerWords, modelWithoutMaker } from './maker.ts'
import { implantsIn, isOtherImplant } from './implants.ts'
import { eventOf, isSisterOf, likenessOfHost, narrow } from './narrow.ts'
import { answerOfSystem } from './platform.ts'
import type { Shelf } from './shelf.ts'
import { stock } from './shelf.ts'
import { joinNumbers, splitNumbers, tellingWords, withoutSerial } from './words.ts'

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
  const remembered = new ByModel<Map<string, readonly Candidate[]>>()
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
      const key =
        catalogue + version + identifier === '' ? '' : `${catalogue}\n${version}\n${identifier}`
      const known = remembered.get(manufacturer, model) ?? new Map<string, readonly Candidate[]>()
      let found = known.get(key)
      if (found === undefined) {
        const text = `${withoutSerial(model)} ${catalogue} ${version}`
        const named = findCandidates(lookup, manufacturer, text, makers).filter(
          ({ entry }) =>
            !isOtherNumber(catalogue, model, entry.codes) && !isOtherSystem(model, entry),
        )
        found = [...byIdentifier(lookup, udi, named), ...named]
        remembered.set(manufacturer, model, known.set(key, found))
      }
      last = { device, found }
      return found
    },
  }
}

/** Where a system is the product, `Windows 8.1` is none of the `Windows 7`. */
function isOtherSystem(model: string, { product: { vendor, product } }: Entry): boolean {
  const isSystem = /^windows\b/i.test(product) && /^windows\b/i.test(model)
  return isSystem && answerOfSystem({ manufacturer: vendor, model }, product) === 'out'
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
  const loose = looseCodesOf(model)
  const own = makerWords([manufacturer], makers)
  const keys = new Set(deviceMakerKeys(manufacturer, makers))
  const mine = [...keys].flatMap((key) => shelves.get(key) ?? [])
  const coded = [...codes, ...loose]
    .flatMap((code) => byCode.get(code) ?? [])
    .filter(({ makers: named }) => named.some((maker) => keys.has(maker)))
  const read = (words: ModelWords) => {
    const entries = new Set([...mine.flatMap((shelf) => shelf.pick(words, own)), ...coded])
    const candidates = [...entries].flatMap((entry) =>
      candidateOf(entry, words, { codes, loose }, own),
    )
    return narrow(words, own, candidates)
  }
  const words = readModel(model)
  const found = read(words)
  const readings = mine.flatMap((shelf) => [shelf.respell(words, own), shelf.takeApart(words)])
  const all = readings.reduce((done, spelt) => {
    if (spelt === undefined) return done
    const more = read(spelt)
    const kept =
      spelt.apart.length < words.apart.length ? withoutHalves(done, more, spelt, own) : done
    return withMore(withCloser(kept, more), more, ({ entry }) => entry)
  }, found)
  const head = withoutPlace(model)
  const placed = head === undefined ? all : openBesides(all, read(head).filter(isSame), head, own)
  const plain = /\(|\bwith\b/i.test(model) ? withoutRemarks(model) : undefined
  const bare = modelWithoutMaker(model, manufacturer, makers)
  const others = [plain, bare === undefined ? undefined : readModel(bare)]
  return others.reduce(
    (done: readonly Candidate[], other) =>
      other === undefined ? done : withMore(done, read(other), ({ entry }) => entry.advisory.id),
    placed,
  )
}

/**
 * Without what only half of a number named: the `Paradigm 723-K` is the 723K and not the 723, where an advisory has both.
 * The spelling has to name a product with all of its words.
 */
function withoutHalves(
  found: readonly Candidate[],
  more: readonly Candidate[],
  spelt: ModelWords,
  maker: ReadonlySet<string>,
): readonly Candidate[] {
  const whole = more.filter(({ entry, likeness }) => {
    const own = new Set([...maker, ...entry.makerWords])
    return likeness.kind === 'same' && entry.names.some((name) => isAllMet(spelt, name, own))
  })
  const isSister = (one: Entry, { entry }: Candidate) => eventOf(entry) === eventOf(one)
  return found.filter(
    ({ entry }) =>
      more.some((one) => one.entry === entry) || !whole.some((one) => isSister(entry, one)),
  )
}

/** The candidates, each as another spelling of the model says it where that is closer. */
function withCloser(
  found: readonly Candidate[],
  others: readonly Candidate[],
): readonly Candidate[] {
  return found.map((one) => {
    const other = others.find(({ entry }) => entry === one.entry)
    return other === undefined || byCloseness(one.likeness, other.likeness) <= 0 ? one : other
  })
}

/** The candidates, and those of the others whose key is not among them. */
function withMore(
  found: readonly Candidate[],
  others: readonly Candidate[],
  keyOf: (one: Candidate) => unknown,
): readonly Candidate[] {
  const known = new Set(found.map(keyOf))
  return [...found, ...others.filter((one) => !known.has(keyOf(one)))]
}

function isSame({ likeness }: Candidate): boolean {
  return likeness.kind === 'same'
}

/** The candidates, those left open of which only words behind the head tell, where an advisory names the head itself. */
function openBesides(
  found: readonly Candidate[],
  named: readonly Candidate[],
  head: ModelWords,
  maker: ReadonlySet<string>,
): readonly Candidate[] {
  const kept = new Set(withoutHalves(found, named, head, maker))
  return found.map((one) =>
    kept.has(one) ? one : { ...one, likeness: { ...one.likeness, kind: 'vague' } },
  )
}

/**
 * What stands before words that say where a device stands or what it does: `Central Station (CSCS), cardiology telemetry` is
 * hardly a Telemetry Server, and a `Spot Monitor (vital signs cart)` no Vital Signs Monitor. Undefined where there are none; a
 * capital letter begins a name, as in `Kepware Server (formerly ThingWorx Industrial Connectivity)`.
 */
function withoutPlace(model: string): ModelWords | undefined {
  const head = /^(.+?)(?:,\s+[a-z][^,()\dA-Z]*|\s+\([a-z][^()A-Z]*\))$/.exec(model.trim())?.[1]
  return head === undefined ? undefined : readModel(head)
}

/** `MyVue (reading room)` without where it stands, `IBE with SureSigns` without what it works with; undefined where nothing else is left. */
function withoutRemarks(model: string): ModelWords | undefined {
  const words = readModel(model.replace(/\([^()]*\)?/g, ' ').replace(/\swith\s.*$/i, ''))
  return words.apart.length === 0 ? undefined : words
}

/** Serial or lot numbers decide, which twins do not share. */
export function hasNumbers({ serials, lots }: AffectedProduct): boolean {
  return serials !== undefined || lots !== undefined
}

function nameWords({ names }: Entry): ReadonlySet<string> {
  return new Set(names.flatMap(({ slots }) => slots.flatMap(({ words }) => words)))
}

function candidateOf(
  entry: Entry,
  words: ModelWords,
  { codes, loose }: { readonly codes: readonly string[]; readonly loose: readonly string[] },
  own: ReadonlySet<string>,
): readonly Candidate[] {
  const isLoose = loose.some((code) => entry.codes?.all.has(code))
  const plain =
    entry.codes === undefined ? 'silent' : fitOf(codes, entry.codes, () => nameWords(entry))
  const fit = isLoose ? 'hit' : plain
  if (fit === 'other') return []
  const isNumbered = hasNumbers(entry.product)
  const likeness = bestLikeness(words, entry, new Set([...own, ...entry.makerWords]))
  if (fit === 'hit') {
    const shared = Math.max(1, likeness.shared)
    return [{ entry, likeness: { kind: 'same', shared }, key: isNumbered ? 'serial' : 'catalogue' }]
  }
  if (likeness.kind === 'other') return []
  const isOther = entry.implants.size > 0 && isOtherImplant(implantsIn(words.apart), entry.implants)
  const open = isOther ? { ...likeness, kind: 'vague' as const } : likeness
  return [{ entry, likeness: open, key: isNumbered ? 'serial' : 'product' }]
}

/** The product's name decides; where it only names a group, a name in the range field can. */
function bestLikeness(model: ModelWords, entry: Entry, maker: ReadonlySet<string>): Likeness {
  const { aliasWords } = entry
  const own = entry.names
    .map((name) => likenessOf(model, name, maker, aliasWords))
    .sort(byCloseness)[0]
  if (own?.kind === 'same') return own
  const listed = entry.inRange.map((name) => likenessOf(model, name, maker)).sort(byCloseness)[0]
  if (listed?.kind === 'same' && listed.shared > 1) return listed
  if (own?.kind === 'vague') return own
  if (listed?.kind === 'vague' && listed.shared > 1) return listed
  const numbered = entry.inRange.find((name) => isSisterOf(model, name, entry.names, maker))
  if (numbered !== undefined) return { kind: 'same', shared: 2 }
  return likenessOfHost(model, entry, maker) ?? own ?? { kind: 'other', shared: 0 }
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
