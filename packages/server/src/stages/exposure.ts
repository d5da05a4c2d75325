import {
  indexAdvisories,
  indexMds2,
  indexSboms,
  indexStatements,
  indexSupport,
  openCpeIndex,
  type Advisory,
  type AdvisoryIndex,
  type CpeIndex,
  type Mds2Index,
  type SbomIndex,
  type StatementIndex,
  type SupportIndex,
} from '@wardkeeper/core'
import type pg from 'pg'
import type { Content } from '../content/load.ts'
import { loadAdvisories, loadExploited } from '../store/advisories.ts'
import { readRevisions, type Revisions } from '../store/content-changes.ts'
import type { Executor } from '../store/database.ts'
import { compileCves } from './compile-cves.ts'
import { loadProductFacts } from '../store/product-facts.ts'

/** Everything that devices are held against, compiled. */
export interface Exposure {
  readonly index: AdvisoryIndex
  readonly byId: ReadonlyMap<string, Advisory>
  readonly exploited: ReadonlySet<string>
  readonly statements: StatementIndex
  readonly support: SupportIndex
  readonly sboms: SbomIndex
  readonly mds2: Mds2Index
}

/**
 * Keeps what is matched compiled, and compiles again only what changed in the database. While it holds no advisory
 * those that come along count. `connection` is for a thread that reads CVEs meanwhile.
 */
export function keepExposure(
  content: Content,
  connection?: pg.ClientConfig,
): (db: Executor) => Promise<Exposure> {
  const { vocabulary } = content.knowledge
  let revisions: Revisions | undefined
  let cves: CpeIndex | undefined
  let current: Exposure | undefined
  return async (db) => {
    // Read before what it counts: what is committed in between is read twice, never missed.
    const now = await readRevisions(db)
    const isSame = now.advisories === revisions?.advisories && now.facts === revisions.facts
    if (current !== undefined && isSame && now.cves === revisions?.cves) return current
    const isKnown = now.cves === revisions?.cves
    // CVEs take a thread some seconds: what else is held against devices is compiled in that time.
    const [columns, compiled] = await Promise.all([
      isKnown || now.cves === 0 ? undefined : compileCves(db, connection),
      compileOthers(db, content),
    ])
    if (columns !== undefined) cves = openCpeIndex(columns, vocabulary)
    current =
      cves === undefined ? compiled : { ...compiled, index: { ...compiled.index, cpes: cves } }
    revisions = now
    return current
  }
}

/** Everything but the CVEs that are read apart. */
async function compileOthers(
  db: Executor,
  { knowledge: { vocabulary }, advisories: own }: Content,
): Promise<Exposure> {
  const [stored, facts, exploited] = await Promise.all([
    loadAdvisories(db),
    loadProductFacts(db),
    loadExploited(db),
  ])
  const advisories = stored.length > 0 ? stored : own
  return {
    index: indexAdvisories(advisories, vocabulary),
    byId: new Map(advisories.map((advisory) => [advisory.id, advisory])),
    exploited: new Set([...exploited, ...exploitedIn(advisories)]),
    statements: indexStatements(facts.vex, vocabulary),
    support: indexSupport(facts.support, vocabulary),
    sboms: indexSboms(facts.sboms, vocabulary),
    mds2: indexMds2(facts.mds2, vocabulary),
  }
}

function exploitedIn(advisories: readonly Advisory[]): readonly string[] {
  return advisories.flatMap(({ vulnerabilities }) =>
    vulnerabilities.flatMap(({ cve, kev }) => (kev === undefined ? [] : [cve])),
  )
}
