import type { Advisory, AffectedProduct, ProductStatus, Vulnerability } from '../vocabulary.ts'
import type { Repair } from './csaf-repair.ts'
import { hostsIn } from './other-names.ts'
import { withRelabelled } from './relabelled.ts'
import { repairProduct, repairText, statedRange, withShortNames } from './csaf-repair.ts'
import { isObject, listAt, objectsAt, textAt } from './json.ts'

export interface ParsedCsaf {
  readonly advisory: Advisory
  /** What was put right while reading, one sentence each. */
  readonly repairs: readonly string[]
}

/**
 * Reads the facts of a CSAF 2.0 document: products, ranges, CVEs, vectors, kinds of remedy, dates. No prose is kept.
 * `kev` gives the date on which a CVE entered the catalogue of known exploited vulnerabilities.
 */
export function parseCsaf(
  document: unknown,
  kev: (cve: string) => string | undefined = () => undefined,
): ParsedCsaf {
  const id = textAt(document, 'document', 'tracking', 'id').trim()
  if (id === '') throw new Error('not a CSAF document: document.tracking.id is missing')
  const vulnerabilities = objectsAt(document, 'vulnerabilities')
  const title = repairText(textAt(document, 'document', 'title')).text
  const cvesWith = readStatuses(vulnerabilities)
  const leaves = [...leavesOf(document), ...fullNamesOf(document)]
  leaves.push(...relatedLeaves(document, leaves))
  const isAlone = leaves.every(({ product }) => product === leaves[0]?.product)
  const repaired = withShortNames(leaves.map((leaf) => repairProduct(leaf, { id, title, isAlone })))
  const advisory: Advisory = {
    id,
    kind: 'csaf',
    source: textAt(document, 'document', 'publisher', 'name'),
    revision: textAt(document, 'document', 'tracking', 'version'),
    published: textAt(document, 'document', 'tracking', 'initial_release_date').slice(0, 10),
    updated: textAt(document, 'document', 'tracking', 'current_release_date').slice(0, 10),
    products: repaired.flatMap((one) => productsOf(one, cvesWith)).flatMap(withRelabelled),
    vulnerabilities: vulnerabilities.map((one) => vulnerabilityOf(one, kev)),
    remedies: remediesOf(vulnerabilities, groupsOf(document)),
    link: linkOf(document),
  }
  return { advisory, repairs: [...new Set(repaired.flatMap((one) => one.repairs))] }
}

/** A product as the tree has it: vendor, product, version, and the sentence that names it. */
export interface Leaf {
  readonly pid: string
  readonly vendor: string
  readonly product: string
  readonly range: string
  readonly sentence: string
  readonly catalogues?: readonly string[]
  readonly serials?: readonly string[]
}

/** Model and serial numbers that the document gives beside the name (CSAF 2.0, 3.1.3.3). */
function numbersOf(product: unknown): Pick<Leaf, 'catalogues' | 'serials'> {
  const helper = ['product_identification_helper'] as const
  const catalogues = [
    ...listAt(product, ...helper, 'model_numbers'),
    ...listAt(product, ...helper, 'skus'),
  ]
  const serials = listAt(product, ...helper, 'serial_numbers')
  return {
    ...(catalogues.length > 0 && { catalogues }),
    ...(serials.length > 0 && { serials }),
  }
}

/** Products that stand beside the tree, with nothing but a sentence. */
function fullNamesOf(document: unknown): readonly Leaf[] {
  return objectsAt(document, 'product_tree', 'full_product_names').map((one) => {
    const sentence = textAt(one, 'name')
    const pid = textAt(one, 'product_id')
    return { pid, vendor: '', product: sentence, range: 'vers:all/*', sentence, ...numbersOf(one) }
  })
}

/** Products made of two others: firmware installed on a device, a component of a product (CSAF 2.0, 3.2.2.4). */
function relatedLeaves(document: unknown, leaves: readonly Leaf[]): readonly Leaf[] {
  const byPid = new Map(leaves.map((leaf) => [leaf.pid, leaf]))
  return objectsAt(document, 'product_tree', 'relationships').flatMap((one) => {
    const part = byPid.get(textAt(one, 'product_reference'))
    const whole = byPid.get(textAt(one, 'relates_to_product_reference'))
    const pid = textAt(one, 'full_product_name', 'product_id')
    if (part === undefined || whole === undefined || pid === '') return []
    const isInstalled = textAt(one, 'category').startsWith('installed')
    const range = isInstalled && whole.range === 'vers:all/*' ? part.range : whole.range
    const vendor = whole.vendor || part.vendor
    return [{ ...whole, pid, vendor, range, sentence: textAt(one, 'full_product_name', 'name') }]
  })
}

