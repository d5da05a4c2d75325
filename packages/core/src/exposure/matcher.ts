import type { Device, Match } from '../vocabulary.ts'
import type { AdvisoryIndex } from './advisory-index.ts'

/** A way to hold advisories against a device. A new one is a file in `matchers/` and a line in the registry. */
export interface Matcher {
  readonly name: Match['matcher']
  match(device: Device, index: AdvisoryIndex): readonly Match[]
}
