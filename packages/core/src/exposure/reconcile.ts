import type {
  Advisory,
  Evidence,
  Finding,
  Ground,
  Match,
  Verdict,
  Weakness,
} from '../vocabulary.ts'
import type { Contradiction } from './mds2-index.ts'
import type { Unsupported } from './support.ts'
import { severityOfAdvisory } from './severity.ts'

export interface ReconcileInput {
  readonly assetId: string
  /** Every finding of the asset so far, closed ones too. */
  readonly existing: readonly Finding[]
  readonly matches: readonly Match[]
  /** False while maker or model are not known: then no advisory could be held against the asset at all. */
  readonly isIdentified: boolean
  readonly weaknesses: readonly Weakness[]
  readonly unsupported?: readonly Unsupported[]
  /** Claims of the maker's security statement that the network contradicts. */
  readonly contradictions?: readonly Contradiction[]
  /** Subjects of findings that a decision on the whole model suppresses. */
  readonly suppressed?: ReadonlySet<string>
  readonly advisories: (id: string) => Advisory | undefined
  /** What the asset's maker, model and version are known from. */
  readonly evidence: readonly Evidence[]
  readonly now: number
  readonly newId: () => string
}

/** One change of one finding, for its history. */
export interface FindingChange {
  readonly findingId: string
  readonly time: number
  readonly what:
    | 'opened'
    | 'closed'
    | 'reopened'
    | 'superseded'
    | 'verdict'
    | 'cves'
    | 'decision-ended'
  /** One sentence for a person. */
  readonly reason: string
}

export interface Reconciled {
  readonly opened: readonly Finding[]
  readonly changed: readonly Finding[]
  readonly history: readonly FindingChange[]
}

/** What a finding should say now; undefined for one that should not be open. */
type Wanted = Omit<Finding, 'id' | 'assetId' | 'state' | 'opened' | 'closed'>

/**
 * Brings the findings of an asset in step with what is known now. Findings open, change, close and open again;
 * none is ever deleted, and what a person decided (accepted, suppressed) stays decided.
 */
export function reconcileFindings(input: ReconcileInput): Reconciled {
  const wanted = new Map(wantedFindings(input).map((one) => [keyOf(one), one]))
  const opened: Finding[] = []
  const changed: Finding[] = []
  const history: FindingChange[] = []
  const met = new Set<string>()
  for (const finding of latestFirst(input.existing)) {
    if (finding.assetId !== input.assetId || met.has(keyOf(finding))) continue
    met.add(keyOf(finding))
    const change = step(finding, wanted.get(keyOf(finding)), input)
    if (change === undefined) continue
    changed.push(change.finding)
    history.push(...change.history)
  }
  for (const [key, want] of wanted) {
    if (met.has(key)) continue
    const finding = openFinding(want, input)
    opened.push(finding)
    history.push(entry(finding, input.now, 'opened', want.because))
  }
  return { opened, changed, history }
}

function keyOf({ kind, subject }: Pick<Finding, 'kind' | 'subject'>): string {
  return `${kind} ${subject}`
}

function latestFirst(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => b.opened - a.opened)
}

function openFinding(want: Wanted, { assetId, now, newId, suppressed }: ReconcileInput): Finding {
  const state = suppressed?.has(want.subject) === true ? 'suppressed' : 'open'
  return { ...want, id: newId(), assetId, state, opened: now, closed: undefined }
}

function wantedFindings(input: ReconcileInput): readonly Wanted[] {
  const live = input.matches.filter(({ verdict }) => verdict !== 'not-affected')
  const advisories = Map.groupBy(live, ({ advisoryId }) => advisoryId)
  const ofAdvisories = [...advisories].map(([id, matches]) => ofAdvisory(id, matches, input))
  const unsupported = (input.unsupported ?? []).map((one) => ofSupport(one, input.evidence))
  const contradicted = (input.contradictions ?? []).map(ofContradiction)
  return [...ofAdvisories, ...input.weaknesses.map(ofWeakness), ...unsupported, ...contradicted]
}

const STRONGEST: readonly Verdict[] = [
  'affected',
  'disputed',
  'possibly-affected',
  'unknown',
  'not-affected',
]

