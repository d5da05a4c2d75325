import { Refusal } from '../refusal.ts'

/** Every code with which the response rules say no, and the sentence that opens its reasons. */
const SENTENCES = {
  'incident-not-acknowledged': 'Somebody must take the incident first: acknowledge it.',
  'incident-not-contained': 'Say that the incident is contained before it is resolved.',
  'incident-not-new': 'The incident was acknowledged before.',
  'incident-not-resolved': 'Only a resolved incident can be reviewed.',
  'reason-missing': 'Give a reason: whoever reads this later must know why.',
  'resolution-missing': 'Say what was done, in a few words.',
  'technician-not-assigned': 'The work order is not yours: ask for it to be assigned to you.',
  'technician-not-authorised': 'The technician is not authorised for this work.',
  'word-not-independent': 'The technician who did the work cannot vouch for it: ask somebody else.',
  'work-order-contradicted':
    'The network still shows what the work should have ended: start the work again.',
  'work-order-has-no-device': 'The work order names no device.',
  'work-order-not-assignable':
    'Only a work order that is ready, assigned or contradicted can be given away.',
  'work-order-not-assigned': 'Nobody holds the work order.',
  'work-order-not-cancellable': 'Work that was done or cancelled cannot be cancelled.',
  'work-order-not-done': 'Nobody has said yet that the work is done.',
  'work-order-not-draft': 'Only a draft can be made ready.',
  'work-order-not-holdable': 'Only work that is ready, assigned or in progress can be put on hold.',
  'work-order-not-on-hold': 'The work order is not on hold.',
  'work-order-not-started': 'Start the work before you say that it is done.',
  'work-order-not-startable': 'Only assigned work can be started.',
  'work-order-not-verified':
    'The network has not shown yet that the work was done: wait for the verification.',
  'work-order-unobservable':
    'The sensor cannot see whether the work was done: a named person must say why it counts as done.',
} as const satisfies Readonly<Record<string, string>>

export type ResponseRefusal = keyof typeof SENTENCES

/** Says no with the sentence of the code, followed by the reasons of this case. */
export function refuse(code: ResponseRefusal, reasons: readonly string[] = []): never {
  throw new Refusal(code, [SENTENCES[code], ...reasons])
}
