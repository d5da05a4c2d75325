import type { FingerprintSet } from './fingerprint.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What identification knows beside the facts. */
export interface Knowledge {
  readonly fingerprints: FingerprintSet
  /** The organisation that the MAC's address block is registered to. */
  makerOfMac(mac: string): string | undefined
  readonly vocabulary: Vocabulary
}
