import {
  indexAdvisories,
  indexMds2,
  indexSboms,
  indexStatements,
  indexSupport,
  startCpeIndex,
  type Advisory,
  type AdvisoryIndex,
  type CpeIndex,
  type Mds2Index,
  type SbomIndex,
  type StatementIndex,
  type SupportIndex,
} from '@wardkeeper/core'
import type { Content } from '../content/load.ts'
import { loadAdvisories, loadExploited, streamConfigurations } from '../store/advisories.ts'
import { readRevisions, type Revisions } from '../store/content-changes.ts'
import type { Executor } from '../store/database.ts'
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
 * those that come along count.
 */
export function keepExposure(content: Content): (db: Executor) => Promise<Exposure> {
  const { vocabulary } = content.knowledge
  let revisions: Revisions | undefined
  let cves: CpeIndex | undefined
  let current: Exposure | undefined
  return async (db) => {
    // Read before what it counts: what is committed in between is read twice, never missed.
    const now = await readRevisions(db)
    const isSame = now.advisories === revisions?.advisories && now.facts === revisions.facts
    if (current !== undefined && isSame && now.cves === revisions?.cves) return current
    if (now.cves !== revisions?.cves) cves = now.cves === 0 ? undefined : await compileCves(db)
    const stored = await loadAdvisories(db)
    const advisories = stored.length > 0 ? stored : content.advisories
    const facts = await loadProductFacts(db)
    current = {
      index: indexAdvisories(advisories, vocabulary, cves),
      byId: new Map(advisories.map((advisory) => [advisory.id, advisory])),
      exploited: new Set([...(await loadExploited(db)), ...exploitedIn(advisories)]),
      statements: indexStatements(facts.vex, vocabulary),
      support: indexSupport(facts.support, vocabulary),
      sboms: indexSboms(facts.sboms, vocabulary),
      mds2: indexMds2(facts.mds2, vocabulary),
    }
    revisions = now
    return current
  }

  async function compileCves(db: Executor): Promise<CpeIndex> {
    const builder = startCpeIndex(vocabulary)
    await streamConfigurations(db, (cve, configurations) => builder.add(cve, configurations))
    return builder.build()
  }
}

function exploitedIn(advisories: readonly Advisory[]): readonly string[] {
  return advisories.flatMap(({ vulnerabilities }) =>
    vulnerabilities.flatMap(({ cve, kev }) => (kev === undefined ? [] : [cve])),
  )
}
