import type { Feed } from './feed.ts'
import { csafCisa, csafOther, csafSiemens } from './sources/csaf.ts'
import { cveList, vulnrichment } from './sources/cve.ts'
import { epss } from './sources/epss.ts'
import { kev } from './sources/kev.ts'
import { notices, patches, support } from './sources/makers.ts'
import { nvd } from './sources/nvd.ts'
import { fdaRecalls, gudid, productCodes } from './sources/openfda.ts'
import { parts } from './sources/parts.ts'

/** Every feed. A new one is a file in `sources/` and a line here. */
export const FEEDS: readonly Feed[] = [
  csafCisa,
  csafOther,
  csafSiemens,
  cveList,
  epss,
  fdaRecalls,
  gudid,
  kev,
  notices,
  nvd,
  parts,
  patches,
  productCodes,
  support,
  vulnrichment,
]

export function findFeed(id: string): Feed | undefined {
  return FEEDS.find((feed) => feed.id === id)
}

/** Those that tell of advisories, CVEs and recalls: what they do not name is held to be clear. */
export const NAMING_FEEDS: readonly Feed[] = [
  csafCisa,
  csafOther,
  csafSiemens,
  cveList,
  fdaRecalls,
  nvd,
]
