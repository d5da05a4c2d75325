import type { InUse, Severity } from '../vocabulary.ts'

/** NIST SP 800-30 r1, tables G-2, H-3 and I-2. */
export const RISK_LEVELS = ['very-low', 'low', 'moderate', 'high', 'very-high'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]

export const RISK_FACTORS = [
  'exploit',
  'weakness',
  'legacy',
  'reach',
  'control',
  'patient',
  'data',
  'operation',
] as const
export type RiskFactorId = (typeof RISK_FACTORS)[number]

/** Factors that are added up; reach and controls multiply. */
export const WEIGHED_FACTORS = [
  'exploit',
  'weakness',
  'legacy',
  'patient',
  'data',
  'operation',
] as const
export type WeighedFactor = (typeof WEIGHED_FACTORS)[number]

export const REACH_LEVELS = [
  'internet',
  'internet-out',
  'other-zones',
  'same-segment',
  'none-seen',
] as const
/** With whom contact was seen: called from the internet, calling out to it, .. `none-seen` needs a sensor that looked. */
export type ReachLevel = (typeof REACH_LEVELS)[number]

export const LEGACY_STATES = ['supported', 'ending', 'ended', 'long-ended'] as const
export type LegacyState = (typeof LEGACY_STATES)[number]

export const HARM_CLASSES = ['life-support', 'class-3', 'regulated', 'clinical', 'other'] as const
/** What a failure or a wrong action of the device can do to a patient. */
export type HarmClass = (typeof HARM_CLASSES)[number]

export const CONTROL_KINDS = ['no-internet', 'segmentation', 'closed-service'] as const
/** What a compensating control keeps from happening. */
export type ControlKind = (typeof CONTROL_KINDS)[number]

export const ACTION_KINDS = ['patch', 'mitigate', 'configure', 'segment', 'replace'] as const
export type ActionKind = (typeof ACTION_KINDS)[number]

/** A value from a figure on: the last step whose `from` is not above the figure counts. */
export interface Step {
  readonly from: number
  readonly value: number
}

/** What an unknown is taken for; its range comes from the best and the worst known case. */
interface Assumed {
  readonly assumed: number
}

/** A level by device type, else by category, else unknown. */
export interface LevelTable extends Assumed {
  readonly byType: Readonly<Record<string, number>>
  readonly byCategory: Readonly<Record<string, number>>
}

/** How a score is made: every weight and table. All values are 0 to 100. */
export interface RiskMethod {
  readonly id: string
  readonly version: string
  /** Where each level of `RISK_LEVELS` ends, inclusive, and the value that stands for it. */
  readonly scale: { readonly upTo: readonly number[]; readonly values: readonly number[] }
  /** Level of risk by level of likelihood (rows) and of impact (columns). */
  readonly matrix: Readonly<Record<RiskLevel, readonly RiskLevel[]>>
  readonly weights: Readonly<Record<WeighedFactor, number>>
  /** Share with which the worst, the second, the third .. finding counts. */
  readonly repeats: readonly number[]
  readonly exploit: {
    readonly known: number
    readonly active: number
    readonly poc: number
    readonly none: number
    /** By probability of exploitation in percent. */
    readonly epss: readonly Step[]
    /** Assumed while neither KEV, SSVC nor EPSS says anything. */
    readonly bySeverity: Readonly<Record<Severity, number>>
    /** Share of the value that is assumed where the device is only possibly affected. */
    readonly possibly: number
    /** Assumed of a device of which too little is known to hold advisories against it. */
    readonly unmatched: number
  }
  readonly weakness: Readonly<Record<Severity, number>> & {
    /** Assumed of a device of which no traffic was seen. */
    readonly unseen: number
  }
  readonly legacy: Readonly<Record<LegacyState, number>> &
    Assumed & { readonly endingDays: number; readonly longYears: number }
  readonly reach: Readonly<Record<ReachLevel, number>> &
    Assumed & {
      /** Contact longer ago than this, before the newest that the site saw, counts no more. */
      readonly windowDays: number
      /** IPv4 addresses that share so many leading bits are one segment; with IPv6 it is always 64. */
      readonly segmentBits: number
    }
  readonly control: Readonly<Record<ControlKind, number>> & {
    /** Without a sight of the segment for so long a control is no longer observed. */
    readonly blindAfterHours: number
    /** So long it must be watched without a violation before it counts. */
    readonly provenAfterHours: number
    /** A control has to be confirmed again after this. */
    readonly reviewDays: number
  }
  readonly patient: Readonly<Record<HarmClass, number>> &
    Assumed & { readonly inUse: Readonly<Record<InUse, number>> }
  readonly data: LevelTable
  readonly operation: LevelTable & {
    /** By number of distinct clients that were seen to use it. */
    readonly dependants: readonly Step[]
  }
  /** Hours of a technician: once for the deed, and for each device. */
  readonly effort: Readonly<
    Record<ActionKind, { readonly once: number; readonly each: number; readonly clinical: number }>
  >
}

