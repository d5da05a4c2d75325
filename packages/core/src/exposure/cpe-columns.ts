import { Column } from './column.ts'
import { clauseOfCpe, endOfField, parseCpe, withoutEscapes } from './cpe.ts'
import type { CpeConfiguration, CpeMatch } from './facts.ts'
import type { Clause } from './range.ts'
import { textAt, TextsBuilder, type Texts } from './texts.ts'

/**
 * CPE configurations of hundreds of thousands of CVEs, in numbers: no object for each. Plain data, so that a thread can
 * make it and hand it over. A match is one CPE name of a configuration; names are those of products, each once.
 */
export interface CpeColumns {
  readonly cves: Texts
  readonly vendors: readonly string[]
  /** Vendor and product of a name as written, a colon between them; see `productAt`. */
  readonly names: Texts
  readonly vendorOf: Int32Array
  readonly clauses: readonly Clause[]
  readonly cveOfConfig: Int32Array
  /** Where the matches of a configuration begin; one more than there are configurations, so that the last one ends. */
  readonly firstOfConfig: Int32Array
  readonly nameOf: Int32Array
  /** Twice the number of the node, and one more where the product is the vulnerable one. */
  readonly nodeOf: Int32Array
  readonly clauseOf: Int32Array
  /** Configurations that name a product, those of a product side by side: from `offsets[name]` to the next. */
  readonly offsets: Int32Array
  readonly configs: Int32Array
}

interface CpeColumnsBuilder {
  add(cve: string, configurations: readonly CpeConfiguration[]): void
  finish(): CpeColumns
}

/** Takes CVEs one by one, so that they never have to be in memory together. */
export function startCpeColumns(): CpeColumnsBuilder {
  const cves = new TextsBuilder()
  const cveOfConfig = new Column()
  const firstOfConfig = new Column()
  const nameOf = new Column()
  const configOf = new Column()
  const nodeOf = new Column()
  const clauseOf = new Column()
  const vendors = new TextsBuilder()
  const vendorOf = new Column()
  const names = new TextsBuilder()
  const clauses: Clause[] = []
  const clauseIds = new Map<string, number>()

  /** The number of a name's range; nearly all are ranges that were there before: only what is new is taken apart. */
  const clauseIdOf = (match: CpeMatch, version: number, end: number): number => {
    const key = clauseKey(match, version, end)
    const known = clauseIds.get(key)
    if (known !== undefined) return known
    const id = clauses.push(clauseOfCpe(parseCpe(match.criteria) ?? ANY_VERSION, match)) - 1
    clauseIds.set(key, id)
    return id
  }

  // A feed of CVEs names some million products: their text is read where it stands, without a string for each.
  const addMatch = (match: CpeMatch, config: number, node: number): void => {
    const { criteria } = match
    if (!criteria.startsWith('cpe:2.3:')) return
    const vendor = endOfField(criteria, 8) + 1
    const vendorEnd = endOfField(criteria, vendor)
    const product = vendorEnd + 1
    const productEnd = endOfField(criteria, product)
    if (vendorEnd <= vendor || productEnd <= product) return
    const name = names.intern(criteria, vendor, withoutFirmware(criteria, product, productEnd))
    if (name === vendorOf.length) vendorOf.push(vendors.intern(criteria, vendor, vendorEnd))
    const version = productEnd + 1
    nameOf.push(name)
    configOf.push(config)
    nodeOf.push(node * 2 + (match.vulnerable ? 1 : 0))
    clauseOf.push(
      clauseIdOf(match, version, endOfField(criteria, endOfField(criteria, version) + 1)),
    )
  }

  return {
    add(cve, configurations) {
      const at = cves.push(cve)
      for (const { nodes } of configurations) {
        const config = cveOfConfig.length
        cveOfConfig.push(at)
        firstOfConfig.push(nameOf.length)
        for (let node = 0; node < nodes.length; node++) {
          for (const match of nodes[node]!) addMatch(match, config, node)
        }
      }
    },

    finish() {
      firstOfConfig.push(nameOf.length)
      const own = nameOf.finish()
      const ofVendors = vendors.finish()
      return {
        cves: cves.finish(),
        vendors: Array.from(ofVendors.ends, (_, at) => withoutEscapes(textAt(ofVendors, at))),
        names: names.finish(),
        vendorOf: vendorOf.finish(),
        clauses,
        cveOfConfig: cveOfConfig.finish(),
        firstOfConfig: firstOfConfig.finish(),
        nameOf: own,
        nodeOf: nodeOf.finish(),
        clauseOf: clauseOf.finish(),
        ...postingsOf(own, configOf.finish(), names.length),
      }
    },
  }
}

const ANY_VERSION = { version: '*', update: '*' }
const FIRMWARE = '_firmware'

/** Where a product's name ends: a product is one with its firmware. */
function withoutFirmware(criteria: string, from: number, to: number): number {
  const end = to - FIRMWARE.length
  return end > from && criteria.startsWith(FIRMWARE, end) ? end : to
}

/** The product of a name. */
export function productAt(names: Texts, name: number): string {
  const text = textAt(names, name)
  return withoutEscapes(text.slice(endOfField(text, 0) + 1))
}

/** What tells the range of a match from others, as written. */
function clauseKey(match: CpeMatch, version: number, end: number): string {
  const { criteria, startIncluding, startExcluding, endIncluding, endExcluding } = match
  const own = criteria.slice(version, end)
  const isBound = (startIncluding ?? startExcluding ?? endIncluding ?? endExcluding) !== undefined
  if (!isBound) return own
  return `${own}\t${startIncluding}\t${startExcluding}\t${endIncluding}\t${endExcluding}`
}

function postingsOf(nameOf: Int32Array, configOf: Int32Array, count: number) {
  const offsets = new Int32Array(count + 1)
  for (const name of nameOf) offsets[name + 1]! += 1
  for (let name = 0; name < count; name++) offsets[name + 1]! += offsets[name]!
  const next = offsets.slice()
  const configs = new Int32Array(nameOf.length)
  for (let at = 0; at < nameOf.length; at++) configs[next[nameOf[at]!]!++] = configOf[at]!
  return { offsets, configs }
}

/** The memory that can be handed to another thread instead of being copied. */
export function buffersOf(columns: CpeColumns): ArrayBuffer[] {
  const { cves, names, ...others } = columns
  return [...Object.values(cves), ...Object.values(names), ...Object.values(others)].flatMap(
    (one: unknown) =>
      ArrayBuffer.isView(one) && one.buffer instanceof ArrayBuffer ? [one.buffer] : [],
  )
}
