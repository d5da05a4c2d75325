import { matchByKey } from '../match-advisory.ts'
import type { Matcher } from '../matcher.ts'

/** The device identifier of its UDI: one number for one model of one maker. */
export const udi: Matcher = {
  name: 'udi',
  match: (device, index) => matchByKey(device, index, 'udi'),
}
