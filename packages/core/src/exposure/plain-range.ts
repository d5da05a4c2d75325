import type { Answer } from './range-answer.ts'
import { answerOf, anyOf } from './range-answer.ts'
import type { Range } from './range.ts'

/** Answers by version; a hospital has few versions, and advisories name the same ranges again and again. */
type Answers = Map<string | undefined, Exclude<Answer, 'other'>>

const MOST_REMEMBERED = 1000

/** By range; `undefined` where a range asks for more than the version. */
const known = new WeakMap<Range, { readonly answers: Answers | undefined }>()

/** The answer of a range that nothing but the version decides; undefined where the device has to be asked besides. */
export function answerOfPlain(
  range: Range,
  version: string | undefined,
): Exclude<Answer, 'other'> | undefined {
  let own = known.get(range)
  if (own === undefined) {
    known.set(range, (own = { answers: range.clauses.every(isPlain) ? new Map() : undefined }))
  }
  const { answers } = own
  if (answers === undefined) return undefined
  let answer = answers.get(version)
  if (answer === undefined) {
    if (answers.size >= MOST_REMEMBERED) answers.clear()
    answer = anyOf(range.clauses.map((clause) => answerOfClause(clause, version)))
    answers.set(version, answer)
  }
  return answer
}

/** The answer of one clause; without a version only a clause of all versions is sure. */
export function answerOfClause(
  clause: Range['clauses'][number],
  version: string | undefined,
): Answer {
  if (clause.kind === 'all') return 'in'
  return version === undefined ? 'maybe' : answerOf(clause, version)
}

/** `653 MCE 3.x` may repeat a number of the model, and names and remarks are held against all that the device tells. */
function isPlain(clause: Range['clauses'][number]): boolean {
  if (clause.when !== undefined) return false
  switch (clause.kind) {
    case 'all':
    case 'interval':
    case 'before-day':
      return true
    case 'exact':
      return !/^\d{3,}\s+\S/.test(clause.version)
    case 'branch':
      return !/^\d{3,}\s+\S/.test(clause.prefix)
    case 'name':
    case 'unclear':
      return false
  }
}
