import type { Baseline, Detection, FlowSummary } from '../vocabulary.ts'
import { learn, startBaseline } from './baseline.ts'
import type { Alarm, Detector, Watch } from './detector.ts'
import { newPeer } from './detectors/new-peer.ts'
import { newService } from './detectors/new-service.ts'
import { scan } from './detectors/scan.ts'
import { stranger } from './detectors/stranger.ts'
import { weakService } from './detectors/weak-service.ts'
import type { SeenFlow } from './flow.ts'
import { evidenceOfFlow, isInfrastructure, peerOf, seenFrom } from './flow.ts'
import type { LearningSettings } from './settings.ts'

/** Every detector, the most telling first: a flow that one has explained is not shown to the next. */
export const DETECTORS: readonly Detector[] = [scan, weakService, stranger, newService, newPeer]

const HOUR = 3_600_000
/** At most so many flows are kept as evidence of one detection. */
const EVIDENCE = 20

export interface ObserveInput {
  readonly assetId: string
  readonly baseline: Baseline | undefined
  /** Flow summaries of which this asset is an end, in any order. */
  readonly flows: readonly FlowSummary[]
  readonly settings: LearningSettings
  readonly now: number
  readonly newId: () => string
  readonly labelOf: (assetId: string | undefined, ip: string) => string
  /** False for a device known not to be medical; without an answer a device counts as medical. */
  readonly isClinical?: (assetId: string) => boolean | undefined
}

export interface Observed {
  readonly baseline: Baseline
  readonly detections: readonly Detection[]
}

/**
 * Learns what is normal for one asset and raises what is not, hour by hour. What raised an alarm is not learned
 * until a person says that it is normal; it is raised again when it is still there a while later.
 */
export function observe(input: ObserveInput): Observed {
  const { assetId, flows, settings, now } = input
  const seen = flows
    .filter((flow) => !isInfrastructure(flow, settings))
    .flatMap((flow) => seenFrom(assetId, flow) ?? [])
    .sort((a, b) => a.flow.first - b.flow.first)
  let baseline = input.baseline ?? startBaseline(assetId, seen[0]?.flow.first ?? now)
  const detections: Detection[] = []
  for (const hour of Map.groupBy(seen, ({ flow }) => flow.hour).values()) {
    const { alarms, alarmed } = watchHour(hour, baseline, input)
    const quiet = hour.filter((one) => !alarmed.has(one))
    const { raised, memory } = raise(alarms, baseline, input)
    const remembered = { ...baseline, known: { ...baseline.known, ...memory } }
    baseline = learn(remembered, quiet, settings)
    detections.push(...raised)
  }
  return { baseline, detections }
}

type NamedAlarm = Alarm & { readonly detector: Detector }

function watchHour(hour: readonly SeenFlow[], baseline: Baseline, input: ObserveInput) {
  const alarmed = new Set<SeenFlow>()
  const alarms: NamedAlarm[] = []
  const base = watchOf(baseline, input)
  for (const detector of DETECTORS) {
    if (!detector.isAlwaysOn && !base.isWatching) continue
    const strange = hour.filter((one) => !(one.key in baseline.known) && !alarmed.has(one))
    for (const alarm of detector.detect({ ...base, strange })) {
      alarms.push({ ...alarm, detector })
      for (const flow of alarm.flows) alarmed.add(flow)
    }
  }
  return { alarms, alarmed }
}

function watchOf({ known, stage }: Baseline, input: ObserveInput): Omit<Watch, 'strange'> {
  const keys = Object.keys(known).filter(
    (key) => !key.startsWith(ALARM) && !key.startsWith(ALLOWED),
  )
  const peers = new Set(keys.map((key) => key.slice(key.lastIndexOf(' ') + 1)))
  const services = new Set(keys.map((key) => key.slice(0, key.lastIndexOf(' '))))
  return {
    assetId: input.assetId,
    isWatching: stage === 'watching',
    settings: input.settings,
    isKnownPeer: (peer) => peers.has(peer),
    isKnownService: (direction, service) => services.has(`${direction} ${service}`),
    isClinical: (id) => id === undefined || (input.isClinical?.(id) ?? true),
    labelOf: input.labelOf,
  }
}

