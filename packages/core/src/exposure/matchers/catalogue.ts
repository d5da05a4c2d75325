import { matchByKey } from '../match-advisory.ts'
import type { Matcher } from '../matcher.ts'

/** The catalogue or model number of a maker. */
export const catalogue: Matcher = {
  name: 'catalogue',
  match: (device, index) => matchByKey(device, index, 'catalogue'),
}
