import type { InUse, Severity, Verdict } from '../vocabulary.ts'
import type { ControlKind, LegacyState, ReachLevel } from './method.ts'

export const SSVC_EXPLOITATIONS = ['none', 'poc', 'active'] as const
export type SsvcExploitation = (typeof SSVC_EXPLOITATIONS)[number]

/** Open findings of one asset that weigh the same: one remedy, one kind, one set of signals. */
export interface RiskFinding {
  readonly kind: 'advisory' | 'weakness'
  readonly subject: string
  readonly remedy: string
  readonly severity: Severity
  readonly verdict: Exclude<Verdict, 'not-affected'>
  readonly count: number
  /** One of them, for the link. */
  readonly findingId: string
  /** In a catalogue of exploits that are used. */
  readonly isKnownExploited?: boolean
  readonly ssvc?: SsvcExploitation
  /** Probability of exploitation within 30 days, 0 to 1. */
  readonly epss?: number
  /** Somebody accepted the risk: it is there all the same. */
  readonly isAccepted?: boolean
}

/** What the device is, as far as it bears on harm; undefined parts are not known. */
export interface RiskDevice {
  readonly type?: string
  readonly category?: string
  readonly isClinical?: boolean
  readonly isRegulated?: boolean
  readonly isLifeSupport?: boolean
  /** FDA class. */
  readonly deviceClass?: number
}

/** A control that is observed to work now; one that is not is no input. */
export interface RiskControl {
  readonly id: string
  readonly kind: ControlKind
}

export interface RiskReach {
  readonly level: ReachLevel
  /** The contact that shows it. */
  readonly peer?: string
  readonly service?: string
  /** Milliseconds since 1970. */
  readonly time?: number
}

/** Everything a score is made from; stored with it. What is undefined is not known. */
export interface RiskInputs {
  readonly device: RiskDevice
  readonly inUse: InUse
  /** False while maker or model is not known, so that no advisory can be held against it. */
  readonly isMatched: boolean
  readonly findings: readonly RiskFinding[]
  readonly reach?: RiskReach
  readonly legacy?: { readonly state: LegacyState; readonly what: string; readonly until?: string }
  /** Distinct clients that were seen to use it. */
  readonly dependants?: number
  readonly controls: readonly RiskControl[]
}