/** Where a method contradicts itself, one sentence each; a method with any is not used. */
export function checkMethod(method: RiskMethod): readonly string[] {
  return [
    ...checkScale(method),
    ...checkMatrix(method),
    ...checkOrder('repeats', method.repeats.toReversed()),
    ...checkSteps('exploit.epss', method.exploit.epss),
    ...checkSteps('operation.dependants', method.operation.dependants),
    ...checkExploit(method),
    ...checkOrder(
      'reach',
      [...REACH_LEVELS].toReversed().map((level) => method.reach[level]),
    ),
    ...checkOrder(
      'legacy',
      LEGACY_STATES.map((state) => method.legacy[state]),
    ),
    ...checkOrder(
      'patient',
      [...HARM_CLASSES].toReversed().map((one) => method.patient[one]),
    ),
    ...checkInUse(method),
    ...checkAssumed(method),
  ]
}

function checkScale({ scale }: RiskMethod): string[] {
  const count = RISK_LEVELS.length
  if (scale.upTo.length !== count || scale.values.length !== count) {
    return [`scale: ${count} levels need ${count} ends and ${count} values.`]
  }
  const isRight = scale.values.every(
    (value, n) => value <= (scale.upTo[n] ?? 0) && value > (scale.upTo[n - 1] ?? -1),
  )
  return [
    ...checkOrder('scale.upTo', scale.upTo),
    ...(isRight ? [] : ['scale.values: each value must lie within its own level.']),
    ...(scale.upTo.at(-1) === 100 ? [] : ['scale.upTo: the last level must end at 100.']),
    ...(scale.values[0] === 0 && scale.values.at(-1) === 100
      ? []
      : ['scale.values: they must begin with 0 and end with 100.']),
  ]
}

/** More likelihood or more impact never means less risk. */
function checkMatrix({ matrix }: RiskMethod): string[] {
  const rows = RISK_LEVELS.map((level) => matrix[level].map((cell) => RISK_LEVELS.indexOf(cell)))
  if (rows.some((row) => row.length !== RISK_LEVELS.length)) {
    return [`matrix: each row needs ${RISK_LEVELS.length} levels.`]
  }
  const columns = RISK_LEVELS.map((_, n) => rows.map((row) => row[n] ?? 0))
  return [...rows, ...columns].flatMap((line, n) => checkOrder(`matrix line ${n + 1}`, line))
}

function checkOrder(name: string, values: readonly number[]): string[] {
  const isRising = values.every((value, n) => n === 0 || value >= (values[n - 1] ?? 0))
  return isRising ? [] : [`${name}: the worse case must not have the smaller value.`]
}

function checkSteps(name: string, steps: readonly Step[]): string[] {
  return [
    ...(steps[0]?.from === 0 ? [] : [`${name}: the first step must begin at 0.`]),
    ...checkOrder(
      `${name} from`,
      steps.map(({ from }) => from),
    ),
    ...checkOrder(
      name,
      steps.map(({ value }) => value),
    ),
  ]
}

function checkExploit({ exploit }: RiskMethod): string[] {
  const { known, active, poc, none, epss, bySeverity } = exploit
  const rest = [active, poc, none, ...epss.map(({ value }) => value), ...Object.values(bySeverity)]
  return [
    ...(rest.every((value) => value <= known)
      ? []
      : ['exploit.known: nothing may be worse than an exploit that is known to be used.']),
    ...checkOrder('exploit', [none, poc, active]),
    ...checkOrder('exploit.bySeverity', [
      bySeverity.low,
      bySeverity.medium,
      bySeverity.high,
      bySeverity.critical,
    ]),
  ]
}

function checkInUse({ patient: { inUse } }: RiskMethod): string[] {
  return inUse.unknown === inUse['in-use'] && inUse['not-in-use'] <= inUse['in-use']
    ? []
    : ['patient.inUse: unknown counts as in use, and not in use is never worse.']
}

/** An unknown is never taken for less than the best known case. */
function checkAssumed(method: RiskMethod): string[] {
  const cases: readonly (readonly [string, number, readonly number[]])[] = [
    ['legacy', method.legacy.assumed, LEGACY_STATES.map((state) => method.legacy[state])],
    ['reach', method.reach.assumed, REACH_LEVELS.map((level) => method.reach[level])],
    ['patient', method.patient.assumed, HARM_CLASSES.map((one) => method.patient[one])],
    ['data', method.data.assumed, levelsOf(method.data)],
    ['operation', method.operation.assumed, levelsOf(method.operation)],
  ]
  return cases.flatMap(([name, assumed, known]) =>
    assumed >= Math.min(...known) && assumed <= Math.max(...known)
      ? []
      : [`${name}.assumed: an unknown lies between the best and the worst known case.`],
  )
}

export function levelsOf({ byType, byCategory }: LevelTable): readonly number[] {
  const levels = [...Object.values(byType), ...Object.values(byCategory)]
  return levels.length === 0 ? [0, 100] : levels
}
