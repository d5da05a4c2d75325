import type { Verdict } from '../vocabulary.ts'

/** A source of knowledge and how old it is. Times in milliseconds since 1970. */
export interface FeedAge {
  readonly id: string
  readonly title: string
  /** What the data describes, as its source says; undefined where nothing was ever loaded. */
  readonly dataTime: number | undefined
  /** When it was last looked at with success. */
  readonly lastSuccess: number | undefined
  /** After how many days a verdict must say that it is old. */
  readonly staleDays: number
}

export interface Staleness {
  readonly feedId: string
  readonly isStale: boolean
  /** Undefined where nothing was ever loaded. */
  readonly ageDays: number | undefined
  /** One sentence for a person: "unknown because this feed is 41 days old". */
  readonly reason: string
}

const DAY = 86_400_000

/**
 * How much a feed can still be relied on. It is as old as the last time somebody looked with success: a catalogue
 * without news is not stale, one that nobody fetched is. What came from a bundle is as old as its data.
 */
export function stalenessOf(feed: FeedAge, now: number): Staleness {
  const seen = feed.lastSuccess ?? feed.dataTime
  if (seen === undefined) {
    const reason = `unknown because ${feed.title} was never loaded`
    return { feedId: feed.id, isStale: true, ageDays: undefined, reason }
  }
  const ageDays = Math.max(0, Math.floor((now - seen) / DAY))
  const isStale = ageDays > feed.staleDays
  const age = ageDays === 1 ? '1 day old' : `${ageDays} days old`
  const reason = isStale
    ? `unknown because ${feed.title} is ${age}`
    : `${feed.title} is ${ageDays === 0 ? 'of today' : age}`
  return { feedId: feed.id, isStale, ageDays, reason }
}

/** The worst of several feeds, one that is too old before any other; undefined for none. */
export function stalest(feeds: readonly FeedAge[], now: number): Staleness | undefined {
  return worstOf(feeds.map((feed) => stalenessOf(feed, now)))
}

function worstOf(all: readonly Staleness[]): Staleness | undefined {
  return all.toSorted(
    (a, b) =>
      Number(b.isStale) - Number(a.isStale) || (b.ageDays ?? Infinity) - (a.ageDays ?? Infinity),
  )[0]
}

/** Id of the advisories that the product brings along, as the feed that they came from. */
export const BUNDLED_FEED = 'bundled'

/** A verdict as it may be shown, and why it is not the one that was found. */
export interface ShownVerdict {
  readonly verdict: Verdict
  /** One sentence: "Unknown because this feed is 41 days old." */
  readonly reason?: string
}

/**
 * What clears a device stands only while its source is fresh: something may have been published since. What names one
 * stands however old it is. Nothing is stored, so that the verdict comes back with the feed.
 */
export function verdictToShow(verdict: Verdict, source: Staleness | undefined): ShownVerdict {
  if (verdict !== 'not-affected' || source?.isStale !== true) return { verdict }
  return { verdict: 'unknown', reason: sentence(source.reason) }
}

/**
 * Why it means nothing that no source names a device; undefined while it does. `sources` are those that are relied on
 * and could have named it.
 */
export function whyAbsenceIsUnknown(sources: readonly Staleness[]): string | undefined {
  const worst = worstOf(sources)
  if (worst === undefined) return 'Unknown because no source of advisories was ever loaded.'
  return worst.isStale ? sentence(worst.reason) : undefined
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
}
