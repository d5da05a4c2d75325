import type { Incident, IncidentState } from '../vocabulary.ts'
import type { ResponseClock, ResponsePlan } from './plan.ts'
import { dueAfter } from './plan.ts'
import type { ResponseRefusal } from './refusals.ts'
import { refuse } from './refusals.ts'

/** Somebody has taken the incident. With a plan the clock to containment starts. */
export function acknowledge(incident: Incident, now: number, plan?: ResponsePlan): Incident {
  return move(incident, 'new', 'acknowledged', 'incident-not-new', 'contain', now, plan)
}

/** It can do no more harm. */
export function contain(incident: Incident, now: number, plan?: ResponsePlan): Incident {
  const code = 'incident-not-acknowledged'
  return move(incident, 'acknowledged', 'contained', code, 'resolve', now, plan)
}

/** Its cause is gone. */
export function resolveIncident(incident: Incident, now: number, plan?: ResponsePlan): Incident {
  return move(incident, 'contained', 'resolved', 'incident-not-contained', 'review', now, plan)
}

/** What it taught was written down; no clock runs any more. */
export function review(incident: Incident, _now: number): Incident {
  if (incident.state !== 'resolved') refuse('incident-not-resolved', [stateOf(incident)])
  return { ...incident, state: 'reviewed', due: undefined }
}

function move(
  incident: Incident,
  from: IncidentState,
  to: IncidentState,
  code: ResponseRefusal,
  next: keyof ResponseClock,
  now: number,
  plan: ResponsePlan | undefined,
): Incident {
  if (incident.state !== from) refuse(code, [stateOf(incident)])
  const due = plan && dueAfter(now, plan.clocks[incident.severity][next])
  return { ...incident, state: to, due }
}

function stateOf({ state }: Incident): string {
  return `Its state is ${state}.`
}
