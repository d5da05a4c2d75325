import { expect, test } from 'vitest'
import type { FlowSummary } from '../vocabulary.ts'
import { habitsOf, learnBehaviour, voteOn, type Example } from './behaviour-model.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 5, 1)

function flow(assetId: string, more: Partial<FlowSummary>): FlowSummary {
  return {
    siteId: 'main',
    sensor: 'live:1',
    hour: START,
    client: { assetId, ip: '10.0.0.1' },
    server: { assetId: 'gateway', ip: '10.0.9.1' },
    transport: 'tcp',
    port: 2575,
    protocol: undefined,
    first: START,
    last: START,
    sessions: 12,
    packets: [60, 60],
    bytes: [6000, 1200],
    evidence: {},
    ...more,
  }
}

/** A pump tells its server a little, often; a monitor streams much; a printer answers. */
const MAKE: Readonly<Record<string, (id: string, n: number) => readonly FlowSummary[]>> = {
  'infusion-pump': (id, n) => [
    flow(id, { port: 3001, bytes: [5000 + n * 400, 1500], sessions: 10 + n }),
    flow(id, { transport: 'udp', port: 123, protocol: 'ntp', bytes: [900, 900], sessions: 10 }),
  ],
  'patient-monitor': (id, n) => [
    flow(id, {
      transport: 'udp',
      port: 24_105,
      bytes: [4_000_000 + n * 9000, 10_000],
      sessions: 1,
    }),
    flow(id, { port: 2575, protocol: 'hl7', sessions: 60, bytes: [70_000, 9000] }),
  ],
  printer: (id, n) => [
    flow('station', {
      client: { assetId: 'station', ip: '10.0.5.5' },
      server: { assetId: id, ip: '10.0.6.6' },
      port: 9100,
      sessions: 3 + n,
      bytes: [900_000, 4000],
    }),
    flow(id, { transport: 'udp', port: 161, protocol: 'snmp', sessions: 4, bytes: [300, 500] }),
  ],
}

function examples(perType: number, from = 0): Example[] {
  return Object.entries(MAKE).flatMap(([type, make]) =>
    Array.from({ length: perType }, (_, n) => {
      const assetId = `${type}-${from + n}`
      return { assetId, type, habits: habitsOf(assetId, make(assetId, from + n)) }
    }),
  )
}

test('habits are what a device does, in bins, from its own side', () => {
  const [pump] = examples(1)
  expect([...(pump?.habits ?? [])]).toEqual([
    'calls tcp/3001',
    'calls tcp/3001: 100 to 1,000 bytes a session',
    'calls tcp/3001: 10 to 100 sessions an hour',
    'calls tcp/3001: gives more',
    'calls udp/123 ntp',
    'calls udp/123 ntp: 100 to 1,000 bytes a session',
    'calls udp/123 ntp: 10 to 100 sessions an hour',
    'calls udp/123 ntp: takes more',
    '1 to 10 peers',
  ])
  const two = habitsOf('a', [
    flow('a', {}),
    flow('a', { hour: START + HOUR, server: { ip: '8.8.8.8' } }),
  ])
  expect(two).toContain('contact with the internet')
  expect(two).toContain('calls tcp/2575: 10 to 100 sessions an hour')
  // Between others, or with itself, says nothing of it.
  expect(habitsOf('b', [flow('a', {})])).toEqual(new Set())
})

test('a device that was held out behaves like its own kind, and it is said why', () => {
  const model = learnBehaviour(examples(8))!
  for (const { type, habits } of examples(4, 8)) {
    const vote = voteOn(model, habits)
    expect(vote).toMatchObject({ type, examples: 8, right: 8, told: 8 })
    // Well below one fingerprint that is likely right (2.0).
    expect(vote?.weight).toBeGreaterThan(0.8)
    expect(vote?.weight).toBeLessThanOrEqual(1.5)
    expect(vote?.reasons[0]?.weight).toBeGreaterThan(1)
  }
})

test('it says nothing of a device unlike any, of one that says little, and without examples enough', () => {
  const model = learnBehaviour(examples(8))!
  const strange = habitsOf('x', [
    flow('x', { port: 443, protocol: 'tls', server: { ip: '8.8.8.8' }, sessions: 900 }),
  ])
  expect(voteOn(model, strange)).toBeUndefined()
  expect(voteOn(model, new Set(['1 to 10 peers']))).toBeUndefined()
  expect(voteOn(model, new Set())).toBeUndefined()
  expect(learnBehaviour(examples(3))).toBeUndefined()
  expect(learnBehaviour(examples(8).filter(({ type }) => type === 'printer'))).toBeUndefined()
})

test('types that behave alike are not told apart: votes that proved wrong are not given', () => {
  const mixed = examples(12).map((one, at) =>
    one.type === 'printer' ? { ...one, type: at % 2 === 0 ? 'printer' : 'scanner' } : one,
  )
  const model = learnBehaviour(mixed)!
  const [printer] = examples(1, 20).filter(({ type }) => type === 'printer')
  expect(voteOn(model, printer?.habits ?? new Set())).toBeUndefined()
  const [pump] = examples(1, 20).filter(({ type }) => type === 'infusion-pump')
  expect(voteOn(model, pump?.habits ?? new Set())?.type).toBe('infusion-pump')
})

test('the order of the examples changes nothing', () => {
  const all = examples(6)
  const [pump] = examples(1, 9)
  expect(voteOn(learnBehaviour(all)!, pump!.habits)).toEqual(
    voteOn(learnBehaviour(all.toReversed())!, pump!.habits),
  )
})
