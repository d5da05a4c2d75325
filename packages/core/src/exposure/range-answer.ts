import { findDays } from './date.ts'
import type { Bound, Clause, DaySpan } from './range.ts'
import { compareVersions, normalizeVersion, relate } from './version.ts'

/** `other`: the version counts in another numbering scheme than the clause. */
export type Answer = 'in' | 'out' | 'maybe' | 'other'

/** Whether a version is in a clause. */
export function answerOf(clause: Clause, version: string): Answer {
  switch (clause.kind) {
    case 'all':
      return 'in'
    case 'exact':
      return isExactly(version, clause.version)
    case 'branch':
      return answerOfBranch(version, clause.prefix)
    case 'interval':
      return answerOfInterval(version, clause.lower, clause.upper)
    case 'before-day':
      return isBefore(version, clause.day, clause.isIncluded)
    case 'name':
      return 'maybe'
    case 'unclear':
      return answerOfText(version, clause.text, clause.days)
  }
}

/** A text that is not understood holds for a version that is written in the same words, and not for another letter. */
function answerOfText(version: string, text: string, days: DaySpan | undefined): Answer {
  // `WLAN Version B` names the part again.
  const bare = version.replace(/^[a-z]{2,8}\s+(?=version\b)/i, '')
  if (beginsWith(normalizeVersion(text), normalizeVersion(bare))) return 'in'
  const [own, wanted] = [version, text].map((one) => /\bversion ([A-Z])\b(?!\.)/i.exec(one)?.[1])
  const isOther =
    own !== undefined && wanted !== undefined && own.toLowerCase() !== wanted.toLowerCase()
  if (isOther && /^version\b/i.test(text.trim())) return 'out'
  if (isLaterFirmware(bare, text)) return 'out'
  return days === undefined ? 'maybe' : isInDays(version, days)
}

/** One hardware version, one firmware, and nothing else but a part number. */
const LABELLED_FIRMWARE =
  /^(version [A-Z]),\s*firmware:?\s+([A-Z]{0,2}\.?\d+(?:\.\d+)*)(?:,\s*part\b.*)?$/i

/** `Version A, Firmware A.03.09` names one firmware of one hardware: a later one of the same is none of it. */
function isLaterFirmware(version: string, text: string): boolean {
  const [own, wanted] = [version, text].map((one) => LABELLED_FIRMWARE.exec(one.trim()))
  if (own?.[2] === undefined || wanted?.[2] === undefined) return false
  if (own[1]?.toLowerCase() !== wanted[1]?.toLowerCase()) return false
  const { order = 0, isWithin, isSuffixed } = relate(own[2], wanted[2])
  return order > 0 && !isWithin && !isSuffixed
}

