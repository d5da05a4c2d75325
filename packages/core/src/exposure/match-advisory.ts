import type { Device, Match } from '../vocabulary.ts'
import type { AdvisoryIndex, Candidate, EntryKey } from './advisory-index.ts'
import { KEYS } from './advisory-index.ts'
import { judge } from './judge.ts'
import { wordsOf } from './words.ts'
import type { Judgement } from './judge.ts'

interface Judged {
  readonly candidate: Candidate
  readonly judgement: Judgement
}

const STRONGEST = ['affected', 'disputed', 'possibly-affected'] as const

const NONE: readonly Match[] = []

type Groups = ReadonlyMap<EntryKey, readonly (readonly Candidate[])[]>

/** The candidates of a model are the same list each time, so they are grouped once. */
const grouped = new WeakMap<readonly Candidate[], Groups>()

/** Matches of the advisories to which a key ties the device, where no stronger key does. */
export function matchByKey(device: Device, index: AdvisoryIndex, key: EntryKey): readonly Match[] {
  const candidates = index.candidatesFor(device)
  if (candidates.length === 0) return NONE
  const groups = grouped.get(candidates) ?? groupByKey(candidates)
  grouped.set(candidates, groups)
  const own = groups.get(key)
  return own === undefined ? NONE : own.flatMap((one) => matchAdvisory(device, one, key))
}

function groupByKey(candidates: readonly Candidate[]): Groups {
  const advisories = Map.groupBy(candidates, ({ entry }) => entry.advisory.id)
  return Map.groupBy(
    advisories.values(),
    (own) => KEYS.find((key) => own.some((one) => one.key === key)) ?? 'product',
  )
}

/** One match for each verdict that adds CVEs; `not-affected` only when every product of the device says so. */
export function matchAdvisory(
  device: Device,
  candidates: readonly Candidate[],
  matcher: Match['matcher'],
): readonly Match[] {
  const judged = judgeAll(device, candidates)
  if (judged.length === 0) return NONE
  const [only] = judged
  if (judged.length === 1 && only !== undefined) {
    return [matchOf(device, judged, only.candidate.entry.cves, matcher)]
  }
  const said = new Set<string>()
  const matches: Match[] = []
  for (const verdict of STRONGEST) {
    const own = judged.filter(({ judgement }) => judgement.verdict === verdict)
    if (own.length === 0) continue
    const news = cvesOf(own, said)
    if (matches.length > 0 && news.length === 0) continue
    for (const cve of news) said.add(cve)
    matches.push(matchOf(device, own, news, matcher))
  }
  if (matches.length > 0) return matches
  const out = judged.filter(({ judgement }) => judgement.verdict === 'not-affected')
  return out.length === 0 ? NONE : [matchOf(device, out, cvesOf(out, said), matcher)]
}

function judgeAll(device: Device, candidates: readonly Candidate[]): Judged[] {
  const all: Judged[] = []
  let isAnyOther = false
  for (const candidate of candidates) {
    const judgement = judge(device, candidate)
    if (judgement === undefined) continue
    isAnyOther ||= judgement.isOtherScheme === true
    all.push({ candidate, judgement })
  }
  return isAnyOther ? all.filter((one) => !isClearedBySister(one, all)) : all
}

/** The CVEs of these that were not told yet, sorted; those of a single product stand ready. */
function cvesOf(judged: readonly Judged[], said: ReadonlySet<string>): readonly string[] {
  const [first] = judged
  if (judged.length === 1 && said.size === 0 && first !== undefined) {
    return first.candidate.entry.cves
  }
  const all = new Set(judged.flatMap(({ candidate }) => candidate.entry.cves))
  return [...all].filter((cve) => !said.has(cve)).sort()
}

/**
 * Of two lines for one product, `<= L81` and `<= 012U000061`, the one in the version's own scheme speaks. Only a bound has
 * a scheme: that SR540 is not `653 MCE 3.x` says nothing of `<= 6.5`.
 */
function isClearedBySister({ candidate, judgement }: Judged, all: readonly Judged[]): boolean {
  if (judgement.isOtherScheme !== true) return false
  const { entry } = candidate
  const name = wordsOf(entry.product.product).join('')
  return all.some(
    (one) =>
      wordsOf(one.candidate.entry.product.product).join('') === name &&
      one.candidate.entry !== entry &&
      one.judgement.isOwnScheme?.() === true,
  )
}

function matchOf(
  { version }: Device,
  judged: readonly Judged[],
  cves: readonly string[],
  matcher: Match['matcher'],
): Match {
  const { candidate, judgement } = judged.reduce((one, other) =>
    other.candidate.likeness.shared > one.candidate.likeness.shared ? other : one,
  )
  const { advisory, product } = candidate.entry
  const { pid, product: name, range } = product
  const because = { pid, product: name, range, version, reason: judgement.reason }
  const { verdict, missing } = judgement
  const found = { advisoryId: advisory.id, cves, verdict, matcher, because }
  return missing === undefined ? found : { ...found, missing }
}
