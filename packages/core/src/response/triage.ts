import type { Detection, Dossier, Incident, WorkOrder } from '../vocabulary.ts'
import { SEVERITIES } from '../vocabulary.ts'
import { orderForIncident } from './order.ts'
import type { ResponsePlan } from './plan.ts'
import { dueAfter, isAtLeast, isClinical, worse } from './plan.ts'

export interface TriageInput {
  readonly detections: readonly Detection[]
  readonly openIncidents: readonly Incident[]
  readonly dossierOf: (assetId: string) => Dossier
  readonly plan: ResponsePlan
  readonly now: number
  readonly newId: () => string
}

export interface Triage {
  readonly opened: readonly Incident[]
  readonly changed: readonly Incident[]
  readonly workOrders: readonly WorkOrder[]
  /** All detections that were given, with the state they have now. */
  readonly detections: readonly Detection[]
}

/**
 * Detections become incidents: one incident for one remedy. What ends by the remedy of an open incident joins
 * it; a severe detection on a medical device opens one, with the work order that goes with it.
 */
export function triage({
  detections,
  openIncidents,
  dossierOf,
  plan,
  now,
  newId,
}: TriageInput): Triage {
  const open = new Map(openIncidents.filter(isOpen).map((one) => [one.remedy, one]))
  const known = new Set(openIncidents.map(({ id }) => id))
  const touched = new Set<string>()
  const settled = new Map<string, Detection>()
  const raised = worstFirst(detections.filter(({ state }) => state === 'raised'))
  const isOpener = (one: Detection) => opensIncident(one, dossierOf, plan)
  // Openers first, so that a lesser part of one attack finds the incident it belongs to.
  for (const detection of [...raised.filter(isOpener), ...raised.filter((one) => !isOpener(one))]) {
    const incident = open.get(detection.remedy) ?? open.get(isolationOf(detection))
    if (incident === undefined && !isOpener(detection)) continue
    const next = incident
      ? join(incident, detection, dossierOf)
      : openIncident(detection, dossierOf, plan, now, newId())
    open.set(next.remedy, next)
    touched.add(next.id)
    settled.set(detection.id, { ...detection, state: 'in-incident' })
  }
  const after = [...open.values()].filter(({ id }) => touched.has(id))
  const opened = after.filter(({ id }) => !known.has(id))
  return {
    opened,
    changed: after.filter(({ id }) => known.has(id)),
    workOrders: opened.map((incident) => orderForIncident(incident, plan, now, newId())),
    detections: detections.map((detection) => settled.get(detection.id) ?? detection),
  }
}

/** Cutting an actor off also ends whatever else it does that would only be reviewed. */
function isolationOf({ remedy }: Detection): string {
  return remedy.replace(/^review:/, 'isolate:')
}

function isOpen({ state }: Incident): boolean {
  return state !== 'resolved' && state !== 'reviewed'
}

function worstFirst(detections: readonly Detection[]): readonly Detection[] {
  return [...detections].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.time - b.time,
  )
}

function opensIncident(
  detection: Detection,
  dossierOf: (assetId: string) => Dossier,
  plan: ResponsePlan,
): boolean {
  const device = detection.targetId ?? detection.actorId
  if (device === undefined || !isAtLeast(detection.severity, plan.incidentFrom)) return false
  return isClinical(dossierOf(device).type, plan)
}

function openIncident(
  detection: Detection,
  dossierOf: (assetId: string) => Dossier,
  plan: ResponsePlan,
  now: number,
  id: string,
): Incident {
  const { severity, remedy, actorId } = detection
  const assetIds = devicesOf(detection)
  return {
    id,
    title: detection.seen,
    severity,
    state: 'new',
    remedy,
    actorId,
    assetIds,
    detectionIds: [detection.id],
    findingIds: [],
    dossiers: assetIds.map(dossierOf),
    opened: now,
    due: dueAfter(now, plan.clocks[severity].acknowledge),
  }
}

function join(
  incident: Incident,
  detection: Detection,
  dossierOf: (assetId: string) => Dossier,
): Incident {
  const added = devicesOf(detection).filter((id) => !incident.assetIds.includes(id))
  const ids = new Set([...incident.detectionIds, detection.id])
  const dossiers = [...incident.dossiers, ...added.map(dossierOf)]
  return {
    ...incident,
    title: titleOf(incident, dossiers),
    severity: worse(incident.severity, detection.severity),
    assetIds: [...incident.assetIds, ...added],
    detectionIds: [...ids],
    dossiers,
  }
}

/** What was seen on the first device stands for the incident until it concerns a second one. */
function titleOf({ title, actorId }: Incident, dossiers: readonly Dossier[]): string {
  const [first, ...others] = dossiers.filter(({ assetId }) => assetId !== actorId)
  const actor = dossiers.find(({ assetId }) => assetId === actorId)
  if (first === undefined || others.length === 0) return title
  const by = actor === undefined ? '' : ` by ${actor.label}`
  const more = others.length === 1 ? '1 other device' : `${others.length} other devices`
  return `Unexpected contact${by} with ${first.label} and ${more}`
}

/** The device it was done to comes first: it is the one whose patient is at risk. */
function devicesOf({ targetId, actorId }: Detection): readonly string[] {
  return [...new Set([targetId, actorId].filter((id) => id !== undefined))]
}
