import type { AdvisoryDetail, FindingDetail, FindingView } from '@wardkeeper/contract'
import { verdictToShow, type Staleness, type Verdict } from '@wardkeeper/core'
import type { readAdvisory } from '../store/advisories.ts'
import type { FindingEntry } from '../store/finding-list.ts'
import { findingOf, type readHistory } from '../store/findings.ts'
import { evidenceView, isoOf, present } from './views.ts'

type StoredAdvisory = NonNullable<Awaited<ReturnType<typeof readAdvisory>>>
type History = Awaited<ReturnType<typeof readHistory>>

/** How old each feed is that is relied on, by its id. */
export type Ages = ReadonlyMap<string, Staleness>

interface Known {
  /** The day that the newest data describes. */
  readonly asOf: string | undefined
  readonly ages: Ages
}

/** A finding as it may be shown: what a feed cleared that is too old is unknown. */
export function shownOf(
  { verdict, because, feed_id: feedId }: Pick<FindingEntry, 'verdict' | 'because' | 'feed_id'>,
  ages: Ages,
): { readonly verdict: Verdict; readonly because: string } {
  const source = feedId === null ? undefined : ages.get(feedId)
  const { verdict: shown, reason } = verdictToShow(verdict as Verdict, source)
  return {
    verdict: shown,
    because: reason === undefined ? because : `${reason} Before: ${because}`,
  }
}

/** A finding with the source's own words, the statements on top and what became of it. */
export function findingDetailOf(
  entry: FindingEntry,
  advisory: StoredAdvisory | undefined,
  history: History,
  { asOf, ages }: Known,
): FindingDetail {
  const { grounds = [], statements = [] } = findingOf(entry)
  return {
    ...findingView(entry, ages),
    grounds: grounds.map((ground) => ({ ...ground, cves: [...ground.cves] })),
    statements: statements.map(({ source, published, status, cves, justification, link }) => ({
      source,
      published,
      status,
      cves: [...cves],
      ...present({ justification, link }),
    })),
    history: history.map(({ time, what, reason }) => ({ time: isoOf(time), what, reason })),
    ...present({
      asOf,
      advisory: advisory && {
        id: advisory.id,
        source: advisory.source,
        revision: advisory.revision,
        published: advisory.published,
        revised: advisory.revised,
      },
    }),
  }
}

/** An advisory as the page of it shows it. */
export function advisoryView(advisory: StoredAdvisory, { asOf, ages }: Known): AdvisoryDetail {
  const { body } = advisory
  const remedies = body.remedies.map(({ kind, url }) => ({ kind, ...present({ url }) }))
  return {
    id: advisory.id,
    kind: body.kind,
    source: advisory.source,
    revision: advisory.revision,
    published: advisory.published,
    revised: advisory.revised,
    isWithdrawn: advisory.withdrawn !== null,
    products: body.products.map(({ pid, vendor, product, range, stated, leaf, cves }) => ({
      pid,
      vendor,
      product,
      range,
      cves: [...cves],
      ...present({ stated, leaf }),
    })),
    vulnerabilities: body.vulnerabilities.map(({ cve, baseScore, kev }) => ({
      cve,
      ...present({ baseScore, kev }),
    })),
    remedies: [...new Map(remedies.map((one) => [JSON.stringify(one), one])).values()],
    revisions: advisory.revisions.map(({ revision, revised, recorded }) => ({
      revision,
      revised,
      recorded: isoOf(recorded),
    })),
    verdicts: countsToShow(advisory, ages.get(advisory.feed_id)),
    ...present({ asOf, link: body.link === '' ? undefined : body.link }),
  }
}

function countsToShow(
  { verdicts }: StoredAdvisory,
  source: Staleness | undefined,
): AdvisoryDetail['verdicts'] {
  const counts = new Map<Verdict, number>()
  for (const { verdict, count } of verdicts) {
    const { verdict: shown } = verdictToShow(verdict as Verdict, source)
    counts.set(shown, (counts.get(shown) ?? 0) + Number(count))
  }
  return [...counts].map(([verdict, count]) => ({ verdict, count }))
}

export function findingView(entry: FindingEntry, ages: Ages): FindingView {
  const { decision } = entry
  const finding = findingOf(entry)
  return {
    id: finding.id,
    assetId: finding.assetId,
    asset: entry.asset,
    kind: finding.kind,
    subject: finding.subject,
    ...shownOf(entry, ages),
    severity: finding.severity,
    state: finding.state,
    cves: [...finding.cves],
    isKnownExploited: entry.is_known_exploited,
    evidence: finding.evidence.map(evidenceView),
    remedy: finding.remedy,
    opened: isoOf(finding.opened),
    ...present({
      unit: entry.unit,
      link: entry.link,
      missing: finding.missing,
      closed: finding.closed === undefined ? undefined : isoOf(finding.closed),
      workOrderId: entry.work_order_id,
      decision: decision && {
        by: decision.by,
        reason: decision.reason,
        time: isoOf(Date.parse(decision.time)),
        ...present({ approvedBy: decision.approvedBy, until: decision.until }),
      },
    }),
  }
}
