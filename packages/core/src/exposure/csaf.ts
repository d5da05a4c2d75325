import type { Advisory, AffectedProduct, Vulnerability } from '../vocabulary.ts'
import type { Repair } from './csaf-repair.ts'
import { withRelabelled } from './relabelled.ts'
import { repairProduct, repairText, statedRange } from './csaf-repair.ts'
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
  const leaves = leavesOf(document)
  const repaired = leaves.map((leaf) => repairProduct(leaf, leaves, { id, title }))
  const advisory: Advisory = {
    id,
    kind: 'csaf',
    source: textAt(document, 'document', 'publisher', 'name'),
    revision: textAt(document, 'document', 'tracking', 'version'),
    published: textAt(document, 'document', 'tracking', 'initial_release_date').slice(0, 10),
    updated: textAt(document, 'document', 'tracking', 'current_release_date').slice(0, 10),
    products: repaired.flatMap((one) => withRelabelled(productOf(one, vulnerabilities))),
    vulnerabilities: vulnerabilities.map((one) => vulnerabilityOf(one, kev)),
    remedies: remediesOf(vulnerabilities),
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
      leaves.push({ pid, vendor, product: own, range, sentence: textAt(branch, 'product', 'name') })
    }
    for (const child of objectsAt(branch, 'branches').reverse()) {
      stack.push({ branch: child, vendor, product })
    }
  }
  return leaves
}

function productOf(
  { pid, vendor, product, range, sentence }: Leaf & Repair,
  vulnerabilities: readonly object[],
): AffectedProduct {
  const listed = vulnerabilities
    .filter((one) => listAt(one, 'product_status', 'known_affected').includes(pid))
    .map((one) => textAt(one, 'cve'))
  const named = cvesNamedIn(sentence)
  const own = named.length > 0 ? listed.filter((cve) => named.includes(cve)) : listed
  const stated = statedRange(sentence, product, range)
  const cves = [...new Set(own.length > 0 ? own : listed)].filter((cve) => cve !== '').sort()
  return { pid, vendor, product, range, ...(stated !== undefined && { stated }), cves }
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
  const cve = textAt(vulnerability, 'cve')
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

function remediesOf(vulnerabilities: readonly object[]): Advisory['remedies'] {
  const all = vulnerabilities
    .flatMap((one) => objectsAt(one, 'remediations'))
    .map((one) => {
      const url = textAt(one, 'url')
      const pids = listAt(one, 'product_ids')
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
