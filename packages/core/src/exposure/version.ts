/** A run of digits or of letters in a version, as compared. */
interface Segment {
  readonly text: string
  readonly isNumber: boolean
  /** Letters that run into digits without a separator, as in `U61`: they name a numbering scheme. */
  readonly isGlued: boolean
}

/** Words that only say that a version follows. */
const LABEL =
  /^(?:(?:sw|fw|software|firmware|versions?|ver|release|rel|revisions?|rev)\b\.?:?\s*|v\.?\s*(?=\d)|r\s*(?=\d))/i
/** A capital after a small v (`vD25`, `vB.12`) or after a V apart: the letter names a scheme, the v does not. */
const SMALL_V = /^(?:v\s*|V\s+)(?=[A-Z]{1,3}-?[.\d]|[A-Z]$)/
/** Letters that come before the release they name. */
const EARLY = new Set(['alpha', 'beta', 'dev', 'pre', 'preview', 'rc'])

/** The version without labels, case, underscores and remarks in brackets such as `(US)`. */
export function normalizeVersion(text: string): string {
  let rest = text.normalize('NFKC').trim().replace(SMALL_V, '')
  for (let before = ''; before !== rest;) {
    before = rest
    rest = rest.replace(LABEL, '')
  }
  return (
    rest
      .toLowerCase()
      // `LPI v3.5` is LPI 3.5.
      .replace(/(?<=[a-z]\s)v(?=\d)/g, '')
      .replace(/\bservice pack\b/g, 'sp')
      .replace(/\bed\b\.?/g, 'edition')
      .replace(/\([^()\d]*\)/g, ' ')
      .replace(/[_()]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  )
}

/**
 * Orders versions: segment by segment, numbers by value (1.2 before 1.11), letters by alphabet, `2.6` before
 * `2.6A` before `2.6.1`; leading zeros and closing zeros do not count. A total order, also over versions of
 * different schemes; `relate` says when an order means nothing.
 */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [readingOf(one).segments, readingOf(other).segments]
  return orderAt(a, b, firstDifference(a, b))
}

export interface Relation {
  /** Less than, equal to or greater than 0; undefined between numbering schemes that do not compare. */
  readonly order: number | undefined
  /** The version begins with the bound and goes on: with numbers after a letter (`N.01` of `N`), or with letters. */
  readonly isWithin: boolean
  readonly isSuffixed: boolean
  /** The bound begins with the version and goes on with letters: a build or patch that the version leaves out. */
  readonly isTruncated: boolean
}

/** How a version stands to a bound. */
export function relate(version: string, bound: string): Relation {
  let mineRead = readingOf(version)
  let theirsRead = readingOf(bound)
  if (mineRead.isBuild !== theirsRead.isBuild) {
    const [a, b] = [withoutBuild(mineRead), withoutBuild(theirsRead)]
    if (a.segments.length === b.segments.length) [mineRead, theirsRead] = [a, b]
  }
  const { segments: one, squashed: mineSquashed } = mineRead
  const { segments: other, squashed: theirsSquashed } = theirsRead
  const at = firstDifference(one, other)
  const order = orderAt(one, other, at)
  if (order === 0 || mineSquashed === theirsSquashed) return SAME
  const [mine, theirs] = [one[at], other[at]]
  if (theirs === undefined && mine !== undefined) {
    const isRevision = other.length > 0 && other.every(({ isNumber }) => !isNumber)
    return { ...relation(order), isWithin: isRevision && mine.isNumber, isSuffixed: !mine.isNumber }
  }
  if (mine === undefined) {
    return { ...relation(order), isTruncated: theirs !== undefined && !theirs.isNumber }
  }
  return relation(isOtherScheme(mine, theirs, at) ? undefined : order)
}

/** `3.30 build 24518` and `3.30_24518`: where only one says that it counts builds, the word tells nothing. */
function withoutBuild(reading: Reading): Reading {
  if (!reading.isBuild) return reading
  return {
    isBuild: false,
    segments: reading.segments.filter(({ text }) => text !== 'build'),
    squashed: reading.squashed.replace('build', ''),
  }
}

function relation(order: number | undefined): Relation {
  return { order, isWithin: false, isSuffixed: false, isTruncated: false }
}

const SAME = relation(0)

/** `U61` and `L81` count regions, not time; a lettered revision and a number have no order either. */
function isOtherScheme(mine: Segment, theirs: Segment | undefined, at: number): boolean {
  if (theirs === undefined) return false
  if (mine.isNumber !== theirs.isNumber) return at === 0
  return !mine.isNumber && (mine.isGlued || theirs.isGlued)
}

/** A version, read once: a hospital has few versions and many devices. */
interface Reading {
  readonly segments: readonly Segment[]
  /** Letters and digits alone: what two spellings of an unordered version share. */
  readonly squashed: string
  /** It counts builds and says so. */
  readonly isBuild: boolean
}

const remembered = new Map<string, Reading>()
const MOST_REMEMBERED = 50_000

function readingOf(version: string): Reading {
  const known = remembered.get(version)
  if (known !== undefined) return known
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  const text = normalizeVersion(version)
  const squashed = text.replace(/[^a-z0-9]/g, '')
  const reading = { segments: readSegments(text), squashed, isBuild: squashed.includes('build') }
  remembered.set(version, reading)
  return reading
}

function readSegments(text: string): readonly Segment[] {
  const all = [...text.matchAll(/\d+|[a-z]+/g)].map((found) => {
    const isNumber = /\d/.test(found[0])
    const next = text[found.index + found[0].length]
    const isGlued = !isNumber && next !== undefined && /\d/.test(next)
    return { text: isNumber ? found[0].replace(/^0+(?=\d)/, '') : found[0], isNumber, isGlued }
  })
  // A zero counts only where a number other than zero comes after it: 4.0.1, but not 4.0 or `3.0 D15`.
  let isBeforeNumber = false
  return all
    .toReversed()
    .filter((segment) => {
      if (segment.text === '0') return isBeforeNumber
      isBeforeNumber = segment.isNumber
      return true
    })
    .toReversed()
}

function firstDifference(one: readonly Segment[], other: readonly Segment[]): number {
  const length = Math.max(one.length, other.length)
  let at = 0
  while (at < length && compareSegment(one[at], other[at]) === 0) at++
  return at
}

function orderAt(one: readonly Segment[], other: readonly Segment[], at: number): number {
  return at < Math.max(one.length, other.length) ? compareSegment(one[at], other[at]) : 0
}

function compareSegment(one: Segment | undefined, other: Segment | undefined): number {
  const rank = rankOf(one) - rankOf(other)
  if (rank !== 0 || one === undefined || other === undefined) return rank
  if (one.isNumber) {
    const byLength = one.text.length - other.text.length
    if (byLength !== 0) return byLength
  }
  return one.text === other.text ? 0 : one.text < other.text ? -1 : 1
}

function rankOf(segment: Segment | undefined): number {
  if (segment === undefined) return 1
  if (segment.isNumber) return 3
  return EARLY.has(segment.text) ? 0 : 2
}
