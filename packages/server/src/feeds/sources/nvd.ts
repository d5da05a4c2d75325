import { BadDocument, parseNvd, totalOf } from '@wardkeeper/core'
import { decodeJson } from '../decode.ts'
import type { Cursor, Feed, FeedDocument, FetchContext } from '../feed.ts'

const MAX = 120_000_000
const PER_PAGE = 2000
/** Pages of one run: what is read is saved before the next ones. */
const PAGES = 25
const WINDOW_MS = 119 * 86_400_000
/** An overlap, for records that were changed while we read. */
const OVERLAP_MS = 3_600_000

interface Position {
  /** Where the windows of changes begin (ms since 1970); undefined until all was read once. */
  readonly since: number | undefined
  readonly startIndex: number
  /** When the reading of all began. */
  readonly began: number
}

/**
 * All CVEs once, page by page over as many runs as it takes, then what changed, in windows of at most 120 days.
 * Five requests in 30 seconds without a key, fifty with one.
 */
async function* fetchPages(
  context: FetchContext,
): AsyncGenerator<FeedDocument, Cursor | undefined> {
  const { url, now, key, download } = context
  const headers: Record<string, string> = key === undefined ? {} : { apiKey: key }
  const options = { maxBytes: MAX, headers, everyMs: key === undefined ? 6500 : 700 }
  let at = positionOf(context.cursor, now)
  for (let page = 0; page < PAGES; page++) {
    const until = at.since === undefined ? undefined : Math.min(at.since + WINDOW_MS, now)
    const query = new URLSearchParams({
      resultsPerPage: String(PER_PAGE),
      startIndex: String(at.startIndex),
      ...(at.since !== undefined &&
        until !== undefined && {
          lastModStartDate: new Date(at.since).toISOString(),
          lastModEndDate: new Date(until).toISOString(),
        }),
    })
    const { bytes } = await download(`${url}?${query.toString()}`, options)
    const total = totalOf(decodeJson(bytes))
    if (total === undefined)
      throw new BadDocument('The answer of NVD does not say how many records there are.')
    yield {
      name: `from ${at.startIndex}${at.since === undefined ? '' : ` since ${at.since}`}`,
      bytes,
    }
    const isLast = at.startIndex + PER_PAGE >= total
    if (!isLast) at = { ...at, startIndex: at.startIndex + PER_PAGE }
    else {
      at = { since: until ?? at.began, startIndex: 0, began: now }
      if (at.since !== undefined && at.since >= now - OVERLAP_MS) break
    }
  }
  return { since: at.since, startIndex: at.startIndex, began: at.began }
}

function positionOf(cursor: Cursor, now: number): Position {
  const number = (name: string) => (typeof cursor[name] === 'number' ? cursor[name] : undefined)
  const since = number('since')
  const startIndex = number('startIndex') ?? 0
  const began = number('began') ?? now
  const isWindowOpen = startIndex > 0
  return {
    since: since === undefined || isWindowOpen ? since : since - OVERLAP_MS,
    startIndex,
    began,
  }
}

/** The national vulnerability database: CPE configurations and vectors. */
export const nvd: Feed = {
  id: 'nvd',
  title: 'NVD',
  licence:
    'Public domain. This product uses the NVD API but is not endorsed or certified by the NVD.',
  url: 'https://services.nvd.nist.gov/rest/json/cves/2.0',
  everyHours: 4,
  staleDays: 14,
  maxBytes: MAX,
  isWhole: false,
  keyVariable: 'WARDKEEPER_NVD_KEY',
  fetch: fetchPages,
  parse: ({ bytes }) => parseNvd(decodeJson(bytes)),
}
