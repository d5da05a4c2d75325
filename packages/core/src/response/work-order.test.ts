import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../refusal.ts'
import type { Technician, WorkOrder, WorkOrderState } from '../vocabulary.ts'
import { WORK_ORDER_STATES } from '../vocabulary.ts'
import {
  assign,
  cancel,
  close,
  complete,
  hold,
  prepare,
  recordVerification,
  resume,
  start,
  unassign,
} from './work-order.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const device = { manufacturer: 'BD', model: 'Alaris', type: 'pump', siteId: 'n', label: 'Pump 1' }
const ada: Technician = {
  id: 'ada',
  name: 'Ada',
  employer: 'Hospital',
  authorizations: [
    {
      manufacturer: 'BD',
      model: '*',
      type: '*',
      siteId: 'n',
      level: 'service',
      from: '2026-01-01',
      until: '2026-12-31',
      proof: 'x',
    },
  ],
}
const bob: Technician = { ...ada, id: 'bob', name: 'Bob', authorizations: [] }

function order(state: WorkOrderState, change: Partial<WorkOrder> = {}): WorkOrder {
  const isHeld = !['draft', 'ready', 'cancelled'].includes(state)
  return {
    id: 'wo',
    number: 1,
    kind: 'patch',
    title: 'Install the update',
    state,
    severity: 'high',
    assetIds: ['a'],
    incidentId: undefined,
    findingIds: [],
    expectation: { kind: 'firmware-not-affected', advisoryId: 'ICSMA-1' },
    technicianId: isHeld ? 'ada' : undefined,
    opened: 0,
    due: undefined,
    done: undefined,
    resolution: undefined,
    verification: undefined,
    ...change,
  }
}

const word = { by: 'Grace', reason: 'Seen on the screen of the pump.' }
const seen = { outcome: 'verified', reason: 'It reports 12.1.', evidence: [] } as const

const MOVES = {
  prepare: (one: WorkOrder) => prepare(one),
  assign: (one: WorkOrder) => assign(one, ada, [device], NOW),
  unassign: (one: WorkOrder) => unassign(one),
  start: (one: WorkOrder) => start(one, 'ada', NOW),
  complete: (one: WorkOrder) => complete(one, 'ada', 'Updated to 12.1.', NOW),
  verify: (one: WorkOrder) => recordVerification(one, seen),
  hold: (one: WorkOrder) => hold(one),
  resume: (one: WorkOrder) => resume(one),
  cancel: (one: WorkOrder) => cancel(one, 'The pump was sold.'),
  close: (one: WorkOrder) => close(one, word, NOW),
}

/** Every move that is allowed; all that are not in the table must be refused. */
const ALLOWED: Readonly<Record<string, readonly (readonly [WorkOrderState, WorkOrderState])[]>> = {
  prepare: [['draft', 'ready']],
  assign: [
    ['ready', 'assigned'],
    ['assigned', 'assigned'],
    ['contradicted', 'assigned'],
  ],
  unassign: [['assigned', 'ready']],
  start: [
    ['assigned', 'in-progress'],
    ['contradicted', 'in-progress'],
  ],
  complete: [['in-progress', 'done']],
  verify: [['done', 'verified']],
  hold: [
    ['ready', 'on-hold'],
    ['assigned', 'on-hold'],
    ['in-progress', 'on-hold'],
  ],
  resume: [['on-hold', 'assigned']],
  cancel: (['draft', 'ready', 'assigned', 'in-progress', 'on-hold', 'contradicted'] as const).map(
    (state) => [state, 'cancelled'],
  ),
  close: [
    ['verified', 'closed'],
    ['not-observable', 'closed'],
  ],
}

describe('moves', () => {
  const all = Object.keys(MOVES).flatMap((move) =>
    WORK_ORDER_STATES.map((state) => [move, state] as const),
  )

  test.each(all)('%s from %s', (move, state) => {
    const next = ALLOWED[move]?.find(([from]) => from === state)?.[1]
    expect(stateAfter(move, state)).toBe(next ?? 'refused')
  })
})

describe('assign', () => {
  test('refuses whoever is not authorised, with the reasons', () => {
    const refusal = refusalOf(() => assign(order('ready'), bob, [device], NOW))
    expect(refusal.code).toBe('technician-not-authorised')
    expect(refusal.reasons).toContain('Bob holds no authorization.')
  })

  test('asks for every device', () => {
    const other = { ...device, manufacturer: 'Baxter' }
    const refusal = refusalOf(() => assign(order('ready'), ada, [device, other], NOW))
    expect(refusal.reasons.join(' ')).toContain('Baxter')
  })

  test('refuses an order without devices rather than let anybody have it', () => {
    const refusal = refusalOf(() => assign(order('ready'), bob, [], NOW))
    expect(refusal.code).toBe('work-order-has-no-device')
  })

  test('gives the work to the technician', () => {
    expect(assign(order('ready'), ada, [device], NOW).technicianId).toBe('ada')
    expect(unassign(order('assigned')).technicianId).toBeUndefined()
  })
})

test.each([
  ['start', () => start(order('assigned'), 'bob', NOW)],
  ['complete', () => complete(order('in-progress'), 'bob', 'done', NOW)],
])('only the technician who holds it may %s', (_move, run) => {
  expect(refusalOf(run).code).toBe('technician-not-assigned')
})

test('needs words: a resolution, a reason', () => {
  const blank = () => complete(order('in-progress'), 'ada', '  ', NOW)
  expect(refusalOf(blank).code).toBe('resolution-missing')
  expect(refusalOf(() => cancel(order('ready'), ' ')).code).toBe('reason-missing')
})

describe('close', () => {
  test.each([
    ['what is only claimed', 'done', word, 'work-order-not-verified'],
    ['what the network contradicts, on any word', 'contradicted', word, 'work-order-contradicted'],
    ['what nobody can see, without a word', 'not-observable', undefined, 'work-order-unobservable'],
    ['a word without reason', 'not-observable', { ...word, reason: ' ' }, 'reason-missing'],
    ['the word of who did it', 'not-observable', { ...word, by: 'ada' }, 'word-not-independent'],
  ] as const)('refuses %s', (_case, state, given, code) => {
    expect(refusalOf(() => close(order(state), given, NOW)).code).toBe(code)
  })

  test('keeps whose word it was', () => {
    const verification = { reason: 'No sensor there.', evidence: [] }
    const closed = close(order('not-observable', { verification }), word, NOW)
    expect(closed.verification?.reason).toBe(
      'No sensor there. Closed on the word of Grace: Seen on the screen of the pump.',
    )
  })
})

test('an unfinished verification changes nothing', () => {
  const done = order('done')
  expect(recordVerification(done, { outcome: 'waiting', reason: '', evidence: [] })).toBe(done)
})

test('resuming work that nobody holds makes it ready', () => {
  expect(resume(order('on-hold', { technicianId: undefined })).state).toBe('ready')
})

test('no run of moves closes work that was neither verified nor vouched for', () => {
  const moves = fc.constantFrom(...Object.keys(MOVES).filter((move) => move !== 'verify'))
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 30 }), (run) => {
      let current = order('draft')
      for (const move of run) {
        try {
          current = MOVES[move as keyof typeof MOVES](current)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
        }
      }
      expect(current.state).not.toBe('closed')
    }),
  )
})

function stateAfter(move: string, state: WorkOrderState): string {
  try {
    return MOVES[move as keyof typeof MOVES](order(state)).state
  } catch (error) {
    if (error instanceof Refusal) return 'refused'
    throw error
  }
}

function refusalOf(run: () => unknown): Refusal {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('was not refused')
}
