import { matchByKey } from '../match-advisory.ts'
import type { Matcher } from '../matcher.ts'

/** Maker and model, then the version range. */
export const product: Matcher = {
  name: 'product',
  match: (device, index) => matchByKey(device, index, 'product'),
}
