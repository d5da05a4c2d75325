import type { Detection, Severity } from '../vocabulary.ts'
import type { SeenFlow } from './flow.ts'
import type { LearningSettings } from './settings.ts'

/** What a detector may ask about the asset it looks at. */
export interface Watch {
  readonly assetId: string
  /** Flows of this asset that the baseline does not know, without infrastructure traffic, oldest first. */
  readonly strange: readonly SeenFlow[]
  /** True once enough was learned to call something new. */
  readonly isWatching: boolean
  readonly settings: LearningSettings
  readonly isKnownPeer: (peer: string) => boolean
  /** Whether anybody has used this service of the asset, or the asset anybody's. */
  readonly isKnownService: (direction: SeenFlow['direction'], service: string) => boolean
  /** False only for a device that is known not to be medical. */
  readonly isClinical: (assetId: string | undefined) => boolean
  readonly labelOf: (assetId: string | undefined, ip: string) => string
}

/** What a detector found: the part of a detection that it alone knows. */
export interface Alarm {
  readonly severity: Severity
  readonly actor: SeenFlow['flow']['client']
  readonly target: SeenFlow['flow']['client'] | undefined
  readonly expected: string
  readonly seen: string
  readonly flows: readonly SeenFlow[]
  /** `isolate` cuts the actor off; `review` asks whether it is meant to be so. */
  readonly remedy: 'isolate' | 'review'
}

/** A kind of strange behaviour. A new one is a file in `detectors/` and a line in the registry. */
export interface Detector {
  readonly name: Detection['detector']
  /** MITRE ATT&CK technique ids, Enterprise and ICS. */
  readonly techniques: readonly string[]
  /** True when it needs no baseline: it also looks while the asset is being learned. */
  readonly isAlwaysOn: boolean
  detect(watch: Watch): readonly Alarm[]
}
