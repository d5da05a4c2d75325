import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import type { RiskFinding, RiskInputs } from './inputs.ts'
import {
  CONTROL_KINDS,
  LEGACY_STATES,
  REACH_LEVELS,
  RISK_LEVELS,
  checkMethod,
  type RiskMethod,
} from './method.ts'
import { explainRisk, scoreRisk } from './score.ts'

const FILE = path.resolve(import.meta.dirname, '../../../../content/risk/method.yaml')
const METHOD = load(readFileSync(FILE, 'utf8'), { schema: CORE_SCHEMA }) as RiskMethod

const finding: fc.Arbitrary<RiskFinding> = fc.record(
  {
    kind: fc.constantFrom('advisory' as const, 'weakness' as const),
    subject: fc.constantFrom('A', 'B', 'C'),
    remedy: fc.constantFrom('patch:A', 'patch:B', 'mitigate:C', 'configure:telnet'),
    severity: fc.constantFrom(
      'critical' as const,
      'high' as const,
      'medium' as const,
      'low' as const,
    ),
    verdict: fc.constantFrom('affected' as const, 'possibly-affected' as const, 'unknown' as const),
    count: fc.integer({ min: 1, max: 9 }),
    findingId: fc.constant('f'),
    isKnownExploited: fc.boolean(),
    ssvc: fc.constantFrom('none' as const, 'poc' as const, 'active' as const),
    epss: fc.double({ min: 0, max: 1, noNaN: true }),
    isAccepted: fc.boolean(),
  },
  { requiredKeys: ['kind', 'subject', 'remedy', 'severity', 'verdict', 'count', 'findingId'] },
)

const inputs: fc.Arbitrary<RiskInputs> = fc.record(
  {
    device: fc.record(
      {
        type: fc.constantFrom('infusion-pump', 'pacs', 'printer', 'unheard-of'),
        category: fc.constantFrom('infusion', 'imaging', 'office', 'unheard-of'),
        isClinical: fc.boolean(),
        isRegulated: fc.boolean(),
        isLifeSupport: fc.boolean(),
        deviceClass: fc.integer({ min: 1, max: 3 }),
      },
      { requiredKeys: [] },
    ),
    inUse: fc.constantFrom('in-use' as const, 'not-in-use' as const, 'unknown' as const),
    isMatched: fc.boolean(),
    findings: fc.array(finding, { maxLength: 6 }),
    reach: fc.record({ level: fc.constantFrom(...REACH_LEVELS) }),
    legacy: fc.record({ state: fc.constantFrom(...LEGACY_STATES), what: fc.constant('os') }),
    dependants: fc.integer({ min: 0, max: 300 }),
    controls: fc.array(
      fc.record({ id: fc.constant('c'), kind: fc.constantFrom(...CONTROL_KINDS) }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['device', 'inUse', 'isMatched', 'findings', 'controls'] },
)

const numberOf = (one: RiskInputs) => scoreRisk(one, METHOD).number

test('the method that the product comes with does not contradict itself', () => {
  expect(checkMethod(METHOD)).toEqual([])
})

describe('a score', () => {
  test('is the same number again from what was stored', () => {
    fc.assert(
      fc.property(inputs, (one) => {
        const stored = JSON.parse(JSON.stringify({ one, METHOD })) as {
          one: RiskInputs
          METHOD: RiskMethod
        }
        expect(scoreRisk(stored.one, stored.METHOD)).toEqual(scoreRisk(one, METHOD))
        expect(explainRisk(stored.one, stored.METHOD).score).toEqual(scoreRisk(one, METHOD))
      }),
    )
  })

  test('lies in its own range and in its band', () => {
    fc.assert(
      fc.property(inputs, (one) => {
        const { low, number, high, band } = scoreRisk(one, METHOD)
        expect(low).toBeLessThanOrEqual(number)
        expect(number).toBeLessThanOrEqual(high)
        expect(high).toBeLessThanOrEqual(100)
        const end = METHOD.scale.upTo[RISK_LEVELS.indexOf(band)] ?? 0
        expect(Math.round(number)).toBeLessThanOrEqual(end)
      }),
    )
  })

  test('is never lowered by an exploit that is known to be used, nor by one more finding', () => {
    fc.assert(
      fc.property(inputs, finding, (one, more) => {
        const exploited = one.findings.map((item) => ({ ...item, isKnownExploited: true }))
        expect(numberOf({ ...one, findings: exploited })).toBeGreaterThanOrEqual(numberOf(one))
        const longer = [...one.findings, more]
        expect(numberOf({ ...one, findings: longer })).toBeGreaterThanOrEqual(numberOf(one))
      }),
    )
  })

  test('is never lower for an unknown than for the best that it could be', () => {
    fc.assert(
      fc.property(inputs, (one) => {
        const { reach: _reach, legacy: _legacy, ...blind } = one
        const best: RiskInputs = {
          ...blind,
          isMatched: true,
          reach: { level: 'none-seen' },
          legacy: { state: 'supported', what: 'os' },
        }
        expect(numberOf({ ...blind, isMatched: false })).toBeGreaterThanOrEqual(numberOf(best))
        const use = (inUse: RiskInputs['inUse']) => numberOf({ ...one, inUse })
        expect(use('unknown')).toBe(use('in-use'))
        expect(use('unknown')).toBeGreaterThanOrEqual(use('not-in-use'))
        const unseen = one.findings.map((item) => ({
          ...item,
          verdict: 'possibly-affected' as const,
        }))
        expect(numberOf({ ...one, findings: unseen })).toBeGreaterThanOrEqual(
          numberOf({ ...one, findings: [] }),
        )
      }),
    )
  })

  test('is lowered by a control, never raised, and only by one that is there', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...CONTROL_KINDS), (one, kind) => {
        const controlled = [...one.controls, { id: 'new', kind }]
        expect(numberOf({ ...one, controls: controlled })).toBeLessThanOrEqual(numberOf(one))
      }),
    )
    const pump = { ...PUMP, controls: [{ id: 'c', kind: 'segmentation' as const }] }
    expect(numberOf(pump)).toBeLessThan(numberOf(PUMP))
  })

  test('rises from best to worst along reach and support', () => {
    fc.assert(
      fc.property(inputs, (one) => {
        const byReach = [...REACH_LEVELS]
          .toReversed()
          .map((level) => numberOf({ ...one, reach: { level } }))
        const byAge = LEGACY_STATES.map((state) =>
          numberOf({ ...one, legacy: { state, what: 'os' } }),
        )
        for (const line of [byReach, byAge]) {
          expect(line).toEqual(line.toSorted((a, b) => a - b))
        }
      }),
    )
  })
})

