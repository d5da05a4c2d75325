import { parseEpss } from '@wardkeeper/core'
import { decodeText } from '../decode.ts'
import type { Feed } from '../feed.ts'
import { fetchOne } from './simple.ts'

const MAX = 100_000_000

/** FIRST's daily probability that a CVE is exploited within 30 days. */
export const epss: Feed = {
  id: 'epss',
  title: 'FIRST EPSS',
  licence: 'Free to use with attribution to FIRST (first.org/epss)',
  url: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
  everyHours: 24,
  staleDays: 7,
  maxBytes: MAX,
  isWhole: true,
  fetch: (context) => fetchOne(context, 'epss_scores-current.csv', MAX),
  parse: ({ bytes }) => parseEpss(decodeText(bytes)),
}
