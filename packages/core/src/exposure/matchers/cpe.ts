import type { Matcher } from '../matcher.ts'

/** CPE configurations of CVEs: the weakest key, because the names in them are not stable. */
export const cpe: Matcher = {
  name: 'cpe',
  match: (device, index) => index.cpes?.matchesFor(device) ?? [],
}