/** One finding for one advisory, with all its CVEs; the strongest verdict speaks. */
function ofAdvisory(id: string, matches: readonly Match[], input: ReconcileInput): Wanted {
  const sorted = [...matches].sort(
    (a, b) => STRONGEST.indexOf(a.verdict) - STRONGEST.indexOf(b.verdict),
  )
  const first = sorted[0]
  const verdict = first?.verdict ?? 'unknown'
  const cves = [...new Set(sorted.flatMap((match) => match.cves))]
  const advisory = input.advisories(id)
  const missing = first?.missing
  return {
    kind: 'advisory',
    subject: id,
    verdict,
    severity: severityOfAdvisory(advisory, cves),
    cves,
    because: sorted.map(({ because }) => because.reason).join(' '),
    ...(missing !== undefined && { missing }),
    evidence: input.evidence,
    grounds: sorted.map((match) => groundOf(match, advisory)),
    ...statementsOf(sorted),
    remedy: remedyOf(id, advisory, sorted),
  }
}

function statementsOf(matches: readonly Match[]): Pick<Finding, 'statements'> {
  const all = matches.flatMap(({ statements = [] }) => statements)
  const unique = [...new Map(all.map((one) => [one.id, one])).values()]
  return unique.length === 0 ? {} : { statements: unique }
}

/** The words of the advisory that the match rests on. */
function groundOf(
  { matcher, because, cves, verdict }: Match,
  advisory: Advisory | undefined,
): Ground {
  const { pid, product, range, version, reason } = because
  const own = advisory?.products.find((one) => one.pid === pid && one.product === product)
  return {
    matcher,
    pid,
    ...(own !== undefined && { vendor: own.vendor }),
    product,
    ...(own?.leaf !== undefined && { leaf: own.leaf }),
    range,
    ...(own?.stated !== undefined && { stated: own.stated }),
    ...(version !== undefined && { version }),
    cves,
    verdict,
    reason,
  }
}

function ofSupport(one: Unsupported, evidence: readonly Evidence[]): Wanted {
  const { subject, severity, verdict, reason, ground, missing } = one
  return {
    kind: 'support',
    subject,
    verdict,
    severity,
    cves: [],
    because: reason,
    ...(missing !== undefined && { missing }),
    evidence,
    grounds: [ground],
    remedy: `replace:${subject}`,
  }
}

function ofContradiction({ subject, severity, reason, evidence, ground }: Contradiction): Wanted {
  return {
    kind: 'mds2',
    subject,
    verdict: 'affected',
    severity,
    cves: [],
    because: reason,
    evidence,
    grounds: [ground],
    remedy: `ask-maker:${subject}`,
  }
}

function remedyOf(id: string, advisory: Advisory | undefined, matches: readonly Match[]): string {
  if (advisory?.kind === 'recall') return `recall:${id}`
  const pids = new Set(matches.map(({ because }) => because.pid))
  const hasFix = advisory?.remedies.some(
    ({ kind, pids: fixed }) =>
      kind === 'vendor_fix' && (fixed.length === 0 || fixed.some((pid) => pids.has(pid))),
  )
  return `${hasFix ? 'patch' : 'mitigate'}:${id}`
}

function ofWeakness({ code, severity, reason, evidence }: Weakness): Wanted {
  return {
    kind: 'weakness',
    subject: code,
    verdict: 'affected',
    severity,
    cves: [],
    because: reason,
    evidence,
    remedy: `configure:${code}`,
  }
}

interface Step {
  readonly finding: Finding
  readonly history: readonly FindingChange[]
}

/** What becomes of a finding that exists; undefined when nothing does. */
function step(finding: Finding, want: Wanted | undefined, input: ReconcileInput): Step | undefined {
  const isClosed = finding.state === 'resolved' || finding.state === 'superseded'
  if (want === undefined && !input.isIdentified && finding.kind !== 'weakness') {
    return isClosed ? undefined : leaveOpen(finding, input)
  }
  if (want === undefined) {
    // A finding called false stays so: it must not come back as new when it shows again.
    return isClosed || finding.state === 'suppressed' ? undefined : closeFinding(finding, input)
  }
  if (isProvenGone(finding, want)) return undefined
  const { now } = input
  const news = isClosed ? [] : differences(finding, want, now)
  const next = withWanted(finding, want)
  if (isClosed) {
    const reason = `Seen again: ${want.because}`
    const reopened = { ...next, state: 'open' as const, closed: undefined }
    return { finding: reopened, history: [entry(finding, now, 'reopened', reason)] }
  }
  return news.length === 0 && isSame(finding, next) ? undefined : { finding: next, history: news }
}

