import type { ObservedFact, Severity } from '../vocabulary.ts'

/** One bad configuration and how it shows on the wire. A new one is a file here and a line in the registry. */
export interface WeaknessRule {
  /** Stable name, also the subject of its findings. */
  readonly code: string
  readonly severity: Severity
  /** Fields that can show it; facts of other fields are not asked. */
  readonly fields: readonly string[]
  /** One sentence for a person. */
  readonly reason: string
  isShownBy(fact: ObservedFact, now: number): boolean
}
