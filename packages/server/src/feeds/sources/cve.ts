import { parseCveRecord } from '@wardkeeper/core'
import { decodeJson } from '../decode.ts'
import type { Feed, FeedDocument, FetchContext } from '../feed.ts'

const MAX = 8_000_000
const PAGE = 500

/** Ids that changed since, in the delta file of the CVE list; the files lie beside it in folders of a thousand. */
async function* fetchDelta({
  url,
  cursor,
  download,
}: FetchContext): AsyncGenerator<FeedDocument, Record<string, unknown> | undefined> {
  const answer = await download(`${url}/cves/delta.json`, { maxBytes: MAX, etag: cursor.etag })
  if (answer.status === 304) return { ...cursor }
  const delta = decodeJson(answer.bytes) as {
    new?: { cveId?: string }[]
    updated?: { cveId?: string }[]
  }
  const ids = [...(delta.new ?? []), ...(delta.updated ?? [])].flatMap(({ cveId }) => cveId ?? [])
  for (const id of ids.slice(0, PAGE)) {
    const found = /^CVE-(\d{4})-(\d+)(\d{3})$/.exec(id)
    if (!found) continue
    const name = `${found[1]}/${found[2]}xxx/${id}.json`
    const { bytes } = await download(`${url}/cves/${name}`, { maxBytes: MAX, everyMs: 50 })
    yield { name, bytes }
  }
  return answer.etag === undefined ? undefined : { etag: answer.etag }
}

const common = { everyHours: 12, staleDays: 14, maxBytes: MAX, isWhole: false, fetch: fetchDelta }

/** The CVE list: what the numbering authorities themselves say is affected. */
export const cveList: Feed = {
  ...common,
  id: 'cve',
  title: 'CVE list',
  licence: 'CVE terms of use: free copy with the notice of The MITRE Corporation',
  url: 'https://raw.githubusercontent.com/CVEProject/cvelistV5/main',
  parse: ({ bytes }) => parseCveRecord(decodeJson(bytes)),
}

/** CISA's additions to the CVE list: SSVC decisions, vectors, CPE names. They come in bundles or by hand. */
export const vulnrichment: Feed = {
  ...common,
  id: 'vulnrichment',
  title: 'CISA vulnrichment (SSVC)',
  licence: 'CC0-1.0',
  url: undefined,
  // The record itself is the CVE list's; from here comes what CISA added.
  parse({ bytes }) {
    const parsed = parseCveRecord(decodeJson(bytes))
    return { ...parsed, facts: { signals: parsed.facts.signals ?? [] } }
  },
}
