import { describe, expect, test } from 'vitest'
import { Refusal } from '../refusal.ts'
import type { Detection, Dossier, Finding, Incident, WorkOrder } from '../vocabulary.ts'
import { acknowledge, contain, resolveIncident, review } from './incident.ts'
import { extendWork, orderForFinding } from './order.ts'
import type { ResponseClock, ResponsePlan } from './plan.ts'
import { triage } from './triage.ts'

const NOW = 1_000_000
const clock = (minutes: number): ResponseClock => ({
  acknowledge: minutes,
  contain: minutes * 2,
  resolve: minutes * 3,
  review: minutes * 4,
  workOrder: minutes * 5,
})
const plan: ResponsePlan = {
  name: 'test',
  version: 1,
  incidentFrom: 'high',
  otherTypes: ['printer', 'workstation'],
  clocks: { critical: clock(1), high: clock(10), medium: clock(100), low: clock(1000) },
  roles: { acknowledge: [], contain: [], resolve: [], review: [] },
}

const TYPES: Readonly<Record<string, string>> = {
  pump: 'infusion-pump',
  monitor: 'patient-monitor',
  laptop: 'workstation',
  printer: 'printer',
}

function dossierOf(assetId: string): Dossier {
  return {
    assetId,
    label: `the ${assetId}`,
    manufacturer: undefined,
    model: undefined,
    serial: undefined,
    type: TYPES[assetId],
    owner: undefined,
    unit: undefined,
    room: undefined,
    inUse: 'unknown',
    warrantyUntil: undefined,
    contract: undefined,
    lastMaintenance: undefined,
    openFindings: 0,
  }
}

let count = 0
function detection(change: Partial<Detection> = {}): Detection {
  return {
    id: `d-${++count}`,
    detector: 'stranger',
    severity: 'high',
    state: 'raised',
    actorId: 'laptop',
    targetId: 'pump',
    time: 1,
    lastTime: 1,
    count: 1,
    expected: '',
    seen: 'the laptop opened http on the pump',
    techniques: [],
    evidence: [],
    remedy: 'isolate:laptop',
    ...change,
  }
}

function run(detections: readonly Detection[], openIncidents: readonly Incident[] = []) {
  const newId = () => `n-${++count}`
  return triage({ detections, openIncidents, dossierOf, plan, now: NOW, newId })
}

describe('triage', () => {
  test('opens an incident and one work order for a severe detection on a medical device', () => {
    const one = detection()
    const { opened, workOrders, detections } = run([one])
    expect(opened).toMatchObject([
      {
        title: 'the laptop opened http on the pump',
        severity: 'high',
        state: 'new',
        remedy: 'isolate:laptop',
        actorId: 'laptop',
        assetIds: ['pump', 'laptop'],
        detectionIds: [one.id],
        due: NOW + 10 * 60_000,
      },
    ])
    expect(opened[0]?.dossiers.map(({ label }) => label)).toEqual(['the pump', 'the laptop'])
    expect(workOrders).toMatchObject([
      {
        kind: 'inspection',
        title: 'Inspect the pump',
        state: 'ready',
        assetIds: ['pump'],
        incidentId: opened[0]?.id,
        expectation: { kind: 'no-contact', actorId: 'laptop' },
        due: NOW + 50 * 60_000,
      },
    ])
    expect(detections[0]?.state).toBe('in-incident')
  })

  test('is titled by one device, and says how many more there are', () => {
    const devices = ['pump', 'monitor', 'ct'] as const
    const { opened, workOrders } = run(devices.map((targetId) => detection({ targetId })))
    expect(opened[0]?.title).toBe(
      'Unexpected contact by the laptop with the pump and 2 other devices',
    )
    expect(workOrders[0]?.title).toBe('Inspect the pump and 2 other devices')
  })

  test('makes one incident and one work order of one attack, whatever the order', () => {
    const attack = [
      detection({ severity: 'medium', detector: 'new-peer', remedy: 'review:laptop' }),
      detection({ severity: 'high', targetId: 'monitor', detector: 'scan' }),
      detection({ severity: 'high', targetId: 'pump', detector: 'scan' }),
      detection({ severity: 'critical', targetId: 'printer' }),
    ]
    for (const order of [attack, attack.toReversed()]) {
      const { opened, workOrders, detections } = run(order)
      expect(opened).toHaveLength(1)
      expect(workOrders).toHaveLength(1)
      expect(workOrders[0]?.assetIds.toSorted()).toEqual(['monitor', 'pump'])
      expect(detections.map(({ state }) => state)).toEqual(Array(4).fill('in-incident'))
    }
  })

  test.each([
    ['a mild one', detection({ severity: 'medium' })],
    ['one on a printer', detection({ targetId: 'printer' })],
    ['one that somebody explained', detection({ state: 'explained' })],
    ['one without any device', detection({ actorId: undefined, targetId: undefined })],
  ])('opens nothing for %s, and keeps it', (_case, one) => {
    const { opened, workOrders, detections } = run([one])
    expect([opened, workOrders]).toEqual([[], []])
    expect(detections).toEqual([one])
  })

  test('takes a device of unknown type for a medical one', () => {
    expect(run([detection({ targetId: 'what' })]).opened).toHaveLength(1)
  })

  test('joins the open incident with the same remedy, and raises its severity', () => {
    const [incident] = run([detection()]).opened as [Incident]
    const more = detection({ severity: 'critical', targetId: 'monitor' })
    const { opened, changed, workOrders } = run([more], [incident])
    expect([opened, workOrders]).toEqual([[], []])
    expect(changed).toMatchObject([
      { id: incident.id, severity: 'critical', assetIds: ['pump', 'laptop', 'monitor'] },
    ])
    expect(changed[0]?.detectionIds).toContain(more.id)
  })

  test('opens a new incident when the old one is resolved', () => {
    const [incident] = run([detection()]).opened as [Incident]
    const { opened } = run([detection()], [{ ...incident, state: 'resolved' }])
    expect(opened).toHaveLength(1)
  })

  test('asks for an inspection of the actor where no other device was touched', () => {
    const alone = detection({ actorId: 'pump', targetId: undefined, remedy: 'isolate:pump' })
    expect(run([alone]).workOrders).toMatchObject([
      { assetIds: ['pump'], expectation: { kind: 'none' } },
    ])
  })

  test('names the address of an actor that is no asset', () => {
    const unknown = detection({ actorId: undefined, remedy: 'isolate:ip:10.0.0.9' })
    expect(run([unknown]).workOrders[0]?.expectation).toEqual({
      kind: 'no-contact',
      actorId: 'ip:10.0.0.9',
    })
  })
})

