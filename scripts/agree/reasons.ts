import type { Disagreement } from './tally.ts'

/** Why we differ, looked into and judged: ours is right, or theirs, or both may be. */
interface Reason {
  /** Part of the name of the comparison. */
  readonly in: string
  /** Regular expression over `capture place theirs > ours`. */
  readonly where: RegExp
  readonly reason: string
}

const REASONS: readonly Reason[] = []

/** Our reason for a disagreement, if one was found. */
export function reasonFor(comparison: string, one: Disagreement): string | undefined {
  const text = `${one.capture} ${one.place} ${one.theirs} > ${one.ours}`
  return REASONS.find((reason) => comparison.includes(reason.in) && reason.where.test(text))?.reason
}
