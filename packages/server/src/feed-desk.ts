import type { FeedFacts, Mds2Form, SbomHint, Staleness } from '@wardkeeper/core'

/** One feed as people see it. Times in milliseconds since 1970. */
export interface FeedState {
  readonly id: string
  readonly title: string
  readonly licence: string
  readonly isEnabled: boolean
  readonly url: string | undefined
  readonly isUrlOwn: boolean
  readonly everyHours: number
  readonly state: string
  readonly isStale: boolean
  readonly ageDays: number | undefined
  readonly freshness: string
  readonly dataDate: number | undefined
  readonly lastRun: number | undefined
  readonly lastSuccess: number | undefined
  readonly lastWay: string | undefined
  readonly next: number | undefined
  readonly problem: string | undefined
  readonly counts: Readonly<Record<string, number>>
  readonly quarantined: number
  readonly key: { readonly variable: string; readonly isSet: boolean } | undefined
}

export interface FeedOutcome {
  readonly feedId: string
  readonly outcome: 'changed' | 'unchanged'
  readonly counts: Readonly<Record<string, number>>
}

export interface HandedIn {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What the API may ask of the feeds; it does not know how they work. All refuse with `FeedRefused` or `BadDocument`. */
export interface FeedDesk {
  list(): Promise<readonly FeedState[]>
  /** How old the sources are that are relied on and can name or clear a device. */
  freshness(): Promise<readonly Staleness[]>
  run(id: string, by: string): Promise<FeedOutcome>
  load(id: string, document: HandedIn, by: string): Promise<FeedOutcome>
  /** Saves facts that a person entered, as the run of a feed of its own. */
  enter(facts: Partial<FeedFacts>, by: string): Promise<void>
  importBundle(
    file: string,
    by: string,
  ): Promise<{
    readonly made: string
    readonly keyId: string
    readonly outcomes: readonly FeedOutcome[]
  }>
  trustedKeys(): Promise<readonly string[]>
  readMds2(document: HandedIn, hint: SbomHint): Promise<Mds2Form>
  readParts(document: HandedIn, hint: SbomHint): Partial<FeedFacts>
}
