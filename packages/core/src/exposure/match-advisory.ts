import type { Device, Match } from '../vocabulary.ts'
import type { AdvisoryIndex, Candidate, EntryKey } from './advisory-index.ts'
import { KEYS } from './advisory-index.ts'
import { judge } from './judge.ts'
import type { Judgement } from './judge.ts'

type Judged = Candidate & { readonly judgement: Judgement }

const STRONGEST = ['affected', 'disputed', 'possibly-affected'] as const

type Groups = ReadonlyMap<EntryKey, readonly (readonly Candidate[])[]>

/** The candidates of a model are the same list each time, so they are grouped once. */
const grouped = new WeakMap<readonly Candidate[], Groups>()

/** Matches of the advisories to which a key ties the device, where no stronger key does. */
export function matchByKey(device: Device, index: AdvisoryIndex, key: EntryKey): readonly Match[] {
  const candidates = index.candidatesFor(device)
  const groups = grouped.get(candidates) ?? groupByKey(candidates)
  grouped.set(candidates, groups)
  return (groups.get(key) ?? []).flatMap((one) => matchAdvisory(device, one, key))
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
  const all = candidates.flatMap((one) => {
    const judgement = judge(device, one)
    return judgement === undefined ? [] : { ...one, judgement }
  })
  const judged = all.filter((one) => !isClearedBySister(one, all))
  const said = new Set<string>()
  const matches: Match[] = []
  for (const verdict of STRONGEST) {
    const own = judged.filter(({ judgement }) => judgement.verdict === verdict)
    const cves = [...new Set(own.flatMap(({ entry }) => entry.product.cves))]
    const news = cves.filter((cve) => !said.has(cve))
    if (own.length === 0 || (matches.length > 0 && news.length === 0)) continue
    for (const cve of news) said.add(cve)
    matches.push(matchOf(device, own, news, matcher))
  }
  const out = judged.filter(({ judgement }) => judgement.verdict === 'not-affected')
  if (matches.length > 0 || out.length === 0) return matches
  return [
    matchOf(device, out, [...new Set(out.flatMap(({ entry }) => entry.product.cves))], matcher),
  ]
}

/** Of two lines for one product, `<= L81` and `<= 012U000061`, the one in the version's own scheme speaks. */
function isClearedBySister({ entry, judgement }: Judged, all: readonly Judged[]): boolean {
  if (judgement.isOtherScheme !== true) return false
  const { product } = entry.product
  return all.some(
    (one) =>
      one.entry.product.product === product &&
      one.entry !== entry &&
      one.judgement.isOtherScheme !== true,
  )
}

function matchOf(
  { version }: Device,
  judged: readonly Judged[],
  cves: readonly string[],
  matcher: Match['matcher'],
): Match {
  const best = judged.reduce((one, other) =>
    other.likeness.shared > one.likeness.shared ? other : one,
  )
  const { entry, judgement } = best
  const { pid, product: name, range } = entry.product
  const because = { pid, product: name, range, version, reason: judgement.reason }
  const { verdict, missing } = judgement
  const found = { advisoryId: entry.advisory.id, cves: [...cves].sort(), verdict, matcher, because }
  return missing === undefined ? found : { ...found, missing }
}
