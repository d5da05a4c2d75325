import { compileWeights, type IdentityWeights } from '../../packages/core/src/index.ts'
import { weighAttribute } from '../../packages/core/src/identity/identify.ts'
import {
  EVIDENCE_FAMILIES,
  UNFITTED_WEIGHTS,
  type EvidenceFamily,
} from '../../packages/core/src/identity/weights.ts'
import { MEASURED, type Measured } from './judge.ts'
import type { Question } from './samples.ts'

/** How far a weight may stray from what it was before the fit, in log-odds: one standard deviation. */
const STRAY = 1
const STEPS = [1, 0.5, 0.25, 0.1]

export interface Fit {
  readonly weights: Readonly<Record<string, Readonly<Partial<Record<Measured, number>>>>>
  readonly trust: Readonly<Record<Measured, number>>
}

/**
 * Weights under which the confidences of all questions are most likely, each held near its prior, so that a kind of
 * evidence that was seldom seen stays where it was. Coordinate descent on the log loss of the leading claim.
 */
export function fitWeights(questions: readonly Question[]): Fit {
  const table = new Map<string, number>()
  const trust = new Map<Measured, number>(MEASURED.map((attribute) => [attribute, 1]))
  for (const attribute of MEASURED) {
    const own = questions.filter((question) => question.attribute === attribute)
    const families = EVIDENCE_FAMILIES.filter((family) =>
      own.some(({ statements }) => statements.some((each) => each.family === family)),
    )
    for (const family of families)
      table.set(`${family}/${attribute}`, UNFITTED_WEIGHTS.weightOf(family, attribute))
    const loss = () => lossOf(own, table, attribute, trust.get(attribute) ?? 1)
    for (const step of STEPS) {
      for (let turn = 0; turn < 4; turn++) {
        for (const family of families) improve(table, `${family}/${attribute}`, step, loss, -1, 7)
        improve(trust, attribute, step / 4, loss, 0.4, 1.5)
      }
    }
  }
  return { weights: tidy(table), trust: Object.fromEntries(trust) as Record<Measured, number> }
}

function improve<Key>(
  table: Map<Key, number>,
  key: Key,
  step: number,
  loss: () => number,
  least: number,
  most: number,
): void {
  const before = table.get(key) ?? 0
  let best = { value: before, loss: loss() }
  for (const value of [before - step, before + step]) {
    if (value < least || value > most) continue
    table.set(key, value)
    const now = loss()
    if (now < best.loss - 1e-9) best = { value, loss: now }
  }
  table.set(key, best.value)
}

function lossOf(
  questions: readonly Question[],
  table: ReadonlyMap<string, number>,
  attribute: Measured,
  trust: number,
): number {
  let loss = ((trust - 1) / 0.3) ** 2 / 2
  for (const [key, weight] of table) {
    const [family, of] = key.split('/')
    if (of !== attribute) continue
    const prior = UNFITTED_WEIGHTS.weightOf(family as EvidenceFamily, attribute)
    loss += ((weight - prior) / STRAY) ** 2 / 2
  }
  for (const { statements, share, isRight } of questions) {
    const weighed = statements.map((each) => ({
      ...each,
      evidence: { ...each.evidence, weight: reweigh(each, table, attribute) },
    }))
    const claim = weighAttribute(attribute, weighed, trust)
    if (!claim) continue
    const right = isRight(claim.value) ? claim.confidence : 1 - claim.confidence
    loss -= share * Math.log(Math.max(right, 0.002))
  }
  return loss
}

/** Evidence that was scaled (by how sure the maker is) stays scaled. */
function reweigh(
  { family, evidence }: Question['statements'][number],
  table: ReadonlyMap<string, number>,
  attribute: Measured,
): number {
  const prior = UNFITTED_WEIGHTS.weightOf(family, attribute)
  const weight = table.get(`${family}/${attribute}`) ?? prior
  return prior === 0 ? weight : weight * (evidence.weight / prior)
}

function tidy(table: ReadonlyMap<string, number>): Fit['weights'] {
  const weights: Record<string, Partial<Record<Measured, number>>> = {}
  for (const [key, weight] of table) {
    const [family = '', attribute] = key.split('/')
    weights[family] ??= {}
    weights[family][attribute as Measured] = Math.round(weight * 100) / 100
  }
  return weights
}

/** The fit as the product loads it. */
export function compileFit(fit: Fit): IdentityWeights {
  return compileWeights({ version: 'held out', ...fit })
}