/** Alarms, and those that a person allowed, are kept among what is known, under names that no flow can have. */
const ALARM = 'alarm '
const ALLOWED = 'allowed '

function raise(alarms: readonly NamedAlarm[], { known }: Baseline, input: ObserveInput) {
  const raised: Detection[] = []
  const memory: Record<string, Baseline['known'][string]> = {}
  for (const alarm of alarms) {
    const name = [alarm.detector.name, peerOf(alarm.actor), targetOf(alarm)].join(' ')
    if (ALLOWED + name in known) continue
    const key = ALARM + name
    const before = memory[key] ?? known[key]
    const detection = detectionOf(alarm, input)
    // Captures come in any order: what is older than the alarm before is not a repeat of it either.
    const isRepeat =
      before !== undefined &&
      Math.abs(detection.time - before.first) < input.settings.repeatAfterHours * HOUR
    const first = isRepeat ? before.first : detection.time
    const count = (before?.count ?? 0) + detection.count
    memory[key] = { first, last: Math.max(before?.last ?? 0, detection.lastTime), count }
    if (!isRepeat) raised.push(detection)
  }
  return { raised, memory }
}

function targetOf({ target }: Alarm): string {
  return target === undefined ? '-' : peerOf(target)
}

function detectionOf(alarm: NamedAlarm, { newId }: ObserveInput): Detection {
  const { detector, severity, actor, target, expected, seen, flows, remedy } = alarm
  const from = flows.map(({ flow }) => flow.first)
  const to = flows.map(({ flow }) => flow.last)
  return {
    id: newId(),
    detector: detector.name,
    severity,
    state: 'raised',
    actorId: actor.assetId,
    targetId: target?.assetId,
    time: Math.min(...from),
    lastTime: Math.max(...to),
    count: flows.reduce((sum, { flow }) => sum + flow.sessions, 0),
    expected,
    seen,
    techniques: detector.techniques,
    evidence: flows.slice(0, EVIDENCE).map((one) => evidenceOfFlow(one, detector.name)),
    remedy: `${remedy}:${actor.assetId ?? `ip:${actor.ip}`}`,
  }
}

/**
 * A person says that what was detected is normal: its flows become known to the asset's baseline. A scan is normal
 * as a whole, for one who scans by trade: its single probes need not be known.
 */
export function learnDetection(baseline: Baseline, detection: Detection): Baseline {
  const { detector, evidence, time, lastTime, count } = detection
  const known = { ...baseline.known }
  for (const { claims } of evidence) {
    if (claims !== undefined) known[claims] = { first: time, last: lastTime, count: 1 }
  }
  if (detector === scan.name) {
    known[ALLOWED + nameOf(detection)] = { first: time, last: lastTime, count }
  }
  return { ...baseline, known }
}

/** A person closes what was detected: when it happens again, be it within the hour, it is told again. */
export function forgetAlarm(baseline: Baseline, detection: Detection): Baseline {
  const { [ALARM + nameOf(detection)]: _, ...known } = baseline.known
  return { ...baseline, known }
}

/** What the alarm of a detection is remembered by. */
function nameOf(detection: Detection): string {
  const { detector, actorId, targetId } = detection
  const actor = actorId === undefined ? (peersOf(detection, 'in')[0] ?? '-') : `asset:${actorId}`
  const others = peersOf(detection, 'out')
  // A sweep has no one target.
  const other = others.length === 1 ? others[0] : '-'
  const target = targetId === undefined ? (other ?? '-') : `asset:${targetId}`
  return [detector, actor, target].join(' ')
}

/** The other ends, as the asset that raised the detection knows them. */
function peersOf({ evidence }: Detection, direction: 'in' | 'out'): readonly string[] {
  const keys = evidence.flatMap(({ claims }) => claims ?? [])
  const own = keys.filter((key) => key.startsWith(`${direction} `))
  return [...new Set(own.map((key) => key.slice(key.lastIndexOf(' ') + 1)))]
}
