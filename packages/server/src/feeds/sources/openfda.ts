import {
  dateOf,
  decodeRecalls,
  parseClassification,
  parseFoiClass,
  parseIdentifiers,
  recordsOf,
} from '@wardkeeper/core'
import { decodeJson, decodeText, unpack } from '../decode.ts'
import { unzipFirst } from '../zip.ts'
import type { Cursor, Feed, FeedDocument, FetchContext } from '../feed.ts'

const MAX = 400_000_000
const PER_PAGE = 1000
/** What one run fetches at most; the next goes on from the newest day. */
const PAGES = 30
const LICENCE = 'CC0-1.0 (openFDA); not for clinical decisions without the original notice'

/** Pages of an endpoint, changed since a day, by the `Link` header that openFDA answers with. */
async function* fetchEndpoint(
  { download, key, url }: FetchContext,
  endpoint: string,
  search: string | undefined,
): AsyncGenerator<FeedDocument, void> {
  // The key goes as the user of basic authentication, so that it stands in no address.
  const headers: Record<string, string> =
    key === undefined ? {} : { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }
  const query = new URLSearchParams({ limit: String(PER_PAGE) })
  const asked = search === undefined ? '' : `&search=${search}`
  let next: string | undefined = `${url}/${endpoint}.json?${query.toString()}${asked}`
  for (let page = 0; next !== undefined && page < PAGES; page++) {
    // 404 says that nothing matches.
    const answer = await download(next, { maxBytes: MAX, headers, everyMs: 300, allowed: [404] })
    yield { name: `${endpoint} page ${page + 1}`, bytes: answer.bytes }
    next = answer.status === 404 ? undefined : nextOf(answer.link)
  }
}

function nextOf(link: string | undefined): string | undefined {
  return /<([^>]+)>\s*;\s*rel="?next"?/i.exec(link ?? '')?.[1]
}

/** A month of overlap: reports are filed late. */
function since(cursor: Cursor): Date | undefined {
  return typeof cursor.until === 'number' ? new Date(cursor.until - 30 * 86_400_000) : undefined
}

async function* fetchRecalls(context: FetchContext): AsyncGenerator<FeedDocument, Cursor> {
  const from = since(context.cursor)?.toISOString().slice(0, 10)
  const until = new Date(context.now).toISOString().slice(0, 10)
  const day = (text: string) => text.replaceAll('-', '')
  const posted = from && `event_date_posted:[${from}+TO+${until}]`
  const reported = from && `report_date:[${day(from)}+TO+${day(until)}]`
  yield* fetchEndpoint(context, 'recall', posted)
  yield* fetchEndpoint(context, 'enforcement', reported)
  return { until: context.now }
}

const packed = async ({ name, bytes }: FeedDocument) =>
  decodeJson(await unpack(name.endsWith('.zip') ? unzipFirst(bytes, MAX) : bytes, MAX))

/** Recalls and enforcement reports, joined on the recall number. */
export const fdaRecalls: Feed = {
  id: 'fda-recalls',
  title: 'FDA device recalls',
  licence: LICENCE,
  url: 'https://api.fda.gov/device',
  everyHours: 24,
  staleDays: 14,
  maxBytes: MAX,
  isWhole: false,
  keyVariable: 'WARDKEEPER_OPENFDA_KEY',
  fetch: fetchRecalls,
  async parse(document) {
    const answer = await packed(document)
    const date = dateOf(answer)
    return { facts: {}, bad: [], records: recordsOf(answer), ...(date !== undefined && { date }) }
  },
  join: decodeRecalls,
}

/** Trade items of the identification database. All of it comes as openFDA's zip partitions, by bundle or by hand. */
export const gudid: Feed = {
  id: 'gudid',
  title: 'FDA device identifiers (GUDID)',
  licence: `${LICENCE}; GMDN terms are not kept`,
  url: 'https://api.fda.gov/device',
  everyHours: 168,
  staleDays: 90,
  maxBytes: MAX,
  isWhole: false,
  keyVariable: 'WARDKEEPER_OPENFDA_KEY',
  async *fetch(context) {
    const from = since(context.cursor)?.toISOString().slice(0, 10)
    const until = new Date(context.now).toISOString().slice(0, 10)
    yield* fetchEndpoint(context, 'udi', from && `public_version_date:[${from}+TO+${until}]`)
    return { until: context.now }
  },
  parse: async (document) => parseIdentifiers(await packed(document)),
}

/** Product codes with class of risk and whether life depends on the device. */
export const productCodes: Feed = {
  id: 'fda-product-codes',
  title: 'FDA product classification',
  licence: LICENCE,
  url: 'https://api.fda.gov/device',
  everyHours: 720,
  staleDays: 180,
  maxBytes: MAX,
  isWhole: false,
  keyVariable: 'WARDKEEPER_OPENFDA_KEY',
  async *fetch(context) {
    yield* fetchEndpoint(context, 'classification', undefined)
    return undefined
  },
  async parse(document) {
    if (!document.name.endsWith('.txt')) return parseClassification(await packed(document))
    // The FDA's own file is Latin-1; a page of HTML is found all the same.
    decodeText(document.bytes.subarray(0, 40))
    return parseFoiClass(Buffer.from(document.bytes).toString('latin1'))
  },
}