/** The same words, or the first of them where a number is among those: what follows is a part number or a remark. */
function beginsWith(text: string, own: string): boolean {
  if (text === own) return true
  const isSaying = /\d/.test(own) && own.includes(' ')
  return isSaying && text.startsWith(own) && /^(?:,| part\b| \()/.test(text.slice(own.length))
}

/**
 * The answer of alternatives together. A version of another scheme is out only where an alternative of its own
 * scheme says so: `L82` of `<= U61 | <= L81`.
 */
export function anyOf(answers: readonly Answer[]): Exclude<Answer, 'other'> {
  if (answers.includes('in')) return 'in'
  if (answers.includes('maybe')) return 'maybe'
  return answers.includes('out') ? 'out' : 'maybe'
}

function isExactly(version: string, wanted: string): Answer {
  const unlabelled = wanted.trim().replace(/^[A-Z]{2,} (?=\d)/i, '')
  const { order, isWithin, isTruncated } = relate(version, wanted)
  if (order === 0 || isWithin || relate(version, unlabelled).order === 0) return 'in'
  if (isTruncated || isLabelled(version, wanted)) return 'maybe'
  // `1.1.7` may leave out that it is 1.1.7.333.
  if (isShortened(version, wanted)) return 'maybe'
  // A bare `8` may be a release or a whole line of releases.
  const isMajorAlone = /^v?\d{1,2}$/i.test(wanted.trim())
  return isMajorAlone && isOnBranch(version, normalizeVersion(wanted)) ? 'maybe' : 'out'
}

/** `MSV 1.1` of `1.1`: what the letters before it count is not known. */
function isLabelled(version: string, wanted: string): boolean {
  const bare = version.trim().replace(/^[A-Z]{2,} (?=\d)/i, '')
  return bare !== version.trim() && relate(bare, wanted).order === 0
}

function isShortened(version: string, wanted: string): boolean {
  const [own, all] = [partsOf(version), partsOf(wanted)]
  const isNumeric = own.every((part) => /^\d+$/.test(part))
  return (
    isNumeric &&
    own.length > 2 &&
    all.length > own.length &&
    own.every((part, at) => part === all[at])
  )
}

/** `8` is 8.0, so on the branch 8.0; and `12` may leave out that it is 12.2. */
function answerOfBranch(version: string, prefix: string): Answer {
  const [own, wanted] = [partsOf(version), partsOf(prefix)]
  if (!wanted.slice(0, own.length).every((part, at) => part === own[at])) return 'out'
  return wanted.slice(own.length).every((part) => part === '0') ? 'in' : 'maybe'
}

function isOnBranch(version: string, prefix: string): boolean {
  const own = partsOf(version)
  return partsOf(prefix).every((part, index) => part === own[index])
}

function partsOf(version: string): readonly string[] {
  const parts = normalizeVersion(version).match(/\d+|[a-z]+/g) ?? []
  return parts.map((part) => part.replace(/^0+(?=\d)/, ''))
}

/** `VD23` is in `<= D25` where the V only says that a version follows; that it is outside is not said by that. */
function answerOfInterval(
  version: string,
  lower: Bound | undefined,
  upper: Bound | undefined,
): Answer {
  const answer = isBetween(version, lower, upper)
  if (answer !== 'other') return answer
  const bare = version.replace(/^v(?=[a-z]{1,3}\d)/i, '')
  return bare !== version && isBetween(bare, lower, upper) === 'in' ? 'in' : answer
}

function isBetween(version: string, lower: Bound | undefined, upper: Bound | undefined): Answer {
  if (lower !== undefined && upper !== undefined && spansLetters(lower, upper)) {
    return isBetweenLetters(version, lower, upper)
  }
  const above = lower === undefined ? 'in' : isAbove(version, lower)
  if (above === 'out') return 'out'
  const below = upper === undefined ? 'in' : isBelow(version, upper)
  if (below === 'out') return 'out'
  if (above === 'other' || below === 'other') return 'other'
  return above === 'maybe' ? 'maybe' : below
}

/** From `A1.5.3` to `B1.2.4`: these letters follow each other. */
function spansLetters(lower: Bound, upper: Bound): boolean {
  const one = LETTER.exec(lower.version)?.[1]
  // Most bounds are numbers, and those span none.
  if (one === undefined) return false
  const two = LETTER.exec(upper.version)?.[1]
  return two !== undefined && one.toLowerCase() < two.toLowerCase()
}

const LETTER = /^\s*([A-Z])(?=\d)/i

function isBetweenLetters(version: string, lower: Bound, upper: Bound): Answer {
  if (!/^\s*[A-Z]\d/i.test(version)) return 'other'
  const below = compareVersions(lower.version, version)
  const above = compareVersions(version, upper.version)
  const isIn =
    (below < 0 || (below === 0 && lower.isIncluded)) &&
    (above < 0 || (above === 0 && upper.isIncluded))
  return isIn ? 'in' : 'out'
}

function isAbove(version: string, { version: bound, isIncluded }: Bound): Answer {
  const { order, isWithin, isTruncated } = relate(version, bound)
  if (order === undefined) return 'other'
  if (order === 0 || isWithin) return isIncluded ? 'in' : 'out'
  if (isTruncated) return 'maybe'
  return order > 0 ? 'in' : 'out'
}

/** `12.2.0.0` is the first of the line 12.2, and in it whatever the open places may hold. */
function isFirstOf(version: string, { version: prefix, open }: Bound): boolean {
  const rest = partsOf(version).slice(partsOf(prefix).length)
  return rest.length >= open && rest.every((part) => part === '0')
}

/**
 * `11.4` is in `<= 11.x`. Where several places are open, as in `<= 12.2.x.x`, the maker named a line of releases
 * and not a bound; and a patch letter past the bound (`4.1L1` of `<= 4.1`) may or may not be meant.
 */
function isBelow(version: string, upper: Bound): Answer {
  const { version: bound, isIncluded, open } = upper
  const { order, isWithin, isSuffixed } = relate(version, bound)
  if (order === undefined) return 'other'
  if (isIncluded && open > 0 && isOnBranch(version, bound)) {
    return open === 1 || isFirstOf(version, upper) ? 'in' : 'maybe'
  }
  if (order === 0 || isWithin) return isIncluded ? 'in' : 'out'
  if (isSuffixed) return isIncluded ? 'maybe' : 'out'
  return order < 0 ? 'in' : 'out'
}

/** What else the text says of the product has to be read, so that a day clears but does not convict. */
function isInDays(version: string, { from, to }: DaySpan): Answer {
  const own = findDays(version)
  return own === undefined || (own.to >= from && own.from <= to) ? 'maybe' : 'out'
}

/** All the days that a version may mean are in the span. */
export function isAllInDays(version: string, { from, to }: DaySpan): boolean {
  const own = findDays(version)
  return own !== undefined && own.from >= from && own.to <= to
}

function isBefore(version: string, day: string | undefined, isIncluded: boolean): Answer {
  const own = findDays(version)
  if (own === undefined || day === undefined) return 'maybe'
  if (own.to < day || (isIncluded && own.to === day)) return 'in'
  return own.from > day || (!isIncluded && own.from === day) ? 'out' : 'maybe'
}
