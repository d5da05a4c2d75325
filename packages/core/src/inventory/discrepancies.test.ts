import { expect, test } from 'vitest'
import type { Claim } from '../vocabulary.ts'
import {
  cloneOf,
  judgeAsset,
  observedValue,
  type AssetView,
  type Coverage,
} from './discrepancies.ts'
import { weaveClaims } from './precedence.ts'
import { suggestPairs } from './suggest.ts'

const NOW = Date.parse('2026-11-25T00:00:00Z')
const DAY = 86_400_000
const settings = { ghostAfterDays: 14, observedFrom: 2 }
const here: Coverage = { isListening: true, subnets: new Set(['10.4.7']), units: new Set(['icu']) }
const record = (body: object, more: object = {}) => ({
  id: 'r',
  source: 'aims',
  nativeKey: 'tag:1',
  body,
  since: NOW - 30 * DAY,
  ...more,
})
const view = (more: Partial<AssetView>): AssetView => ({
  assetId: 'a',
  label: 'Pump',
  state: 'expected',
  isSeen: false,
  lastSeen: 0,
  isClinical: true,
  ips: [],
  unit: undefined,
  claims: [],
  records: [],
  settled: new Set(),
  ...more,
})
const judge = (more: Partial<AssetView>, coverage = here) =>
  judgeAsset(view(more), coverage, settings, NOW)

test('a ghost is a device that we would have seen', () => {
  const found = judge({ records: [record({ ips: ['10.4.7.9'] })] })
  expect(found.items.map(({ kind }) => kind)).toEqual(['ghost'])
  expect(found.items[0]?.reasons.join(' ')).toMatch(/Not seen is not gone/)
  expect(judge({ records: [record({ connected: 'yes', unit: 'ICU' })] }).standing).toBe('ghost')
})

test('not seen where nobody listens is no ghost', () => {
  const records = [record({ ips: ['10.4.7.9'] })]
  expect(judge({ records }, { ...here, isListening: false })).toEqual({
    items: [],
    standing: 'not-observable',
  })
  expect(judge({ records: [record({ ips: ['10.9.9.9'], unit: 'ICU' })] })).toEqual({
    items: [],
    standing: 'not-observable',
  })
  expect(judge({ records: [record({ connected: 'yes' })] }).standing).toBe('not-observable')
})

test('nor is one that is new, away or not made to be connected', () => {
  expect(judge({ records: [record({ ips: ['10.4.7.9'] }, { since: NOW - DAY })] }).items).toEqual(
    [],
  )
  expect(judge({ state: 'in-repair', records: [record({ ips: ['10.4.7.9'] })] }).standing).toBe(
    'unconnected',
  )
  expect(judge({ records: [record({ serial: 'X1' })] }).standing).toBe('unconnected')
  expect(judge({ records: [record({ connected: 'no', ips: ['10.4.7.9'] })] }).standing).toBe(
    'unconnected',
  )
})

test('a stranger is a clinical device in no record', () => {
  expect(judge({ isSeen: true }).items.map(({ kind }) => kind)).toEqual(['stranger'])
  expect(judge({ isSeen: true, isClinical: false })).toEqual({ items: [], standing: 'aside' })
})

const claim = (attribute: Claim['attribute'], value: string, weight = 3): Claim => ({
  attribute,
  value,
  confidence: 0.9,
  rule: 'x',
  evidence: [{ field: 'f', value, time: 1, rule: 'x', weight }],
  against: [],
})

test('a model that the device denies is found although the declared one stands', () => {
  const claims = weaveClaims(
    [claim('model', 'Drip 9')],
    new Map([['model', [{ source: 'declared', value: 'Flow 2', time: 1, by: 'aims' }]]]),
    {},
  )
  expect(claims[0]?.value).toBe('Flow 2')
  expect(observedValue(claims, 'model', 2)).toBe('Drip 9')
  const { items, standing } = judge({
    isSeen: true,
    claims,
    records: [record({ model: 'Flow 2' })],
  })
  expect(standing).toBe('matched')
  expect(items).toMatchObject([
    {
      kind: 'wrong-model',
      differences: [{ attribute: 'model', declared: 'Flow 2', observed: 'Drip 9' }],
    },
  ])
  expect(
    judge({
      isSeen: true,
      claims,
      records: [record({ model: 'Flow 2' })],
      settled: new Set(['model']),
    }).items,
  ).toEqual([])
  expect(
    judge({
      isSeen: true,
      claims: [claim('model', 'Drip 9', 1)],
      records: [record({ model: 'Flow 2' })],
    }).items,
  ).toEqual([])
})

test('versions, moves, duplicates and clones', () => {
  expect(
    judge({
      isSeen: true,
      claims: [claim('firmware', '2.1')],
      records: [record({ firmware: 'v2.1' })],
    }).items,
  ).toEqual([])
  expect(
    judge({
      isSeen: true,
      claims: [claim('firmware', '2.1')],
      records: [record({ firmware: '3.0' })],
    }).items[0]?.kind,
  ).toBe('wrong-version')
  const moved = judge({
    isSeen: true,
    ips: ['10.4.8.2'],
    records: [record({ ips: ['10.4.7.9'] })],
  }).items
  expect(moved).toMatchObject([{ kind: 'moved', question: 'moved:a:10.4.7>10.4.8' }])
  expect(
    judge({ isSeen: true, ips: ['10.4.7.200'], records: [record({ ips: ['10.4.7.9'] })] }).items,
  ).toEqual([])
  const rooms = judge({
    isSeen: true,
    records: [record({ room: '412' }), record({ room: '9' }, { source: 'ordr', id: 's' })],
  }).items
  expect(rooms).toMatchObject([{ kind: 'moved', differences: [{ attribute: 'room' }] }])
  expect(
    judge({ records: [record({}), record({}, { nativeKey: 'tag:2', id: 's' })] }).items[0]?.kind,
  ).toBe('duplicate')
  expect(cloneOf('AB12345', [{ assetId: 'a', label: 'A' }])).toBeUndefined()
  expect(
    cloneOf('AB12345', [
      { assetId: 'b', label: 'B' },
      { assetId: 'a', label: 'A' },
    ]),
  ).toMatchObject({ kind: 'clone', assetId: 'a' })
})

test('a stranger is suggested the ghost of its model, surest when it is the only one and near', () => {
  const half = (assetId: string, unit?: string) => ({
    assetId,
    label: assetId,
    manufacturer: 'Acme',
    model: 'Drip 9',
    unit,
  })
  expect(suggestPairs([half('s', 'ICU')], [half('g', 'icu')])).toMatchObject([
    { ghostId: 'g', score: 0.85 },
  ])
  const [first, second] = suggestPairs([half('s', 'ICU')], [half('g1'), half('g2', 'ICU')])
  expect([first?.ghostId, first?.score, second?.score]).toEqual(['g2', 0.55, 0.3])
})
