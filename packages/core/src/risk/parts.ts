import type { RiskDevice, RiskFinding, RiskInputs } from './inputs.ts'
import {
  HARM_CLASSES,
  LEGACY_STATES,
  REACH_LEVELS,
  levelsOf,
  type HarmClass,
  type LevelTable,
  type RiskMethod,
  type RiskFactorId,
} from './method.ts'
import { NOTHING, exactly, mapSpan, stepValue, unknownAmong, zipSpans, type Span } from './span.ts'

/** The value of each factor, 0 to 100. For controls: how much of the likelihood they leave. */
export type RiskParts = Readonly<Record<RiskFactorId, Span>>

export function partsOf(inputs: RiskInputs, method: RiskMethod): RiskParts {
  const advisories = inputs.findings.filter(({ kind }) => kind === 'advisory')
  const weaknesses = inputs.findings.filter(({ kind }) => kind === 'weakness')
  return {
    exploit: inputs.isMatched
      ? worstFirst(advisories, method, exploitSpan)
      : atLeast(worstFirst(advisories, method, exploitSpan), {
          low: 0,
          assumed: method.exploit.unmatched,
          high: method.exploit.known,
        }),
    weakness:
      inputs.reach === undefined
        ? atLeast(worstFirst(weaknesses, method, weaknessSpan), {
            low: 0,
            assumed: method.weakness.unseen,
            high: method.weakness.critical,
          })
        : worstFirst(weaknesses, method, weaknessSpan),
    legacy: legacySpan(inputs, method),
    reach: reachSpan(inputs, method),
    control: controlSpan(inputs, method),
    patient: patientSpan(inputs, method),
    data: levelSpan(inputs.device, method.data),
    operation: operationSpan(inputs, method),
  }
}

/** Each remedy counts by its worst finding; the worst remedy counts in full, the next ones by their share. */
function worstFirst(
  findings: readonly RiskFinding[],
  method: RiskMethod,
  spanOf: (finding: RiskFinding, method: RiskMethod) => Span,
): Span {
  if (findings.length === 0) return NOTHING
  const byRemedy = new Map<string, Span>()
  for (const finding of findings) {
    const span = spanOf(finding, method)
    const known = byRemedy.get(finding.remedy)
    byRemedy.set(finding.remedy, known === undefined ? span : atLeast(known, span))
  }
  return zipSpans([...byRemedy.values()], (values) => {
    const sorted = values.toSorted((one, other) => other - one)
    return eitherOf(method.repeats.map((share, n) => ((sorted[n] ?? 0) * share) / 100))
  })
}

function atLeast(span: Span, other: Span): Span {
  return zipSpans([span, other], (values) => Math.max(...values))
}

/** Of several causes at least one: what each leaves is multiplied. */
export function eitherOf(values: readonly number[]): number {
  return 100 * (1 - values.reduce((left, value) => left * (1 - value / 100), 1))
}

function exploitSpan(finding: RiskFinding, method: RiskMethod): Span {
  const { exploit } = method
  const said = signalsOf(finding, method)
  const span =
    said.length > 0
      ? exactly(Math.max(...said))
      : {
          low: Math.min(exploit.none, stepValue(exploit.epss, 0)),
          assumed: exploit.bySeverity[finding.severity],
          high: exploit.known,
        }
  return finding.verdict === 'affected'
    ? span
    : { low: 0, assumed: (span.assumed * exploit.possibly) / 100, high: span.high }
}

/** What KEV, SSVC and EPSS say. That a catalogue does not name it says nothing. */
function signalsOf(
  { isKnownExploited, ssvc, epss }: RiskFinding,
  { exploit }: RiskMethod,
): readonly number[] {
  return [
    ...(isKnownExploited === true ? [exploit.known] : []),
    ...(ssvc === undefined ? [] : [exploit[ssvc]]),
    ...(epss === undefined ? [] : [stepValue(exploit.epss, epss * 100)]),
  ]
}

function weaknessSpan({ severity, verdict }: RiskFinding, method: RiskMethod): Span {
  const value = method.weakness[severity]
  return verdict === 'affected'
    ? exactly(value)
    : { low: 0, assumed: (value * method.exploit.possibly) / 100, high: value }
}

function legacySpan({ legacy }: RiskInputs, method: RiskMethod): Span {
  return legacy === undefined
    ? unknownAmong(
        LEGACY_STATES.map((state) => method.legacy[state]),
        method.legacy.assumed,
      )
    : exactly(method.legacy[legacy.state])
}

function reachSpan({ reach }: RiskInputs, method: RiskMethod): Span {
  return reach === undefined
    ? unknownAmong(
        REACH_LEVELS.map((level) => method.reach[level]),
        method.reach.assumed,
      )
    : exactly(method.reach[reach.level])
}

/** Two controls of one kind are one. */
function controlSpan({ controls }: RiskInputs, method: RiskMethod): Span {
  const kinds = [...new Set(controls.map(({ kind }) => kind))].toSorted()
  return exactly(kinds.reduce((left, kind) => left * (1 - method.control[kind] / 100), 100))
}

function patientSpan({ device, inUse }: RiskInputs, method: RiskMethod): Span {
  const { patient } = method
  const harm = harmSpan(device, method)
  const use = patient.inUse
  const low = inUse === 'unknown' ? use['not-in-use'] : use[inUse]
  return {
    low: (harm.low * low) / 100,
    assumed: (harm.assumed * use[inUse]) / 100,
    high: (harm.high * use[inUse]) / 100,
  }
}

function harmSpan(device: RiskDevice, { patient }: RiskMethod): Span {
  const harm = harmClassOf(device)
  if (harm !== undefined) return exactly(patient[harm])
  const known = device.isClinical === true ? HARM_CLASSES.slice(0, -1) : HARM_CLASSES
  return unknownAmong(
    known.map((one) => patient[one]),
    patient.assumed,
  )
}

/** How much harm a device can do; undefined while its type is not known. */
export function harmClassOf(device: RiskDevice): HarmClass | undefined {
  if (device.isLifeSupport === true) return 'life-support'
  if (device.deviceClass === 3) return 'class-3'
  if (device.isRegulated === true) return 'regulated'
  if (device.isClinical === false) return 'other'
  if (device.type === undefined || device.isClinical === undefined) return undefined
  return 'clinical'
}

function levelSpan({ type, category }: RiskDevice, table: LevelTable): Span {
  const level = table.byType[type ?? ''] ?? table.byCategory[category ?? '']
  return level === undefined ? unknownAmong(levelsOf(table), table.assumed) : exactly(level)
}

/** What stops if it stops: by what it is, or by how many depend on it, whichever is worse. */
function operationSpan({ device, dependants }: RiskInputs, method: RiskMethod): Span {
  const span = levelSpan(device, method.operation)
  if (dependants === undefined) return span
  const seen = stepValue(method.operation.dependants, dependants)
  return mapSpan(span, (value) => Math.max(value, seen))
}
