import type { EvidenceView } from '@wardkeeper/contract'

/** One observation, with every rule that made an argument of it. */
export interface MergedEvidence extends EvidenceView {
  readonly rules: readonly string[]
}

/** The same observation speaks for maker, model and type by a rule each: it was seen once, so it is shown once. */
export function mergeEvidence(evidence: readonly EvidenceView[]): readonly MergedEvidence[] {
  const groups = Map.groupBy(evidence, keyOf)
  return [...groups.values()].flatMap((together) => {
    const strongest = together.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))[0]
    if (strongest === undefined) return []
    return [{ ...strongest, rules: [...new Set(together.map(({ rule }) => rule))] }]
  })
}

/** What makes two pieces of evidence the same observation. */
export function keyOf({ field, value, time, sensor, file, frame, claims }: EvidenceView): string {
  return JSON.stringify([field, value, time, sensor, file, frame, claims])
}
