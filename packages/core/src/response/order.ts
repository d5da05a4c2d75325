import type {
  Detection,
  Dossier,
  Expectation,
  Finding,
  Incident,
  WorkOrder,
  WorkOrderKind,
} from '../vocabulary.ts'
import type { ResponsePlan } from './plan.ts'
import { dueAfter, isClinical } from './plan.ts'

/** Work orders get their number from the store; until then it is 0. */
const UNNUMBERED = 0

/** The work that ends a finding, with what the network must show once it is really done. */
export function orderForFinding(
  finding: Finding,
  dossier: Dossier,
  now: number,
  newId: () => string,
): WorkOrder {
  const { kind, task, expectation } = workFor(finding)
  return {
    ...emptyOrder(newId(), now),
    kind,
    title: `${task} on ${dossier.label}`,
    severity: finding.severity,
    assetIds: [finding.assetId],
    findingIds: [finding.id],
    expectation,
  }
}

/** One inspection of the devices of an incident; it is done when its actor reaches them no more. */
export function orderForIncident(
  incident: Incident,
  plan: ResponsePlan,
  now: number,
  id: string,
): WorkOrder {
  return {
    ...emptyOrder(id, now),
    kind: 'inspection',
    ...inspectionOf(incident, devicesAtRisk(incident, plan)),
    due: dueAfter(now, plan.clocks[incident.severity].workOrder),
  }
}

function inspectionOf(incident: Incident, devices: readonly string[]) {
  const { id: incidentId, severity, dossiers } = incident
  const labels = dossiers.filter(({ assetId }) => devices.includes(assetId)).map((one) => one.label)
  const [first = 'the device', ...others] = labels
  const title = `Inspect ${first}${sayOthers(others)}`
  const expectation = expectationOf(incident, devices)
  return { incidentId, title, severity, assetIds: devices, expectation }
}

/** Work that still holds its devices: of what was verified or closed, new contact needs new work. */
const OVER: readonly WorkOrder['state'][] = ['verified', 'closed']
/** Nobody has begun: more devices can be added. */
const NOT_BEGUN: readonly WorkOrder['state'][] = ['ready', 'assigned']

/**
 * The work for devices that joined an open incident with these detections: its order with them added when nobody has
 * begun it (same id), else a further one; undefined when all have theirs.
 */
export function extendWork(
  incident: Incident,
  detections: readonly Detection[],
  orders: readonly WorkOrder[],
  { plan, now, newId }: { plan: ResponsePlan; now: number; newId: () => string },
): WorkOrder | undefined {
  const atRisk = devicesAtRisk(incident, plan)
  const joined = detections.filter(({ id }) => incident.detectionIds.includes(id))
  const reached = joined.flatMap(({ targetId, actorId }) => [targetId, actorId])
  const current = orders.filter(({ state }) => !OVER.includes(state))
  const held = current.flatMap(({ assetIds }) => assetIds)
  const missing = atRisk.filter((id) => reached.includes(id) && !held.includes(id))
  if (missing.length === 0) return undefined
  const open = current.find(({ state }) => NOT_BEGUN.includes(state))
  if (open === undefined) {
    return { ...orderForIncident(incident, plan, now, newId()), ...inspectionOf(incident, missing) }
  }
  const kept = open.assetIds.filter((id) => atRisk.includes(id))
  return { ...open, ...inspectionOf(incident, [...kept, ...missing]) }
}

/** A title names one device: seven in a row are not read. */
function sayOthers(others: readonly string[]): string {
  const [only] = others
  if (only === undefined) return ''
  return others.length === 1 ? ` and ${only}` : ` and ${others.length} other devices`
}

/** The medical devices that it was done to; where there is none, the device that did it. */
function devicesAtRisk({ assetIds, actorId, dossiers }: Incident, plan: ResponsePlan) {
  const clinical = dossiers
    .filter(({ assetId, type }) => assetId !== actorId && isClinical(type, plan))
    .map(({ assetId }) => assetId)
  return clinical.length > 0 ? clinical : assetIds
}

function expectationOf({ remedy, actorId }: Incident, devices: readonly string[]): Expectation {
  const actor = actorId ?? (remedy.startsWith('isolate:') ? remedy.slice(8) : undefined)
  if (actor === undefined || devices.includes(actor)) {
    return { kind: 'none', reason: 'What the inspection finds is not to be seen on the network.' }
  }
  return { kind: 'no-contact', actorId: actor }
}

interface Work {
  readonly kind: WorkOrderKind
  readonly task: string
  readonly expectation: Expectation
}

function workFor({ kind, subject, verdict, missing, remedy }: Finding): Work {
  if (kind === 'weakness') {
    const expectation = { kind: 'weakness-gone', code: subject } as const
    return { kind: 'corrective', task: `End ${subject}`, expectation }
  }
  if (verdict !== 'affected' && missing !== undefined) {
    const reason = `The ${missing} is read on the device, and the finding is judged again with it.`
    const task = `Read the ${missing} for ${subject}`
    return { kind: 'information', task, expectation: { kind: 'none', reason } }
  }
  const expectation = { kind: 'firmware-not-affected', advisoryId: subject } as const
  if (remedy.startsWith('recall:')) {
    return { kind: 'recall', task: `Carry out recall ${subject}`, expectation }
  }
  if (remedy.startsWith('patch:')) {
    return { kind: 'patch', task: `Install the update for ${subject}`, expectation }
  }
  const reason = `The mitigation of ${subject} changes nothing that the sensor sees.`
  return {
    kind: 'corrective',
    task: `Mitigate ${subject}`,
    expectation: { kind: 'none', reason },
  }
}

function emptyOrder(id: string, now: number) {
  return {
    id,
    number: UNNUMBERED,
    state: 'ready',
    incidentId: undefined,
    findingIds: [],
    technicianId: undefined,
    opened: now,
    due: undefined,
    done: undefined,
    resolution: undefined,
    verification: undefined,
  } as const satisfies Partial<WorkOrder>
}
