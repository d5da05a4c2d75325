import { matchByKey } from '../match-advisory.ts'
import type { Matcher } from '../matcher.ts'

/** Serial and lot numbers: they confirm or clear a device whose maker and model fit. */
export const serial: Matcher = {
  name: 'serial',
  match: (device, index) => matchByKey(device, index, 'serial'),
}