describe('incident moves', () => {
  const [fresh] = run([detection()]).opened as [Incident]
  const MOVES = { acknowledge, contain, resolveIncident, review }
  const NEXT: Readonly<Record<string, readonly [Incident['state'], Incident['state']]>> = {
    acknowledge: ['new', 'acknowledged'],
    contain: ['acknowledged', 'contained'],
    resolveIncident: ['contained', 'resolved'],
    review: ['resolved', 'reviewed'],
  }
  const states = ['new', 'acknowledged', 'contained', 'resolved', 'reviewed'] as const
  const all = Object.keys(MOVES).flatMap((name) => states.map((state) => [name, state] as const))

  test.each(all)('%s from %s', (name, state) => {
    const [from, to] = NEXT[name] ?? []
    expect(stateAfter(name, state)).toBe(state === from ? to : 'refused')
  })

  test('runs the clock of the plan to the next move', () => {
    const taken = acknowledge(fresh, NOW, plan)
    expect(taken.due).toBe(NOW + 20 * 60_000)
    const done = resolveIncident(contain(taken, NOW, plan), NOW, plan)
    expect(done.due).toBe(NOW + 40 * 60_000)
    expect(review(done, NOW).due).toBeUndefined()
  })

  function stateAfter(name: string, state: Incident['state']): string {
    try {
      return MOVES[name as keyof typeof MOVES]({ ...fresh, state }, NOW).state
    } catch (error) {
      if (error instanceof Refusal) return 'refused'
      throw error
    }
  }
})

describe('orderForFinding', () => {
  const finding: Finding = {
    id: 'f',
    assetId: 'pump',
    kind: 'advisory',
    subject: 'ICSMA-1',
    verdict: 'affected',
    severity: 'critical',
    state: 'open',
    cves: [],
    because: '',
    evidence: [],
    remedy: 'patch:ICSMA-1',
    opened: 0,
    closed: undefined,
  }

  test.each([
    ['patch', {}, 'firmware-not-affected'],
    ['corrective', { remedy: 'mitigate:ICSMA-1' }, 'none'],
    ['recall', { remedy: 'recall:Z-1' }, 'firmware-not-affected'],
    ['information', { verdict: 'possibly-affected', missing: 'firmware' }, 'none'],
    ['corrective', { kind: 'weakness', subject: 'telnet' }, 'weakness-gone'],
  ] as const)('is %s work', (kind, change, expectation) => {
    const order = orderForFinding({ ...finding, ...change }, dossierOf('pump'), NOW, () => 'id')
    expect(order).toMatchObject({ kind, assetIds: ['pump'], findingIds: ['f'], state: 'ready' })
    expect(order.expectation.kind).toBe(expectation)
    expect(order.title).toContain('the pump')
  })
})

describe('devices that join an open incident', () => {
  const first = run([detection({ targetId: 'pump' })])
  const order = first.workOrders[0]!
  const later = detection({ targetId: 'monitor' })
  const [incident] = run([later], first.opened).changed
  const extend = (state: WorkOrder['state'], change: Partial<WorkOrder> = {}, one = later) =>
    extendWork(incident!, [one], [{ ...order, state, ...change }], {
      plan,
      now: NOW,
      newId: () => 'new',
    })

  test.each(['ready', 'assigned'] as const)('get into its order while it is %s', (state) => {
    expect(extend(state)).toMatchObject({
      id: order.id,
      state,
      assetIds: ['pump', 'monitor'],
      title: 'Inspect the pump and the monitor',
      expectation: { kind: 'no-contact', actorId: 'laptop' },
    })
  })

  test.each(['in-progress', 'done', 'contradicted', 'closed', 'cancelled'] as const)(
    'get an order of their own when the first is %s',
    (state) => {
      expect(extend(state)).toMatchObject({
        id: 'new',
        state: 'ready',
        incidentId: incident!.id,
        assetIds: ['monitor'],
        title: 'Inspect the monitor',
      })
    },
  )

  test('need none when they have one, unless that is over', () => {
    const again = { ...later, targetId: 'pump' }
    expect(extend('in-progress', {}, again)).toBeUndefined()
    expect(extend('cancelled', {}, again)).toBeUndefined()
    expect(extend('verified', {}, again)).toMatchObject({ id: 'new', assetIds: ['pump'] })
  })
})
