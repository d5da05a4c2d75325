import type { Role, Severity } from '../vocabulary.ts'
import { SEVERITIES } from '../vocabulary.ts'

/** Minutes from one move to the next; undefined means that no clock runs. */
export interface ResponseClock {
  readonly acknowledge: number
  readonly contain: number
  readonly resolve: number
  readonly review: number
  /** From opening a work order to its being done. */
  readonly workOrder: number
}

/** Who answers to what, and how fast: data in `content/response-plans/`. */
export interface ResponsePlan {
  readonly name: string
  readonly version: number
  /** The mildest severity that opens an incident. */
  readonly incidentFrom: Severity
  /** Device types that never serve a patient; any other type, and an unknown one, counts as medical. */
  readonly otherTypes: readonly string[]
  readonly clocks: Readonly<Record<Severity, ResponseClock>>
  readonly roles: Readonly<
    Record<'acknowledge' | 'contain' | 'resolve' | 'review', readonly Role[]>
  >
}

/** True when `severity` is `floor` or worse. */
export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(floor)
}

/** The worse of two severities. */
export function worse(one: Severity, other: Severity): Severity {
  return isAtLeast(one, other) ? one : other
}

/** A device counts as medical unless its type is known to be something else. */
export function isClinical(type: string | undefined, plan: ResponsePlan): boolean {
  return type === undefined || !plan.otherTypes.includes(type)
}

/** When the plan wants the next move, as a time. */
export function dueAfter(now: number, minutes: number): number {
  return now + minutes * 60_000
}
