import { isObject, objectsAt, textAt } from '../exposure/json.ts'
import type { Advisory, CpeConfiguration, CpeMatch, Vulnerability } from '../vocabulary.ts'
import { scoreVector, sortVectors } from './cvss.ts'
import {
  BadDocument,
  dayOf,
  isCve,
  type BadRecord,
  type ExploitSignal,
  type ParsedDocument,
  type ScoredVector,
} from './facts.ts'

/** One page of the NVD API 2.0 (or a file of that shape): CVEs with CPE configurations and vectors. */
export function parseNvd(document: unknown): ParsedDocument {
  const rows = objectsAt(document, 'vulnerabilities')
  const format = textAt(document, 'format')
  if (format !== 'NVD_CVE' && rows.length === 0) {
    throw new BadDocument('This is not a page of the NVD API 2.0: format NVD_CVE is missing.')
  }
  const advisories: Advisory[] = []
  const signals: ExploitSignal[] = []
  const bad: BadRecord[] = []
  for (const row of rows) {
    const cve: unknown = Reflect.get(row, 'cve')
    const id = textAt(cve, 'id')
    if (!isCve(id) || dayOf(textAt(cve, 'published')) === undefined) {
      const reason = isCve(id) ? 'published is not a date' : `id "${id}" is no CVE id`
      bad.push({
        name: id || 'record without id',
        reason,
        raw: JSON.stringify(row).slice(0, 20_000),
      })
      continue
    }
    const vectors = sortVectors(vectorsOf(cve))
    if (textAt(cve, 'vulnStatus') !== 'Rejected') advisories.push(advisoryOf(id, cve, vectors))
    if (vectors.length > 0) signals.push({ cve: id, vectors })
  }
  const date = textAt(document, 'timestamp')
  return { facts: { advisories, signals }, bad, ...(date !== '' && { date }) }
}

function advisoryOf(id: string, cve: unknown, vectors: readonly ScoredVector[]): Advisory {
  const updated = textAt(cve, 'lastModified')
  const configurations = objectsAt(cve, 'configurations').flatMap(configurationsOf)
  return {
    id,
    kind: 'cve',
    source: 'NVD',
    revision: updated,
    published: textAt(cve, 'published').slice(0, 10),
    updated: (dayOf(updated) ?? textAt(cve, 'published')).slice(0, 10),
    products: [],
    ...(configurations.length > 0 && { configurations }),
    vulnerabilities: [vulnerabilityOf(id, weaknessOf(cve), vectors)],
    remedies: [],
    link: `https://nvd.nist.gov/vuln/detail/${id}`,
  }
}

/** The vulnerability of a CVE: vectors, newest version first, and the highest score of the newest version. */
export function vulnerabilityOf(
  cve: string,
  cwe: string | undefined,
  vectors: readonly ScoredVector[],
): Vulnerability {
  const newest = vectors.filter(({ version }) => version === vectors[0]?.version)
  return {
    cve,
    ...(cwe !== undefined && { cwe }),
    vectors: vectors.map(({ vector }) => vector),
    ...(newest.length > 0 && { baseScore: Math.max(...newest.map(({ score }) => score)) }),
  }
}

function weaknessOf(cve: unknown): string | undefined {
  const values = objectsAt(cve, 'weaknesses')
    .flatMap((one) => objectsAt(one, 'description'))
    .map((one) => textAt(one, 'value'))
  return values.find((value) => /^CWE-\d+$/.test(value))
}

const METRICS = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2']

function vectorsOf(cve: unknown): readonly ScoredVector[] {
  return METRICS.flatMap((name) => objectsAt(cve, 'metrics', name)).flatMap((metric) => {
    const data: unknown = Reflect.get(metric, 'cvssData')
    const stated = isObject(data) ? Reflect.get(data, 'baseScore') : undefined
    const source = textAt(metric, 'source') || 'nvd@nist.gov'
    const score = typeof stated === 'number' ? stated : undefined
    return scoreVector(textAt(data, 'vectorString'), score, source) ?? []
  })
}

/** OR of its nodes where no operator is given; AND makes all nodes conditions of one way to be vulnerable. */
export function configurationsOf(configuration: object): readonly CpeConfiguration[] {
  // A negated configuration names what is safe; nothing is concluded from it.
  if (Reflect.get(configuration, 'negate') === true) return []
  const nodes = objectsAt(configuration, 'nodes')
    .filter((node) => Reflect.get(node, 'negate') !== true)
    .map(listsOf)
    .filter((lists) => lists.length > 0)
  if (nodes.length === 0) return []
  if (textAt(configuration, 'operator') === 'AND') return [{ nodes: nodes.flat() }]
  return nodes.map((lists) => ({ nodes: lists }))
}

/** A node whose operator is AND is several lists, one whose operator is OR is one. */
function listsOf(node: object): readonly (readonly CpeMatch[])[] {
  const matches = objectsAt(node, 'cpeMatch').flatMap((one) => cpeMatchOf(one) ?? [])
  if (matches.length === 0) return []
  return textAt(node, 'operator') === 'AND' ? matches.map((one) => [one]) : [matches]
}

const BOUNDS = {
  startIncluding: 'versionStartIncluding',
  startExcluding: 'versionStartExcluding',
  endIncluding: 'versionEndIncluding',
  endExcluding: 'versionEndExcluding',
} as const

function cpeMatchOf(one: object): CpeMatch | undefined {
  const criteria = textAt(one, 'criteria')
  if (!criteria.startsWith('cpe:2.3:')) return undefined
  const bounds = Object.entries(BOUNDS)
    .map(([name, key]) => [name, textAt(one, key)] as const)
    .filter(([, value]) => value !== '')
  const vulnerable = Reflect.get(one, 'vulnerable') !== false
  return { criteria, vulnerable, ...Object.fromEntries(bounds) }
}

/** How many records the source says there are in all; undefined when it does not say. */
export function totalOf(document: unknown): number | undefined {
  const total = isObject(document) ? Reflect.get(document, 'totalResults') : undefined
  return typeof total === 'number' ? total : undefined
}
