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

/** The worst of several feeds; undefined for none. */
export function stalest(feeds: readonly FeedAge[], now: number): Staleness | undefined {
  return feeds
    .map((feed) => stalenessOf(feed, now))
    .toSorted((a, b) => (b.ageDays ?? Infinity) - (a.ageDays ?? Infinity))[0]
}