/** What the device is was forgotten or is in doubt: that closes nothing, and makes nothing safe. */
function leaveOpen(finding: Finding, { now }: ReconcileInput): Step | undefined {
  if (finding.verdict === 'unknown') return undefined
  const because = `Maker or model of the device are in doubt since. Before: ${finding.because}`
  const next = { ...finding, verdict: 'unknown' as const, because, missing: 'model' }
  return { finding: next, history: [entry(finding, now, 'verdict', because)] }
}

/** A weakness that was verified to be gone comes back only with a sight newer than those that opened it. */
function isProvenGone(finding: Finding, want: Wanted): boolean {
  const isProven = finding.state === 'resolved' && finding.verdict === 'not-affected'
  if (!isProven || want.kind !== 'weakness') return false
  return newest(want.evidence) <= newest(finding.evidence)
}

function newest(evidence: readonly Evidence[]): number {
  return evidence.reduce((last, { time }) => Math.max(last, time), Number.NEGATIVE_INFINITY)
}

function withWanted(finding: Finding, want: Wanted): Finding {
  const { missing: _, statements: __, ...rest } = finding
  return { ...rest, ...want }
}

function differences(finding: Finding, want: Wanted, now: number): readonly FindingChange[] {
  const changes: FindingChange[] = []
  if (finding.verdict !== want.verdict) {
    const reason = `From ${finding.verdict} to ${want.verdict}: ${want.because}`
    changes.push(entry(finding, now, 'verdict', reason))
  }
  const added = want.cves.filter((cve) => !finding.cves.includes(cve))
  const dropped = finding.cves.filter((cve) => !want.cves.includes(cve))
  if (added.length + dropped.length > 0) {
    const parts = [
      added.length > 0 ? `new: ${added.join(', ')}` : '',
      dropped.length > 0 ? `no longer: ${dropped.join(', ')}` : '',
    ]
    changes.push(entry(finding, now, 'cves', parts.filter((part) => part !== '').join('; ')))
  }
  return changes
}

/** Evidence is renewed with every sight of the device and is no change by itself. */
function isSame(one: Finding, other: Finding): boolean {
  return (
    one.because === other.because &&
    one.severity === other.severity &&
    one.remedy === other.remedy &&
    (one.grounds === undefined) === (other.grounds === undefined) &&
    one.missing === other.missing
  )
}

/** By evidence, or because the advisory says something else now; a decision does not outlive its finding. */
function closeFinding(finding: Finding, input: ReconcileInput): Step {
  const { now, matches, evidence } = input
  const cleared = matches.find(
    ({ advisoryId, verdict }) => advisoryId === finding.subject && verdict === 'not-affected',
  )
  const isRevised = finding.kind === 'advisory' && cleared === undefined
  const reason = reasonOfClosing(finding, cleared, input)
  const state = isRevised ? ('superseded' as const) : ('resolved' as const)
  const closed = { ...finding, state, closed: now, because: reason }
  const proven = cleared === undefined ? closed : { ...closed, verdict: cleared.verdict, evidence }
  const what = isRevised ? 'superseded' : 'closed'
  return { finding: proven, history: [entry(finding, now, what, reason)] }
}

function reasonOfClosing(
  { kind, subject }: Finding,
  cleared: Match | undefined,
  { advisories }: ReconcileInput,
): string {
  if (cleared !== undefined) return cleared.because.reason
  if (kind === 'weakness') return `${subject} is no longer seen while the device is.`
  if (kind === 'support') return `${subject} no longer holds for this device.`
  if (kind === 'mds2') return `${subject} no longer holds: the claim and what is seen agree.`
  const advisory = advisories(subject)
  return advisory === undefined
    ? `${subject} was withdrawn.`
    : `${subject}, revision ${advisory.revision}, does not name this device.`
}

function entry(
  { id }: Finding,
  time: number,
  what: FindingChange['what'],
  reason: string,
): FindingChange {
  return { findingId: id, time, what, reason }
}