function leavesOf(document: unknown): readonly Leaf[] {
  const leaves: Leaf[] = []
  const stack = objectsAt(document, 'product_tree', 'branches')
    .map((branch) => ({ branch, vendor: '', product: '' }))
    .reverse()
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const { branch } = node
    const name = textAt(branch, 'name')
    const category = textAt(branch, 'category')
    const vendor = category === 'vendor' ? name : node.vendor
    const product = category === 'product_name' ? name : node.product
    const pid = textAt(branch, 'product', 'product_id')
    if (pid !== '') {
      const isVersion = category.startsWith('product_version')
      const range = isVersion ? name : 'vers:all/*'
      const own = isVersion || category === 'product_name' ? product : name
      const sentence = textAt(branch, 'product', 'name')
      const numbers = numbersOf(Reflect.get(branch, 'product'))
      leaves.push({ pid, vendor, product: own, range, sentence, ...numbers })
    }
    for (const child of objectsAt(branch, 'branches').reverse()) {
      stack.push({ branch: child, vendor, product })
    }
  }
  return leaves
}

const AFFECTED = ['known_affected', 'first_affected', 'last_affected']
const OTHERWISE: readonly (readonly [ProductStatus, readonly string[]])[] = [
  ['not-affected', ['known_not_affected']],
  ['fixed', ['fixed', 'first_fixed', 'recommended']],
  ['under-investigation', ['under_investigation']],
]

const SERIALS =
  /\b(?:SNs?|S\/N|serial numbers?)[\s:#]*([A-Z]{0,4}\d[\dA-Z-]{2,})\s+and (higher|above|later|newer|lower|below|earlier|prior)\b/i

/** Serial numbers beside the product, and those that its sentence bounds: `SN 138853 and higher`. */
function numbersWith(
  listed: readonly string[] | undefined,
  sentence: string,
): Pick<AffectedProduct, 'serials'> {
  if (listed !== undefined) return { serials: listed.map((one) => ({ from: one, to: one })) }
  const [, number, way = ''] = SERIALS.exec(sentence) ?? []
  if (number === undefined) return {}
  return { serials: [/lower|below|earlier|prior/i.test(way) ? { to: number } : { from: number }] }
}

/** The product as affected, and beside it what the document says of it otherwise: fixed, not affected. */
function productsOf(
  { pid, vendor, product, range, sentence, catalogues, serials, also = [] }: Leaf & Repair,
  cvesWith: CvesWith,
): readonly AffectedProduct[] {
  const listed = cvesWith(pid, AFFECTED)
  const named = cvesNamedIn(sentence)
  const own = named.length > 0 ? listed.filter((cve) => named.includes(cve)) : listed
  const stated = statedRange(sentence, product, range)
  const names = [...new Set([...also, ...hostsIn(`${sentence} ; ${range}`)])]
  const common = {
    pid,
    vendor,
    product,
    range,
    ...(stated !== undefined && { stated }),
    ...(sentence !== '' && { leaf: sentence }),
    ...(catalogues !== undefined && { catalogues }),
    ...numbersWith(serials, sentence),
    ...(names.length > 0 && { also: names }),
  }
  const others = OTHERWISE.map(([status, names]) => ({
    ...common,
    status,
    cves: cvesWith(pid, names),
  })).filter(({ cves }) => cves.length > 0)
  if (listed.length === 0 && others.length > 0) return others
  return [{ ...common, cves: own.length > 0 ? own : listed }, ...others]
}

/** CVEs (or the ids that stand in for them) whose status lists of these names hold the product, each once and sorted. */
type CvesWith = (pid: string, names: readonly string[]) => readonly string[]

/** Reads the status lists once: documents of hundreds of products repeat them all for each vulnerability. */
function readStatuses(vulnerabilities: readonly object[]): CvesWith {
  const lists = new Map<string, Map<string, string[]>>()
  for (const name of [...AFFECTED, ...OTHERWISE.flatMap(([, names]) => names)]) {
    const byPid = new Map<string, string[]>()
    for (const one of vulnerabilities) {
      const cve = idOf(one)
      if (cve === '') continue
      for (const pid of listAt(one, 'product_status', name)) push(byPid, pid, cve)
    }
    if (byPid.size > 0) lists.set(name, byPid)
  }
  return (pid, names) => {
    const cves = names.flatMap((name) => lists.get(name)?.get(pid) ?? [])
    return cves.length < 2 ? cves : [...new Set(cves)].sort()
  }
}

function push(byPid: Map<string, string[]>, pid: string, cve: string): void {
  const cves = byPid.get(pid)
  if (cves === undefined) byPid.set(pid, [cve])
  else cves.push(cve)
}

/** A vulnerability without CVE goes by the id that its publisher gave it. */
function idOf(vulnerability: object): string {
  return textAt(vulnerability, 'cve') || textAt(objectsAt(vulnerability, 'ids')[0], 'text')
}

/** `(Impacted by CVE-2020- 6962 and CVE-2020-6965)` narrows what the status lists for every product. */
function cvesNamedIn(sentence: string): readonly string[] {
  const aside = /\((?:impacted|affected) by ([^)]*)\)/i.exec(sentence)?.[1] ?? ''
  return [...aside.matchAll(/CVE-(\d{4})-\s*(\d{4,})/g)].map(
    (found) => `CVE-${found[1]}-${found[2]}`,
  )
}

