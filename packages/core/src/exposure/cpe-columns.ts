import { clauseOfCpe, endOfField, parseCpe, type CpeName } from './cpe.ts'
import type { CpeConfiguration, CpeMatch } from './facts.ts'
import type { Clause } from './range.ts'

/**
 * CPE configurations of hundreds of thousands of CVEs, in numbers: no object for each. Plain data, so that a thread can
 * make it and hand it over. A match is one CPE name of a configuration; names are those of products, each once.
 */
export interface CpeColumns {
  readonly cves: readonly string[]
  readonly vendors: readonly string[]
  /** The product of a name, and whose it is. */
  readonly products: readonly string[]
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

/** Numbers that grow. */
class Column {
  #values = new Int32Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.#values.length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.length++] = value
  }

  finish(): Int32Array<ArrayBuffer> {
    return this.#values.slice(0, this.length)
  }
}

/** Takes CVEs one by one, so that they never have to be in memory together. */
export function startCpeColumns(): CpeColumnsBuilder {
  const cves: string[] = []
  const cveOfConfig = new Column()
  const firstOfConfig = new Column()
  const nameOf = new Column()
  const configOf = new Column()
  const nodeOf = new Column()
  const clauseOf = new Column()
  const vendors = new Map<string, number>()
  const vendorOf = new Column()
  const products: string[] = []
  const nameIds = new Map<string, number>()
  const clauses: Clause[] = []
  const clauseIds = new Map<string, number>()

  const addName = ({ vendor, product }: CpeName): number => {
    let id = vendors.get(vendor)
    if (id === undefined) vendors.set(vendor, (id = vendors.size))
    vendorOf.push(id)
    return products.push(withoutFirmware(product)) - 1
  }

  const addMatch = (match: CpeMatch, config: number, node: number): void => {
    const fields = cutCpe(match)
    if (fields === undefined) return
    const { name, clause } = fields
    let nameId = nameIds.get(name)
    let clauseId = clauseIds.get(clause)
    // Nearly all name a product and a range that were named before: only what is new is taken apart.
    if (nameId === undefined || clauseId === undefined) {
      const cpe = parseCpe(match.criteria)
      if (cpe === undefined) return
      if (nameId === undefined) nameIds.set(name, (nameId = addName(cpe)))
      if (clauseId === undefined) {
        clauseIds.set(clause, (clauseId = clauses.push(clauseOfCpe(cpe, match)) - 1))
      }
    }
    nameOf.push(nameId)
    configOf.push(config)
    nodeOf.push(node * 2 + (match.vulnerable ? 1 : 0))
    clauseOf.push(clauseId)
  }

  return {
    add(cve, configurations) {
      const at = cves.push(cve) - 1
      for (const { nodes } of configurations) {
        const config = cveOfConfig.length
        cveOfConfig.push(at)
        firstOfConfig.push(nameOf.length)
        for (const [node, matches] of nodes.entries()) {
          for (const match of matches) addMatch(match, config, node)
        }
      }
    },

    finish() {
      firstOfConfig.push(nameOf.length)
      const own = nameOf.finish()
      const columns = {
        cves,
        vendors: [...vendors.keys()],
        products,
        vendorOf: vendorOf.finish(),
        clauses,
        cveOfConfig: cveOfConfig.finish(),
        firstOfConfig: firstOfConfig.finish(),
        nameOf: own,
        nodeOf: nodeOf.finish(),
        clauseOf: clauseOf.finish(),
        ...postingsOf(own, configOf.finish(), products.length),
      }
      nameIds.clear()
      clauseIds.clear()
      return columns
    },
  }
}

/** A product is one with its firmware. */
function withoutFirmware(product: string): string {
  return product.endsWith('_firmware') ? product.slice(0, -'_firmware'.length) : product
}

/** What tells the product and the range of a match from others, as written; undefined for what is no CPE name. */
function cutCpe(match: CpeMatch): { readonly name: string; readonly clause: string } | undefined {
  const { criteria, startIncluding, startExcluding, endIncluding, endExcluding } = match
  if (!criteria.startsWith('cpe:2.3:')) return undefined
  const part = endOfField(criteria, 8)
  const vendor = endOfField(criteria, part + 1)
  const product = endOfField(criteria, vendor + 1)
  const version = endOfField(criteria, product + 1)
  const own = criteria.slice(product + 1, endOfField(criteria, version + 1))
  const isBound = (startIncluding ?? startExcluding ?? endIncluding ?? endExcluding) !== undefined
  return {
    name: withoutFirmware(criteria.slice(part + 1, product)),
    clause: isBound
      ? `${own}\t${startIncluding}\t${startExcluding}\t${endIncluding}\t${endExcluding}`
      : own,
  }
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
  return Object.values(columns).flatMap((one: unknown) =>
    one instanceof Int32Array && one.buffer instanceof ArrayBuffer ? [one.buffer] : [],
  )
}
