import { ATTRIBUTES, type Attribute, type Claim, type Evidence } from '../vocabulary.ts'
import { sameMaker, sameModel } from './match-row.ts'

/** Where a value of an asset can come from. */
export const VALUE_SOURCES = ['locked', 'accepted', 'declared', 'observed'] as const
export type ValueSource = (typeof VALUE_SOURCES)[number]

/** For each attribute which source stands over which, first the strongest; `*` for all others. */
export type Precedence = Readonly<Record<string, readonly ValueSource[]>>

/** A value beside those that are observed; a `disputed` one is what somebody says it is not. */
export interface SetValue {
  readonly source: Exclude<ValueSource, 'observed'> | 'disputed'
  readonly value: string
  /** When it was said, and by whom: `import:nuvolo`, a person's name. */
  readonly time: number
  readonly by: string
}

/** A lock stands over all else, whatever a site orders: that is what it is for. */
export function orderOf(precedence: Precedence, attribute: string): readonly ValueSource[] {
  const order = precedence[attribute] ?? precedence['*'] ?? VALUE_SOURCES
  return order[0] === 'locked' ? order : ['locked', ...order.filter((one) => one !== 'locked')]
}

/** The value that stands, of those that are not observed; undefined when the observed one stands over all of them. */
export function standingValue(
  attribute: string,
  values: readonly SetValue[],
  hasObserved: boolean,
  precedence: Precedence,
): SetValue | undefined {
  for (const source of orderOf(precedence, attribute)) {
    if (source === 'observed') {
      if (hasObserved) return undefined
      continue
    }
    const newest = values
      .filter((each) => each.source === source)
      .toSorted((a, b) => b.time - a.time)[0]
    if (newest !== undefined) return newest
  }
  return undefined
}

/** Log-odds and confidence of what somebody said; below certainty, because records are often wrong. */
const SAID = { declared: 2.2, accepted: 5, locked: 6, disputed: 3 } as const
const CONFIDENCE = { declared: 0.85, accepted: 0.99, locked: 0.995, disputed: 0 } as const
const DISPUTED = 0.65
/** Somebody who knows the device says that it is not so: no better than a coin until somebody looks. */
const DISPUTED_BY_HAND = 0.5

/**
 * Puts declared, accepted and locked values into the claims of an asset by precedence. What does not stand is not
 * lost: it is evidence against, or for when it says the same.
 */
export function weaveClaims(
  observed: readonly Claim[],
  set: ReadonlyMap<Attribute, readonly SetValue[]>,
  precedence: Precedence,
): readonly Claim[] {
  if (set.size === 0) return observed
  const woven = ATTRIBUTES.flatMap((attribute) => {
    const seen = observed.find((claim) => claim.attribute === attribute)
    const { disputed = [], said = [] } = Object.groupBy(set.get(attribute) ?? [], ({ source }) =>
      source === 'disputed' ? 'disputed' : 'said',
    )
    const claim = said.length === 0 ? seen : weave(attribute, seen, said, precedence)
    return claim === undefined ? [] : [dispute(claim, disputed)]
  })
  return woven.toSorted((a, b) => b.confidence - a.confidence)
}

function weave(
  attribute: Attribute,
  seen: Claim | undefined,
  values: readonly SetValue[],
  precedence: Precedence,
): Claim {
  const evidence = values.map((value) => evidenceOf(attribute, value))
  const standing = standingValue(attribute, values, seen !== undefined, precedence)
  const top = standing?.value ?? seen?.value ?? ''
  const agrees = (value: string) => sameValue(attribute, value, top)
  const told = evidence.map((one) => (agrees(one.value) ? one : against(one)))
  const isSeenToo = seen !== undefined && agrees(seen.value)
  const seenEvidence =
    seen === undefined
      ? []
      : isSeenToo
        ? seen.evidence
        : seen.evidence.map((one) => against({ ...one, claims: seen.value }))
  const contrary = [...told, ...seenEvidence].filter(({ weight }) => weight < 0)
  const said = standing === undefined ? 0 : CONFIDENCE[standing.source]
  const confidence = Math.max(isSeenToo ? (seen?.confidence ?? 0) : 0, said)
  return {
    attribute,
    // The observed spelling stays when both say the same.
    value: isSeenToo ? (seen?.value ?? top) : top,
    confidence:
      standing?.source === 'declared' && contrary.length > 0
        ? Math.min(confidence, DISPUTED)
        : confidence,
    rule: standing?.source ?? seen?.rule ?? 'declared',
    evidence: [...told, ...seenEvidence].filter(({ weight }) => weight >= 0),
    against: [
      ...(seen?.against ?? []).filter(({ claims }) => isSeenToo || !agrees(claims ?? '')),
      ...contrary,
    ],
  }
}

/** What somebody disputes is shown, with the objection beside it, until another value is claimed. */
function dispute(claim: Claim, disputed: readonly SetValue[]): Claim {
  const objections = disputed.filter(({ value }) => sameValue(claim.attribute, value, claim.value))
  if (objections.length === 0 || claim.rule === 'locked') return claim
  return {
    ...claim,
    confidence: Math.min(claim.confidence, DISPUTED_BY_HAND),
    against: [
      ...objections.map((one) => {
        const evidence = evidenceOf(claim.attribute, one)
        return { ...evidence, weight: -evidence.weight }
      }),
      ...claim.against,
    ],
  }
}

function evidenceOf(attribute: Attribute, { source, value, time, by }: SetValue): Evidence {
  return {
    field: `${source}.${attribute}`,
    value,
    time,
    sensor: by,
    rule: source,
    weight: SAID[source],
  }
}

function against(one: Evidence): Evidence {
  return { ...one, weight: -Math.abs(one.weight), claims: one.claims ?? one.value }
}

/** Do two values of an attribute say the same? */
export function sameValue(attribute: string, a: string, b: string): boolean {
  if (attribute === 'manufacturer') return sameMaker(a, b)
  if (attribute === 'model') return sameModel(a, b)
  const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}.]/gu, '')
  if (attribute === 'firmware')
    return (
      bare(a).replace(/^v(?:er(?:sion)?)?\.?(?=\d)/, '') ===
      bare(b).replace(/^v(?:er(?:sion)?)?\.?(?=\d)/, '')
    )
  return bare(a) === bare(b)
}