function vulnerabilityOf(
  vulnerability: object,
  kev: (cve: string) => string | undefined,
): Vulnerability {
  const cve = idOf(vulnerability)
  const cwe = textAt(vulnerability, 'cwe', 'id')
  const scores = objectsAt(vulnerability, 'scores')
  const vectors = [
    ...objectsAt(vulnerability, 'references').flatMap((one) => vectorIn(textAt(one, 'url'))),
    ...scores.flatMap((one) => [
      textAt(one, 'cvss_v4', 'vectorString'),
      textAt(one, 'cvss_v3', 'vectorString'),
      textAt(one, 'cvss_v2', 'vectorString'),
    ]),
  ].filter((vector) => vector !== '')
  const bases = scores.flatMap((one) => baseScoresOf(one))
  const exploited = kev(cve)
  return {
    cve,
    ...(cwe !== '' && { cwe }),
    vectors: [...new Set(vectors)].sort((a, b) => versionOf(b) - versionOf(a)),
    ...(bases.length > 0 && { baseScore: Math.max(...bases) }),
    ...(exploited !== undefined && { kev: exploited }),
  }
}

function vectorIn(url: string): readonly string[] {
  const found = /#(CVSS:4\.0\/[A-Z:/]+)/i.exec(url)?.[1]
  return found === undefined ? [] : [found]
}

function versionOf(vector: string): number {
  return Number(/^CVSS:(\d\.\d)/.exec(vector)?.[1] ?? 2)
}

function baseScoresOf(score: object): readonly number[] {
  return Object.values(score).flatMap((one: unknown) => {
    const base = isObject(one) ? Reflect.get(one, 'baseScore') : undefined
    return typeof base === 'number' ? base : []
  })
}

type Groups = ReadonlyMap<string, readonly string[]>

/** Products by the id of their group (CSAF 2.0, 3.2.2.3). */
function groupsOf(document: unknown): Groups {
  return new Map(
    objectsAt(document, 'product_tree', 'product_groups').map((one) => [
      textAt(one, 'group_id'),
      listAt(one, 'product_ids'),
    ]),
  )
}

function remediesOf(vulnerabilities: readonly object[], groups: Groups): Advisory['remedies'] {
  const all = vulnerabilities
    .flatMap((one) => objectsAt(one, 'remediations'))
    .map((one) => {
      const url = textAt(one, 'url')
      const grouped = listAt(one, 'group_ids').flatMap((id) => groups.get(id) ?? [])
      const pids = [...new Set([...listAt(one, 'product_ids'), ...grouped])]
      return { kind: textAt(one, 'category'), pids, ...(url !== '' && { url }) }
    })
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}

function linkOf(document: unknown): string {
  const own = objectsAt(document, 'document', 'references')
    .filter((one) => textAt(one, 'category') === 'self')
    .map((one) => textAt(one, 'url'))
  return own.find((url) => !url.endsWith('.json')) ?? own[0] ?? ''
}
