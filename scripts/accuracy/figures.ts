import type { Outcome } from './judge.ts'

/** Precision, recall and how far confidence can be believed. */
export interface Figures {
  /** Outcomes whose truth is known, weighted so that a device counts one. */
  readonly known: number
  readonly claimed: number
  readonly right: number
  readonly precision: number | undefined
  readonly recall: number | undefined
  readonly f1: number | undefined
}

export function figuresOf(outcomes: readonly Outcome[]): Figures {
  const sum = (list: readonly Outcome[]) => list.reduce((total, { share }) => total + share, 0)
  const known = sum(outcomes)
  const claimed = sum(outcomes.filter((each) => each.claimed !== undefined))
  const right = sum(outcomes.filter(({ isRight }) => isRight))
  const precision = claimed === 0 ? undefined : right / claimed
  const recall = known === 0 ? undefined : right / known
  return { known, claimed, right, precision, recall, f1: meanOf(precision, recall) }
}

/** Figures of one class: what is claimed to be it beside what is it. */
export function figuresOfClass(outcomes: readonly Outcome[], value: string): Figures {
  const sum = (list: readonly Outcome[]) => list.reduce((total, { share }) => total + share, 0)
  const known = sum(outcomes.filter(({ truth }) => truth === value))
  const claimed = sum(outcomes.filter((each) => each.claimed === value))
  const right = sum(outcomes.filter((each) => each.truth === value && each.isRight))
  const precision = claimed === 0 ? undefined : right / claimed
  const recall = known === 0 ? undefined : right / known
  return { known, claimed, right, precision, recall, f1: meanOf(precision, recall) }
}

function meanOf(precision: number | undefined, recall: number | undefined): number | undefined {
  if (precision === undefined || recall === undefined) return undefined
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

/** A row of the reliability table. */
export interface ReliabilityRow {
  readonly from: number
  readonly until: number
  readonly claims: number
  readonly confidence: number
  readonly right: number
}

const BOUNDS = [0, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0001]

/** Claims by how sure they are, with the share of them that is right. */
export function reliabilityOf(outcomes: readonly Outcome[]): ReliabilityRow[] {
  return BOUNDS.slice(0, -1).flatMap((from, at) => {
    const until = BOUNDS[at + 1] ?? 1
    const within = outcomes.filter(
      ({ claimed, confidence }) =>
        claimed !== undefined && confidence >= from && confidence < until,
    )
    const claims = within.reduce((sum, { share }) => sum + share, 0)
    if (claims === 0) return []
    const mean = (of: (outcome: Outcome) => number) =>
      within.reduce((sum, each) => sum + of(each) * each.share, 0) / claims
    return {
      from,
      until: Math.min(until, 1),
      claims,
      confidence: mean(({ confidence }) => confidence),
      right: mean(({ isRight }) => (isRight ? 1 : 0)),
    }
  })
}

/** Expected calibration error: the mean distance of confidence and truth over the rows, by their claims. */
export function calibrationError(rows: readonly ReliabilityRow[]): number {
  const claims = rows.reduce((sum, row) => sum + row.claims, 0)
  const distance = rows.reduce(
    (sum, row) => sum + row.claims * Math.abs(row.confidence - row.right),
    0,
  )
  return claims === 0 ? 0 : distance / claims
}
