import type { FingerprintSet } from './fingerprint.ts'
import type { Vocabulary } from './vocabulary.ts'
import type { IdentityWeights } from './weights.ts'

/** What identification knows beside the facts. */
export interface Knowledge {
  readonly fingerprints: FingerprintSet
  /** The organisation that the MAC's address block is registered to. */
  makerOfMac(mac: string): string | undefined
  readonly vocabulary: Vocabulary
  /** What each kind of evidence is worth, as measured; without it as guessed. */
  readonly weights?: IdentityWeights | undefined
}
