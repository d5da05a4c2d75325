import { expect, test } from 'vitest'
import type { Claim } from '../vocabulary.ts'
import { classChangeOf, findAddressChanges, judgePresence, type Watcher } from './presence.ts'

const NOW = Date.UTC(2026, 5, 1, 8)
const MINUTE = 60_000
const settings = {
  default: { quietAfterMinutes: 60, missingAfterHours: 24 },
  byCategory: { security: { quietAfterMinutes: 5, missingAfterHours: 24 } },
}
const watcher: Watcher = { name: 'span0', isSeeing: true, lastFrame: NOW }

function judge(minutes: number, more: object = {}, watchers: readonly Watcher[] = [watcher]) {
  const asset = { state: 'active' as const, category: undefined, lastSeen: NOW - minutes * MINUTE }
  return judgePresence({ ...asset, ...more }, watchers, settings, NOW)
}

test('quiet after the time of its category, missing after longer', () => {
  expect(judge(59)).toEqual({ state: 'active', reason: undefined })
  expect(judge(61)).toEqual({ state: 'quiet', reason: undefined })
  expect(judge(6, { category: 'security' })).toEqual({ state: 'quiet', reason: undefined })
  expect(judge(25 * 60)).toEqual({ state: 'missing', reason: undefined })
  expect(judge(25 * 60, { category: 'constructor' }).state).toBe('missing')
})

test('never gone while nobody looks', () => {
  const blind = { ...watcher, isSeeing: false }
  expect(judge(9000, {}, [blind])).toEqual({
    state: 'active',
    reason: 'Not seen, but nobody looks: span0 is silent, loses frames or has ended.',
  })
  expect(judge(9000, {}, []).reason).toBe('No sensor that could see it is known.')
  // A sensor that runs but has seen nothing at all since is no witness either.
  const idle = { ...watcher, lastFrame: NOW - 90 * MINUTE }
  expect(judge(120, {}, [idle])).toMatchObject({ state: 'active', reason: expect.any(String) })
  expect(judge(120, {}, [blind, watcher]).state).toBe('quiet')
})

test('what people decided about a device is not undone by silence', () => {
  for (const state of ['stored', 'in-repair', 'retired', 'expected'] as const)
    expect(judge(99_999, { state })).toEqual({ state, reason: undefined })
})

test('another address in the same network is a change, in another network a move', () => {
  const link = (key: string, assetId = 'a') =>
    ({ key, kind: 'ip', assetId, since: 7, until: undefined }) as const
  const before = [link('ip:10.0.0.5'), link('ip:10.0.9.9', 'b')]
  const changes = findAddressChanges(before, [
    link('ip:10.0.0.6'),
    link('ip:10.0.7.5'),
    link('ip:10.0.0.5'),
    link('ip:10.0.0.7', 'new'),
    link('ip:fe80::1'),
  ])
  expect(changes).toEqual([
    { assetId: 'a', kind: 'address-changed', time: 7, detail: '10.0.0.5 > 10.0.0.6' },
    { assetId: 'a', kind: 'moved', time: 7, detail: '10.0.0.5 > 10.0.7.5' },
  ])
})

test('another kind of device is told, what becomes known or is lost is not', () => {
  const claim = (attribute: 'category' | 'type' | 'model', value: string) =>
    ({ attribute, value, confidence: 0.9, rule: '', evidence: [], against: [] }) satisfies Claim
  const pump = { category: 'infusion', type: 'infusion-pump', model: 'Drip 9' }
  const desk = [claim('category', 'computing'), claim('type', 'workstation')]
  expect(classChangeOf(pump, desk)).toBe(
    'category infusion, now computing; type infusion-pump, now workstation',
  )
  expect(classChangeOf({ category: 'computing' }, desk)).toBeUndefined()
  expect(classChangeOf({}, desk)).toBeUndefined()
  expect(classChangeOf(pump, [claim('model', 'Drip 10')])).toBeUndefined()
})
