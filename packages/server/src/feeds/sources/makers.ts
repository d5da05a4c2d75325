import {
  BadDocument,
  parseNotices,
  parsePatches,
  parseSupportDates,
  type Rows,
} from '@wardkeeper/core'
import { parse } from 'csv-parse/sync'
import { decodeText } from '../decode.ts'
import type { Feed, FeedDocument } from '../feed.ts'
import { fetchNothing } from './simple.ts'

const MAX = 20_000_000

/** Rows of a CSV file, separated by comma, semicolon or tab: whatever the first line has most of. */
export function readCsv(bytes: Uint8Array): Rows {
  const text = decodeText(bytes).replace(/^\uFEFF/, '')
  const head = text.slice(0, text.search(/\r?\n|$/))
  const [delimiter = ','] = [',', ';', '\t'].toSorted(
    (a, b) => head.split(b).length - head.split(a).length,
  )
  try {
    return parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, trim: true })
  } catch (error) {
    throw new BadDocument(
      `The table cannot be read: ${error instanceof Error ? error.message : ''}`,
    )
  }
}

const common = {
  url: undefined,
  everyHours: 24,
  staleDays: 180,
  maxBytes: MAX,
  isWhole: false,
  fetch: fetchNothing,
}

/** Who says so, out of the name of the file: `philips-2026.csv`. */
function sourceOf({ name }: FeedDocument): string {
  return name.replace(/\.\w+$/, '').slice(0, 80)
}

/** Recalls and field safety notices of regulators that publish no data, copied into a table. */
export const notices: Feed = {
  ...common,
  id: 'notices',
  title: 'Recalls and field safety notices of other regulators',
  licence: 'Entered by the hospital',
  parse: (document) => parseNotices(readCsv(document.bytes)),
}

/** Patches that makers validated for their devices: the patch register. */
export const patches: Feed = {
  ...common,
  id: 'patches',
  title: 'Patches validated by makers',
  licence: 'Entered by the hospital',
  parse: (document) => parsePatches(readCsv(document.bytes), sourceOf(document)),
}

/** Until when devices and operating systems are supported. */
export const support: Feed = {
  ...common,
  id: 'support',
  title: 'End-of-support dates',
  licence: 'Entered by the hospital',
  parse: (document) => parseSupportDates(readCsv(document.bytes), sourceOf(document)),
}
