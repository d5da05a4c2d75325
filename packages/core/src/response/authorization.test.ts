import { describe, expect, test } from 'vitest'
import type { Authorization, Technician, WorkOrderKind } from '../vocabulary.ts'
import { checkAuthorization, findAuthorized } from './authorization.ts'

const base: Authorization = {
  manufacturer: 'BD',
  model: 'Alaris 8015',
  type: '*',
  siteId: 'north',
  level: 'service',
  from: '2026-01-01',
  until: '2026-12-31',
  proof: 'certificate 17',
}
const pump = {
  manufacturer: 'BD',
  model: 'Alaris 8015',
  type: 'infusion-pump',
  siteId: 'north',
  label: 'Pump 12',
}
const NOON = Date.parse('2026-06-01T12:00:00Z')

function technician(...authorizations: readonly Partial<Authorization>[]): Technician {
  const all = authorizations.map((one) => ({ ...base, ...one }))
  return { id: 't-1', name: 'Ada', employer: 'Hospital', authorizations: all }
}

function reasons(
  authorization: Partial<Authorization>,
  kind: WorkOrderKind = 'patch',
  now = NOON,
  device: Partial<typeof pump> = {},
) {
  return checkAuthorization(technician(authorization), { ...pump, ...device }, kind, now)
}

describe('checkAuthorization', () => {
  test('lets a technician do what an authorization covers', () => {
    expect(reasons({})).toEqual([])
  })

  test.each([
    ['another maker', { manufacturer: 'Baxter' }, 'not authorised for BD Alaris 8015'],
    ['another model', { model: 'Alaris 8100' }, 'not authorised for BD Alaris 8015'],
    ['another type', { type: 'ventilator' }, 'not authorised for BD Alaris 8015'],
    ['another site', { siteId: 'south' }, 'at site south, and Pump 12 is at site north'],
    ['inspection leave for service', { level: 'inspect' }, 'may inspect BD Alaris 8015'],
    ['an end that has passed', { until: '2026-05-31' }, 'ended on 2026-05-31'],
    ['a start that is to come', { from: '2026-06-02' }, 'starts on 2026-06-02'],
    ['a date that is none', { until: 'soon' }, 'ended on soon'],
  ] as const)('refuses %s, and says so', (_case, authorization, text) => {
    expect(reasons(authorization).join(' ')).toContain(text)
  })

  test.each([
    ['any maker', { manufacturer: '*' }],
    ['any model', { model: '*' }],
    ['a model family', { model: 'alaris*' }],
    ['another case', { manufacturer: 'bd', model: 'ALARIS 8015' }],
    ['any site', { siteId: '*' }],
  ])('accepts %s', (_case, authorization) => {
    expect(reasons(authorization)).toEqual([])
  })

  test.each([
    [{ manufacturer: '*', model: '*', type: 'ct' }, 'only for any CT.'],
    [
      { manufacturer: 'Philips', model: '*', type: 'patient-monitor' },
      'any Philips patient monitor.',
    ],
    [{ manufacturer: 'Sysmex', model: '*', type: '*' }, 'only for any Sysmex device.'],
    [{ manufacturer: 'GE', model: 'Vivid', type: 'ultrasound' }, 'only for GE Vivid (ultrasound).'],
  ])('says in words what is covered: %o', (authorization, text) => {
    expect(reasons(authorization).join(' ')).toContain(text)
  })

  test('counts the first and the last day in', () => {
    const day = { from: '2026-06-01', until: '2026-06-01' }
    expect(reasons(day, 'patch', Date.parse('2026-06-01T00:00:00Z'))).toEqual([])
    expect(reasons(day, 'patch', Date.parse('2026-06-01T23:59:59.999Z'))).toEqual([])
    expect(reasons(day, 'patch', Date.parse('2026-06-02T00:00:00Z'))).not.toEqual([])
    expect(reasons(day, 'patch', Date.parse('2026-05-31T23:59:59.999Z'))).not.toEqual([])
  })

  test('lets leave to inspect do inspections and information, and nothing else', () => {
    const allowed = (
      ['inspection', 'information', 'patch', 'corrective', 'recall'] as const
    ).filter((kind) => reasons({ level: 'inspect' }, kind).length === 0)
    expect(allowed).toEqual(['inspection', 'information'])
  })

  test('needs one authorization that covers everything, not two halves', () => {
    const halves = technician({ siteId: 'south' }, { until: '2026-01-31' })
    expect(checkAuthorization(halves, pump, 'patch', NOON)).toHaveLength(2)
  })

  test('does not take an unknown model for a named one', () => {
    const { model: _, ...unknown } = pump
    expect(checkAuthorization(technician({}), unknown, 'patch', NOON)).not.toEqual([])
    expect(checkAuthorization(technician({ model: '*' }), unknown, 'patch', NOON)).toEqual([])
  })

  test('refuses whoever holds nothing', () => {
    expect(checkAuthorization(technician(), pump, 'patch', NOON)).toEqual([
      'Ada holds no authorization.',
    ])
  })
})

test('finds who may work on all devices', () => {
  const both = { ...technician({ model: '*' }), id: 'both' }
  const one = { ...technician({}), id: 'one' }
  const devices = [pump, { ...pump, model: 'Alaris 8100' }]
  expect(findAuthorized([one, both], devices, 'patch', NOON).map(({ id }) => id)).toEqual(['both'])
})
