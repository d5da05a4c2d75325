import type { RiskInputs } from './inputs.ts'
import {
  RISK_FACTORS,
  RISK_LEVELS,
  type RiskFactorId,
  type RiskLevel,
  type RiskMethod,
} from './method.ts'
import { eitherOf, partsOf, type RiskParts } from './parts.ts'
import { exactly, isExact, zipSpans, type Span } from './span.ts'

/** The number, 0 to 100 with one decimal, how far what is not known could move it, and the level it lies in. */
export interface RiskScore {
  readonly number: number
  readonly low: number
  readonly high: number
  readonly band: RiskLevel
  readonly likelihood: number
  readonly impact: number
}

export interface RiskFactor {
  readonly id: RiskFactorId
  readonly axis: 'likelihood' | 'impact'
  readonly value: number
  readonly low: number
  readonly high: number
  /** Percent with which it counts; absent for reach and controls, which multiply. */
  readonly weight?: number
  readonly isKnown: boolean
  /** Points by which the score would be lower with this factor at its best. For controls: higher without them. */
  readonly points: number
}

/** Likelihood x impact. A pure function: the same inputs and method give exactly the same number. */
export function scoreRisk(inputs: RiskInputs, method: RiskMethod): RiskScore {
  return conclude(partsOf(inputs, method), method)
}

/** The score taken apart: each factor with its value, weight, and what it adds. */
export function explainRisk(
  inputs: RiskInputs,
  method: RiskMethod,
): { readonly score: RiskScore; readonly factors: readonly RiskFactor[] } {
  const parts = partsOf(inputs, method)
  const score = conclude(parts, method)
  const factors = RISK_FACTORS.map((id): RiskFactor => {
    const span = parts[id]
    const other = conclude({ ...parts, [id]: exactly(bestOf(id, method)) }, method)
    const weight = id === 'reach' || id === 'control' ? undefined : method.weights[id]
    return {
      id,
      axis: id === 'patient' || id === 'data' || id === 'operation' ? 'impact' : 'likelihood',
      value: toTenth(span.assumed),
      low: toTenth(span.low),
      high: toTenth(span.high),
      ...(weight === undefined ? {} : { weight }),
      isKnown: isExact(span),
      points: toTenth(Math.abs(score.number - other.number)),
    }
  })
  return { score, factors }
}

function bestOf(id: RiskFactorId, method: RiskMethod): number {
  if (id === 'control') return 100
  return id === 'reach' ? method.reach['none-seen'] : 0
}

function conclude(parts: RiskParts, method: RiskMethod): RiskScore {
  const likelihood = likelihoodOf(parts, method)
  const impact = impactOf(parts, method)
  const number = zipSpans([likelihood, impact], ([one = 0, other = 0]) =>
    toTenth(interpolate(one, other, method)),
  )
  return {
    number: number.assumed,
    low: number.low,
    high: number.high,
    band: bandOf(number.assumed, method),
    likelihood: toTenth(likelihood.assumed),
    impact: toTenth(impact.assumed),
  }
}

function likelihoodOf(parts: RiskParts, { weights }: RiskMethod): Span {
  const causes = zipSpans([parts.exploit, parts.weakness, parts.legacy], (values) =>
    weighed(values, [weights.exploit, weights.weakness, weights.legacy]),
  )
  return zipSpans(
    [causes, parts.reach, parts.control],
    ([cause = 0, reach = 0, control = 0]) => (((cause * reach) / 100) * control) / 100,
  )
}

function impactOf(parts: RiskParts, { weights }: RiskMethod): Span {
  return zipSpans([parts.patient, parts.data, parts.operation], (values) =>
    weighed(values, [weights.patient, weights.data, weights.operation]),
  )
}

function weighed(values: readonly number[], weights: readonly number[]): number {
  return eitherOf(values.map((value, n) => (value * (weights[n] ?? 0)) / 100))
}

/** The level of a number, by where each level ends. */
export function bandOf(number: number, { scale }: RiskMethod): RiskLevel {
  const index = scale.upTo.findIndex((end) => Math.round(number) <= end)
  return RISK_LEVELS[index] ?? 'very-high'
}

/** The matrix of levels read as a surface, so that a small change of a factor is a small change of the number. */
function interpolate(likelihood: number, impact: number, method: RiskMethod): number {
  const { values } = method.scale
  const [row, down] = placeOf(likelihood, values)
  const [column, along] = placeOf(impact, values)
  const cell = (r: number, c: number) => {
    const level = method.matrix[RISK_LEVELS[r] ?? 'very-high'][c] ?? 'very-high'
    return values[RISK_LEVELS.indexOf(level)] ?? 100
  }
  const upper = between(cell(row, column), cell(row, column + 1), along)
  const lower = between(cell(row + 1, column), cell(row + 1, column + 1), along)
  return between(upper, lower, down)
}

/** Which interval the value lies in, and how far along it, 0 to 1. */
function placeOf(value: number, nodes: readonly number[]): readonly [number, number] {
  const last = nodes.length - 2
  const index = Math.min(
    last,
    Math.max(
      0,
      nodes.findLastIndex((node) => node <= value),
    ),
  )
  const from = nodes[index] ?? 0
  const to = nodes[index + 1] ?? 100
  return [index, (value - from) / (to - from)]
}

function between(one: number, other: number, share: number): number {
  return one + (other - one) * share
}

function toTenth(value: number): number {
  return Math.round(value * 10) / 10
}
