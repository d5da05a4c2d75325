import type { ControlKind, RiskMethod } from './method.ts'
import type { SeenPeer } from './reach.ts'

export const CONTROL_STATES = [
  'proposed',
  'watching',
  'working',
  'violated',
  'blind',
  'lapsed',
  'ended',
] as const
/** Only `working` lowers a score. */
export type ControlState = (typeof CONTROL_STATES)[number]

/** Something between the device and the danger, and what must not be seen while it works. */
export interface CompensatingControl {
  readonly id: string
  readonly kind: ControlKind
  /** Milliseconds since 1970; undefined until a second person approved it. */
  readonly approved: number | undefined
  /** When a person last confirmed that it is meant to be there. */
  readonly confirmed: number
  readonly ended: number | undefined
  /** For `closed-service`: `tcp/23`. */
  readonly service?: string
  /** For `segmentation`: addresses that may still be in contact. */
  readonly allowed: readonly string[]
}

/** What the sensors showed of one asset and its segment. */
export interface ControlSight {
  /** Hours in which traffic of the asset's segment was heard, since the control was approved and last broken. */
  readonly heardHours: number
  /** The newest traffic of the asset's segment since the control was approved. */
  readonly coveredUntil: number | undefined
  /** The newest contact that the control should have kept from happening. */
  readonly violation:
    | { readonly peer: string; readonly service: string; readonly time: number }
    | undefined
}

export interface ControlJudgement {
  readonly state: ControlState
  /** One sentence for a person. */
  readonly because: string
}

const HOUR_MS = 3_600_000

/**
 * Whether a control works, judged by what was seen and not by what was configured: silence is proof only while a
 * sensor hears the segment, a violation counts until it has been quiet long enough, and without a person's word the
 * control lapses.
 */
export function judgeControl(
  control: CompensatingControl,
  sight: ControlSight,
  now: number,
  { control: rules }: RiskMethod,
): ControlJudgement {
  if (control.ended !== undefined) return { state: 'ended', because: 'It was taken back.' }
  if (control.approved === undefined) {
    return { state: 'proposed', because: 'A second person has not approved it yet.' }
  }
  if (now - control.confirmed > rules.reviewDays * 24 * HOUR_MS) {
    const because = `Nobody has confirmed it for ${rules.reviewDays} days.`
    return { state: 'lapsed', because }
  }
  const { heardHours, coveredUntil, violation } = sight
  if (coveredUntil === undefined || now - coveredUntil > rules.blindAfterHours * HOUR_MS) {
    const since =
      coveredUntil === undefined ? 'since it was approved' : `since ${iso(coveredUntil)}`
    return { state: 'blind', because: `No sensor has heard the segment ${since}.` }
  }
  if (violation !== undefined && now - violation.time < rules.provenAfterHours * HOUR_MS) {
    const { peer, service, time } = violation
    const because = `Contact with ${peer} (${service}) was seen on ${iso(time)}.`
    return { state: 'violated', because }
  }
  if (heardHours < rules.provenAfterHours) {
    const because = `Watched without a violation for ${heardHours} of ${rules.provenAfterHours} hours in which the segment was heard.`
    return { state: 'watching', because }
  }
  return {
    state: 'working',
    because: `No violation while the segment was heard until ${iso(coveredUntil)}.`,
  }
}

function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Whether a contact of the asset is one that the control should have kept from happening. */
export function isViolation(
  control: Pick<CompensatingControl, 'kind' | 'service' | 'allowed'>,
  { level, ip, direction, service }: SeenPeer,
): boolean {
  if (control.allowed.includes(ip)) return false
  if (control.kind === 'no-internet') return level === 'internet' || level === 'internet-out'
  if (control.kind === 'closed-service') {
    return direction === 'in' && service.split(' ')[0] === control.service
  }
  return level !== 'same-segment'
}
