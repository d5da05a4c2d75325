import type { Advisory, Device, Match, ProductStatus, VexStatement } from '../vocabulary.ts'
import { indexAdvisories } from './advisory-index.ts'
import type { MakerNames } from './maker.ts'
import { match } from './match.ts'

export interface StatementIndex {
  /** Statements that surely mean the device: its maker, its model and its version. */
  statementsFor(device: Device): readonly VexStatement[]
}

/** Reads statements of exploitability once, so that any number of devices can be held against them. */
export function indexStatements(
  statements: readonly VexStatement[],
  makers?: MakerNames,
): StatementIndex {
  const byId = new Map(statements.map((one) => [one.id, one]))
  const index = indexAdvisories(statements.map(asAdvisory), makers)
  return {
    statementsFor: (device) =>
      match(device, index)
        .filter(({ verdict }) => verdict === 'affected')
        .flatMap(({ advisoryId }) => byId.get(advisoryId) ?? []),
  }
}

/** What a statement is about is found as an affected product is. */
function asAdvisory({
  id,
  source,
  published,
  cves,
  manufacturer,
  model,
  range,
}: VexStatement): Advisory {
  const product = { pid: id, vendor: manufacturer, product: model, range, cves }
  const rest = { revision: '1', updated: published, vulnerabilities: [], remedies: [], link: '' }
  return { id, kind: 'csaf', source, published, products: [product], ...rest }
}

/**
 * Lays statements over matches. The latest of each source counts. Where all clear a vulnerability it is not affected,
 * where they contradict each other or the advisory's clearing it is disputed; every statement stays with the match.
 */
export function applyStatements(
  matches: readonly Match[],
  statements: readonly VexStatement[],
): readonly Match[] {
  if (statements.length === 0) return matches
  return matches.map((one) => {
    const own = statements.filter(({ cves }) => cves.some((cve) => one.cves.includes(cve)))
    return own.length === 0 ? one : apply(one, own)
  })
}

function apply(one: Match, statements: readonly VexStatement[]): Match {
  const said = one.cves.map((cve) => ({ cve, ...saidOf(cve, statements) }))
  const open = said.filter(({ isCleared }) => !isCleared).map(({ cve }) => cve)
  const words = statements.map(sayStatement).join(' ')
  if (one.verdict === 'not-affected') {
    const isContested = said.some(({ isAffected }) => isAffected)
    return isContested
      ? reread(one, 'disputed', one.cves, words, statements)
      : { ...one, statements }
  }
  if (said.some(({ isAffected, isCleared }) => isAffected && isCleared)) {
    return reread(one, 'disputed', one.cves, words, statements)
  }
  if (open.length > 0 || said.length === 0) return { ...one, cves: open, statements }
  return reread(one, 'not-affected', one.cves, words, statements)
}

function reread(
  one: Match,
  verdict: Match['verdict'],
  cves: readonly string[],
  words: string,
  statements: readonly VexStatement[],
): Match {
  const { missing: _, ...rest } = one
  const because = { ...one.because, reason: `${words} The advisory: ${one.because.reason}` }
  return { ...rest, verdict, cves, because, statements }
}

const CLEARING: readonly ProductStatus[] = ['not-affected', 'fixed']

function saidOf(cve: string, statements: readonly VexStatement[]) {
  const bySource = new Map<string, VexStatement>()
  for (const one of statements) {
    const before = bySource.get(one.source)
    if (!one.cves.includes(cve)) continue
    if (before === undefined || before.published <= one.published) bySource.set(one.source, one)
  }
  const latest = [...bySource.values()].map(({ status }) => status)
  return {
    isCleared: latest.some((status) => CLEARING.includes(status)),
    isAffected: latest.includes('affected'),
  }
}

const SAID: Readonly<Record<ProductStatus, string>> = {
  affected: 'it is affected',
  'not-affected': 'it is not affected',
  fixed: 'it is fixed',
  'under-investigation': 'it is under investigation',
}

function sayStatement({ source, published, status, justification }: VexStatement): string {
  const why = justification === undefined ? '' : ` (${justification.replaceAll('_', ' ')})`
  return `${source} states on ${published} that ${SAID[status]}${why}.`
}
