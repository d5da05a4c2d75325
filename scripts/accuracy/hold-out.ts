import type { Knowledge } from '../../packages/core/src/index.ts'
import { compileFit, fitWeights } from './fit.ts'
import type { Outcome } from './judge.ts'
import { judgeSamples, questionsOf, type Sample } from './samples.ts'

/** So many parts, each with whole families, are held out one after another. */
const PARTS = 10

/** Judges each family with weights that were fitted without it. */
export function judgeHeldOut(samples: readonly Sample[], knowledge: Knowledge): Outcome[] {
  const questions = questionsOf(samples, { ...knowledge, weights: undefined })
  const families = [...new Set(samples.map(({ device }) => device.family))].toSorted()
  const partOf = new Map(families.map((family, at) => [family, at % PARTS]))
  return Array.from({ length: PARTS }, (_, part) => part).flatMap((part) => {
    const known = questions.filter(({ family }) => partOf.get(family) !== part)
    const held = samples.filter(({ device }) => partOf.get(device.family) === part)
    return judgeSamples(held, { ...knowledge, weights: compileFit(fitWeights(known)) })
  })
}

/**
 * Judges each family as if nobody had heard of it: without the fingerprints that match no other family here. This is
 * less than what is to be expected of unseen devices of known families, and what is left for unknown ones.
 */
export function judgeUnheardOf(samples: readonly Sample[], knowledge: Knowledge): Outcome[] {
  const { fingerprints } = knowledge
  const families = new Map<string, Set<string>>()
  for (const { device, seen } of samples)
    for (const { field, value } of seen?.facts ?? [])
      for (const { id } of fingerprints.match(field, value))
        families.set(id, (families.get(id) ?? new Set()).add(device.family))
  return [...Map.groupBy(samples, ({ device }) => device.family)].flatMap(([family, own]) => {
    const isOwn = (id: string) => families.get(id)?.size === 1 && families.get(id)?.has(family)
    const match: typeof fingerprints.match = (field, value) =>
      fingerprints.match(field, value).filter(({ id }) => !isOwn(id))
    return judgeSamples(own, { ...knowledge, fingerprints: { ...fingerprints, match } })
  })
}
