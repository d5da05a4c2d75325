import { parseKev } from '@wardkeeper/core'
import { decodeJson } from '../decode.ts'
import type { Feed } from '../feed.ts'
import { fetchOne } from './simple.ts'

const MAX = 50_000_000

/** CISA's catalogue of vulnerabilities that attackers are known to use. */
export const kev: Feed = {
  id: 'kev',
  title: 'CISA known exploited vulnerabilities',
  licence: 'CC0-1.0',
  url: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
  everyHours: 6,
  staleDays: 7,
  maxBytes: MAX,
  isWhole: true,
  fetch: (context) => fetchOne(context, 'known_exploited_vulnerabilities.json', MAX),
  parse: ({ bytes }) => parseKev(decodeJson(bytes)),
}
