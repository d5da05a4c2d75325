import type { Advisory, BadRecord, ParsedDocument } from '@wardkeeper/core'
import type { Download } from './download.ts'

/** One file of a source as it came, unpacked. */
export interface FeedDocument {
  readonly name: string
  readonly bytes: Uint8Array
  /** Why it must not be believed although it came whole: a hash or a signature that does not fit. */
  readonly problem?: string
  /** True when a signature was checked and fits: that of its publisher, or that of the bundle it came in. */
  readonly isSigned?: boolean
}

export type Cursor = Readonly<Record<string, unknown>>

export interface FetchContext {
  /** Address of the source, without a slash at its end. */
  readonly url: string
  /** What the last good run left. */
  readonly cursor: Cursor
  readonly now: number
  readonly download: Download
  /** A key for the source, from the environment; never logged. */
  readonly key: string | undefined
}

/** What a document told, before facts of several are joined. */
export interface FeedParsed extends ParsedDocument {
  /** Raw records that make advisories only together with those of other documents. */
  readonly records?: readonly object[]
}

/** One source of knowledge: where it comes from, and how its documents are read. */
export interface Feed {
  readonly id: string
  readonly title: string
  /** What may be done with the data, one line, with the notice that it asks for. */
  readonly licence: string
  /** Where it is fetched from when nothing else was configured; undefined: it comes by hand or in a bundle. */
  readonly url: string | undefined
  readonly everyHours: number
  /** Verdicts say that it is old after so many days without a look. */
  readonly staleDays: number
  /** Most bytes of one document, unpacked. */
  readonly maxBytes: number
  /** True when one document is the whole statement: then an older or much shorter one is refused. */
  readonly isWhole: boolean
  /** True when its publisher signs documents, so that one whose signature was not checked is told of. */
  readonly hasSignatures?: boolean
  /** Name of the environment variable that may hold a key. */
  readonly keyVariable?: string
  /** Yields documents as they come; answers with where to go on next time. */
  fetch(context: FetchContext): AsyncGenerator<FeedDocument, Cursor | undefined>
  /** Bytes to facts; throws `BadDocument`. Touches nothing else. */
  parse(document: FeedDocument): ParsedDocument | FeedParsed | Promise<ParsedDocument | FeedParsed>
  join?(records: readonly object[]): {
    readonly advisories: readonly Advisory[]
    readonly bad: readonly BadRecord[]
  }
}

/** The source cannot be used now: nothing was changed. The message says what to do next. */
export class FeedRefused extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'FeedRefused'
  }
}
