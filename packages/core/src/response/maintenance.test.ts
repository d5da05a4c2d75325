import { expect, test } from 'vitest'
import type { DueMaintenance } from './maintenance.ts'
import { batchesOf, endMaintenance, orderForMaintenance } from './maintenance.ts'

const NOW = Date.UTC(2026, 10, 26)
const pump = (mark: string, more: Partial<DueMaintenance> = {}): DueMaintenance => ({
  assetId: mark,
  siteId: 'main',
  origin: `schedule:${mark}`,
  name: 'Annual inspection',
  due: '2026-12-01',
  label: `Pump ${mark}`,
  manufacturer: 'Acme',
  model: 'Drip 9',
  type: 'infusion-pump',
  unit: '4B',
  isLifeSupport: false,
  ...more,
})

test('an order holds one task on one model in one unit and month, and no more than a round', () => {
  const due = [
    pump('1', { due: '2026-12-20' }),
    pump('2', { manufacturer: ' ACME' }),
    pump('3', { unit: '5A' }),
    pump('4', { model: 'Drip 8' }),
    pump('5', { due: '2027-01-02' }),
    pump('6', { name: 'Battery' }),
    pump('7'),
  ]
  const sizes = (most: number) =>
    batchesOf(due, most).map(({ items }) => items.map((x) => x.assetId).join(''))
  expect(sizes(20)).toEqual(['271', '3', '4', '6', '5'])
  expect(sizes(2)).toEqual(['27', '1', '3', '4', '6', '5'])
})

test('the order names what to do, and is due when its first device is', () => {
  const one = orderForMaintenance([pump('1')], NOW, 'x')
  expect(one).toMatchObject({ kind: 'preventive', severity: 'low', state: 'ready' })
  expect(one.title).toBe('Annual inspection on Pump 1')
  const two = orderForMaintenance(
    [pump('1', { due: '2026-12-09', isLifeSupport: true }), pump('2')],
    NOW,
    'x',
  )
  expect(two.title).toBe('Annual inspection: 2 devices, Acme Drip 9, 4B')
  expect(two).toMatchObject({ severity: 'medium', assetIds: ['1', '2'] })
  expect(new Date(two.due!).toISOString()).toBe('2026-12-01T23:59:59.999Z')
})

test('it closes on the record of the maintenance, and is cancelled where nothing was done', () => {
  const order = { ...orderForMaintenance([pump('1')], NOW, 'x'), state: 'in-progress' } as const
  const closed = endMaintenance(order, { recorded: 2, lapsed: 1, word: 'by Jo on 2026-11-20' })
  expect(closed.state).toBe('closed')
  // What the technician said stays the technician's word.
  expect(closed.resolution).toBeUndefined()
  expect(closed.verification?.reason).toContain(
    'Maintenance is written down for 2 devices, the last by Jo on 2026-11-20. 1 device no longer due (schedule ended, or retired).',
  )
  expect(closed.verification?.reason).toContain('not to be seen on the network')
  expect(endMaintenance(order, { recorded: 0, lapsed: 1, word: undefined })).toMatchObject({
    state: 'cancelled',
    resolution: '1 device no longer due (schedule ended, or retired).',
  })
})