const PUMP: RiskInputs = {
  device: {
    type: 'infusion-pump',
    category: 'infusion',
    isClinical: true,
    isRegulated: true,
    isLifeSupport: true,
  },
  inUse: 'unknown',
  isMatched: true,
  findings: [
    {
      kind: 'advisory',
      subject: 'ICSMA-1',
      remedy: 'patch:ICSMA-1',
      severity: 'critical',
      verdict: 'affected',
      count: 1,
      findingId: 'f1',
      isKnownExploited: true,
    },
  ],
  reach: { level: 'other-zones' },
  controls: [],
}

test('what nobody knows widens the range and is said to be unknown', () => {
  const { score, factors } = explainRisk(PUMP, METHOD)
  expect(score.low).toBeLessThan(score.number)
  expect(score.high).toBeGreaterThan(score.number)
  expect(factors.filter(({ isKnown }) => !isKnown).map(({ id }) => id)).toEqual([
    'legacy',
    'patient',
  ])
  const known = explainRisk(
    { ...PUMP, inUse: 'in-use', legacy: { state: 'ended', what: 'Windows 7' } },
    METHOD,
  )
  expect(known.score.low).toBe(known.score.high)
})

test('a device that is not identified is never without risk of an exploit', () => {
  const stranger: RiskInputs = {
    device: {},
    inUse: 'unknown',
    isMatched: false,
    findings: [],
    controls: [],
  }
  const { score, factors } = explainRisk(stranger, METHOD)
  expect(score.number).toBeGreaterThan(20)
  expect(factors.find(({ id }) => id === 'exploit')).toMatchObject({ isKnown: false, high: 100 })
})

test('each factor tells by how much it raises the score', () => {
  const { score, factors } = explainRisk(PUMP, METHOD)
  const exploit = factors.find(({ id }) => id === 'exploit')
  const without = scoreRisk({ ...PUMP, findings: [] }, METHOD)
  expect(exploit?.points).toBeCloseTo(score.number - without.number, 5)
  expect(exploit?.points).toBeGreaterThan(20)
})

test.each([
  [
    'a matrix in which more impact means less risk',
    (m: RiskMethod) => ({
      ...m,
      matrix: { ...m.matrix, high: ['high', 'low', 'low', 'low', 'low'] },
    }),
  ],
  [
    'an unknown better than the best',
    (m: RiskMethod) => ({ ...m, reach: { ...m.reach, assumed: 1 } }),
  ],
  [
    'unknown use that counts less than use',
    (m: RiskMethod) => ({
      ...m,
      patient: { ...m.patient, inUse: { ...m.patient.inUse, unknown: 50 } },
    }),
  ],
  [
    'a known exploit that counts less than a guess',
    (m: RiskMethod) => ({ ...m, exploit: { ...m.exploit, known: 50 } }),
  ],
  [
    'reach that is safer when it is wider',
    (m: RiskMethod) => ({ ...m, reach: { ...m.reach, internet: 10 } }),
  ],
  [
    'steps that do not begin at nothing',
    (m: RiskMethod) => ({ ...m, exploit: { ...m.exploit, epss: [{ from: 5, value: 15 }] } }),
  ],
])('a method with %s is refused', (_what, change) => {
  expect(checkMethod(change(METHOD) as RiskMethod)).not.toEqual([])
})
