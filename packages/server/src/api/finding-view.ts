import type { AdvisoryDetail, FindingDetail, FindingView } from '@wardkeeper/contract'
import type { readAdvisory } from '../store/advisories.ts'
import type { FindingEntry } from '../store/finding-list.ts'
import { findingOf, type readHistory } from '../store/findings.ts'
import { evidenceView, isoOf, present } from './views.ts'

type StoredAdvisory = NonNullable<Awaited<ReturnType<typeof readAdvisory>>>
type History = Awaited<ReturnType<typeof readHistory>>

/** A finding with the source's own words, the statements on top and what became of it. */
export function findingDetailOf(
  entry: FindingEntry,
  advisory: StoredAdvisory | undefined,
  history: History,
  asOf: string | undefined,
): FindingDetail {
  const { grounds = [], statements = [] } = findingOf(entry)
  return {
    ...findingView(entry),
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
export function advisoryView(advisory: StoredAdvisory, asOf: string | undefined): AdvisoryDetail {
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
    verdicts: advisory.verdicts.map(({ verdict, count }) => ({
      verdict: verdict as FindingView['verdict'],
      count: Number(count),
    })),
    ...present({ asOf, link: body.link === '' ? undefined : body.link }),
  }
}

export function findingView(entry: FindingEntry): FindingView {
  const { decision } = entry
  const finding = findingOf(entry)
  return {
    id: finding.id,
    assetId: finding.assetId,
    asset: entry.asset,
    kind: finding.kind,
    subject: finding.subject,
    verdict: finding.verdict,
    severity: finding.severity,
    state: finding.state,
    cves: [...finding.cves],
    isKnownExploited: entry.is_known_exploited,
    because: finding.because,
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
