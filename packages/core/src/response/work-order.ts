import type { Technician, WorkOrder, WorkOrderState } from '../vocabulary.ts'
import type { AuthorizedDevice } from './authorization.ts'
import { checkAuthorization } from './authorization.ts'
import type { ResponseRefusal } from './refusals.ts'
import { refuse } from './refusals.ts'
import type { Verification } from './verify.ts'

/** A draft becomes work that can be given to somebody. */
export function prepare(order: WorkOrder): WorkOrder {
  demand(order, ['draft'], 'work-order-not-draft')
  return { ...order, state: 'ready' }
}

/**
 * Gives the work to a technician who is authorised for every one of its devices, and to no other; also work that
 * the network contradicted, to the same or to somebody else.
 */
export function assign(
  order: WorkOrder,
  technician: Technician,
  devices: readonly AuthorizedDevice[],
  now: number,
): WorkOrder {
  demand(order, ['ready', 'assigned', 'contradicted'], 'work-order-not-assignable')
  if (devices.length === 0) refuse('work-order-has-no-device')
  const reasons = devices.flatMap((device) =>
    checkAuthorization(technician, device, order.kind, now),
  )
  if (reasons.length > 0) refuse('technician-not-authorised', [...new Set(reasons)])
  return { ...order, state: 'assigned', technicianId: technician.id, done: undefined }
}

export function unassign(order: WorkOrder): WorkOrder {
  demand(order, ['assigned'], 'work-order-not-assigned')
  return { ...order, state: 'ready', technicianId: undefined }
}

/** The technician begins, or begins again after the network contradicted them. */
export function start(order: WorkOrder, technicianId: string, _now: number): WorkOrder {
  demand(order, ['assigned', 'contradicted'], 'work-order-not-startable')
  demandHolder(order, technicianId)
  return { ...order, state: 'in-progress', done: undefined, verification: undefined }
}

/** The technician says that the work is done. It is a claim until the network shows it. */
export function complete(
  order: WorkOrder,
  technicianId: string,
  resolution: string,
  now: number,
): WorkOrder {
  demand(order, ['in-progress'], 'work-order-not-started')
  demandHolder(order, technicianId)
  const text = demandText(resolution, 'resolution-missing')
  return { ...order, state: 'done', done: now, resolution: text, verification: undefined }
}

export function hold(order: WorkOrder): WorkOrder {
  demand(order, ['ready', 'assigned', 'in-progress'], 'work-order-not-holdable')
  return { ...order, state: 'on-hold' }
}

/** Goes on where it stood; work that was in progress is started again by the technician. */
export function resume(order: WorkOrder): WorkOrder {
  demand(order, ['on-hold'], 'work-order-not-on-hold')
  return { ...order, state: order.technicianId === undefined ? 'ready' : 'assigned' }
}

export function cancel(order: WorkOrder, reason: string): WorkOrder {
  const open = ['draft', 'ready', 'assigned', 'in-progress', 'on-hold', 'contradicted'] as const
  demand(order, open, 'work-order-not-cancellable')
  return { ...order, state: 'cancelled', resolution: demandText(reason, 'reason-missing') }
}

/** Takes down what the network showed; `waiting` changes nothing. */
export function recordVerification(order: WorkOrder, { outcome, reason, evidence }: Verification) {
  if (outcome === 'waiting') return order
  demand(order, ['done'], 'work-order-not-done')
  return { ...order, state: outcome, verification: { reason, evidence } } satisfies WorkOrder
}

/**
 * Ends the work: on the network's word, or, where the sensor cannot see it, on the word of a named person
 * who did not do the work. What the network contradicts cannot be closed by anybody's word.
 */
export function close(
  order: WorkOrder,
  word: { readonly by: string; readonly reason: string } | undefined,
  _now: number,
): WorkOrder {
  if (order.state === 'verified') return { ...order, state: 'closed' }
  if (order.state === 'contradicted') refuse('work-order-contradicted')
  if (order.state === 'done') refuse('work-order-not-verified')
  demand(order, ['not-observable'], 'work-order-not-done')
  if (word === undefined) refuse('work-order-unobservable')
  const reason = demandText(word.reason, 'reason-missing')
  const by = demandText(word.by, 'reason-missing')
  if (by === order.technicianId) refuse('word-not-independent')
  const seen = order.verification ?? { reason: '', evidence: [] }
  const verification = {
    ...seen,
    reason: `${seen.reason} Closed on the word of ${by}: ${reason}`.trim(),
  }
  return { ...order, state: 'closed', verification }
}

function demand(order: WorkOrder, states: readonly WorkOrderState[], code: ResponseRefusal): void {
  if (!states.includes(order.state)) refuse(code, [`Its state is ${order.state}.`])
}

function demandHolder(order: WorkOrder, technicianId: string): void {
  if (order.technicianId !== technicianId) refuse('technician-not-assigned')
}

function demandText(text: string, code: ResponseRefusal): string {
  const trimmed = text.trim()
  if (trimmed === '') refuse(code)
  return trimmed
}
