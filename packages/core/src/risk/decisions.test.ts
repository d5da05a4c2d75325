import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import type { FlowSummary } from '../vocabulary.ts'
import { rankActions, type RiskyAsset } from './action.ts'
import { isViolation, judgeControl, type CompensatingControl } from './control.ts'
import type { RiskInputs } from './inputs.ts'
import { legacyState, supportEndOf, type SupportEnd } from './legacy.ts'
import type { RiskMethod } from './method.ts'
import { peersOfFlow, reachOf } from './reach.ts'
import { scoreRisk } from './score.ts'
import { suppose } from './what-if.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../../../content/risk')
const read = (file: string) =>
  load(readFileSync(path.join(FOLDER, file), 'utf8'), { schema: CORE_SCHEMA }) as unknown
const METHOD = read('method.yaml') as RiskMethod
const SYSTEMS = read('operating-systems.yaml') as readonly SupportEnd[]
const HOUR = 3_600_000
const NOW = Date.UTC(2026, 5, 1)

const flow = (client: string, server: string, port = 80, last = NOW): FlowSummary => ({
  siteId: 'main',
  sensor: 's',
  hour: last,
  client: { ip: client, ...(client.startsWith('10.1.1.') ? { assetId: 'pump' } : {}) },
  server: { ip: server, ...(server.startsWith('10.1.1.') ? { assetId: 'pump' } : {}) },
  transport: 'tcp',
  port,
  protocol: undefined,
  first: last,
  last,
  sessions: 1,
  packets: [1, 1],
  bytes: [1, 1],
  evidence: {},
})

describe('a compensating control', () => {
  const control: CompensatingControl = {
    id: 'c',
    kind: 'segmentation',
    approved: NOW - 200 * HOUR,
    confirmed: NOW - 200 * HOUR,
    ended: undefined,
    allowed: [],
  }
  const sight = { heardHours: 189, coveredUntil: NOW - HOUR, violation: undefined }
  const stateOf = (
    change: Partial<CompensatingControl>,
    seen: Partial<typeof sight> | object = {},
    now = NOW,
  ) => judgeControl({ ...control, ...change }, { ...sight, ...seen }, now, METHOD).state

  test('works while the segment is heard and nothing forbidden is seen', () => {
    expect(stateOf({})).toBe('working')
  })

  test('does not count before a second person approved it, and not before it was watched', () => {
    expect(stateOf({ approved: undefined })).toBe('proposed')
    expect(stateOf({}, { heardHours: 10 })).toBe('watching')
  })

  test('lapses by itself: blind sensor, violation, no person who confirms it, taken back', () => {
    expect(stateOf({}, {}, NOW + 48 * HOUR)).toBe('blind')
    expect(stateOf({}, { coveredUntil: undefined })).toBe('blind')
    const violation = { peer: '10.9.9.9', service: 'tcp/445', time: NOW - 5 * HOUR }
    expect(stateOf({}, { violation })).toBe('violated')
    expect(stateOf({}, { violation: { ...violation, time: NOW - 100 * HOUR } })).toBe('working')
    expect(stateOf({ confirmed: NOW - 400 * 24 * HOUR })).toBe('lapsed')
    expect(stateOf({ ended: NOW })).toBe('ended')
  })

  test('says what broke it', () => {
    const violation = { peer: '10.9.9.9', service: 'tcp/445', time: NOW - 5 * HOUR }
    expect(judgeControl(control, { ...sight, violation }, NOW, METHOD).because).toBe(
      'Contact with 10.9.9.9 (tcp/445) was seen on 2026-05-31 19:00 UTC.',
    )
  })

  test.each([
    ['no-internet', flow('10.1.1.5', '8.8.8.8'), true],
    ['no-internet', flow('10.1.1.5', '10.9.9.9'), false],
    ['segmentation', flow('10.9.9.9', '10.1.1.5'), true],
    ['segmentation', flow('10.1.1.77', '10.1.1.5'), false],
    ['segmentation', flow('10.7.7.7', '10.1.1.5'), false],
    ['closed-service', flow('10.1.1.9', '10.1.1.5', 23), true],
    ['closed-service', flow('10.1.1.5', '10.9.9.9', 23), false],
  ] as const)('%s is broken by the right flows', (kind, seen, isBroken) => {
    const rule = { kind, service: 'tcp/23', allowed: ['10.7.7.7'] }
    const peers = peersOfFlow(seen, 24).filter(({ assetId }) => assetId === 'pump')
    expect(peers.some((peer) => isViolation(rule, peer))).toBe(isBroken)
  })
})

describe('reach', () => {
  const levelOf = (...flows: FlowSummary[]) => {
    const peers = flows
      .flatMap((one) => peersOfFlow(one, 24))
      .filter(({ assetId }) => assetId === 'pump')
    return reachOf(peers, NOW, METHOD)?.level
  }

  test('is as wide as the widest contact that was seen lately', () => {
    expect(levelOf(flow('10.1.1.9', '10.1.1.5'))).toBe('same-segment')
    expect(levelOf(flow('10.1.1.9', '10.1.1.5'), flow('10.2.0.1', '10.1.1.5'))).toBe('other-zones')
    expect(levelOf(flow('10.1.1.5', '52.1.2.3'))).toBe('internet-out')
    expect(levelOf(flow('52.1.2.3', '10.1.1.5'), flow('10.1.1.5', '10.2.0.1'))).toBe('internet')
    const old = flow('52.1.2.3', '10.1.1.5', 80, NOW - 60 * 24 * HOUR)
    expect(levelOf(old, flow('10.1.1.9', '10.1.1.5'))).toBe('same-segment')
  })

  test('is not known where nothing was seen, or only groups and broadcasts', () => {
    expect(levelOf()).toBeUndefined()
    expect(
      levelOf(flow('10.1.1.5', '239.255.255.250'), flow('10.1.1.5', '255.255.255.255')),
    ).toBeUndefined()
  })

  test('names the contact that shows it', () => {
    const [peer] = peersOfFlow(flow('52.1.2.3', '10.1.1.5', 443), 24)
    expect(peer).toMatchObject({
      assetId: 'pump',
      peer: '52.1.2.3',
      service: 'tcp/443',
      direction: 'in',
    })
  })
})

test.each([
  ['Windows 7', 'Windows 7'],
  ['Windows XP Embedded', 'Windows XP Embedded'],
  ['Windows 8.1', 'Windows 8.1'],
  ['Windows 8', 'Windows 8'],
  ['windows server 2008 R2', 'Windows Server 2008'],
  ['Windows CE 6.0', 'Windows CE 6'],
  ['Windows 11', undefined],
  ['Windows', undefined],
  ['Linux', undefined],
])('%s ends with %s', (os, name) => {
  expect(supportEndOf(os, SYSTEMS)?.name).toBe(name)
})

test('support ends in steps', () => {
  const at = (day: string) => legacyState('2025-10-14', Date.parse(day), METHOD)
  expect(at('2023-01-01')).toBe('supported')
  expect(at('2025-06-01')).toBe('ending')
  expect(at('2026-01-01')).toBe('ended')
  expect(at('2031-01-01')).toBe('long-ended')
})

const pump = (id: string, change: Partial<RiskInputs> = {}): RiskyAsset => ({
  id,
  label: id,
  manufacturer: 'Acme',
  model: 'Drip 9',
  inputs: {
    device: {
      type: 'infusion-pump',
      category: 'infusion',
      isClinical: true,
      isRegulated: true,
      isLifeSupport: true,
    },
    inUse: 'in-use',
    isMatched: true,
    findings: [
      {
        kind: 'advisory',
        subject: 'A',
        remedy: 'patch:A',
        severity: 'critical',
        verdict: 'affected',
        count: 2,
        findingId: 'f',
        isKnownExploited: true,
      },
      {
        kind: 'weakness',
        subject: 'telnet',
        remedy: 'configure:telnet',
        severity: 'high',
        verdict: 'affected',
        count: 1,
        findingId: 'g',
      },
    ],
    reach: { level: 'internet-out' },
    legacy: { state: 'ended', what: 'Windows 7', until: '2020-01-14' },
    controls: [],
    ...change,
  },
})

describe('what lowers risk most', () => {
  const assets = [
    pump('a'),
    pump('b'),
    pump('c', { reach: { level: 'same-segment' }, findings: [] }),
  ]
  const ranked = rankActions(assets, METHOD)

  test('is ranked by points for each hour, and each effect is that of scoring again', () => {
    expect(ranked.map(({ perHour }) => perHour)).toEqual(
      ranked.map(({ perHour }) => perHour).toSorted((one, other) => other - one),
    )
    const patch = ranked.find(({ kind }) => kind === 'patch')
    const one = assets[0]
    if (one === undefined || patch === undefined) throw new Error('nothing ranked')
    const after = suppose(one.inputs, { actions: [patch] })
    const points = scoreRisk(one.inputs, METHOD).number - scoreRisk(after, METHOD).number
    expect(patch).toMatchObject({ subject: 'patch:A', assetIds: ['a', 'b'] })
    expect(patch.reduction).toBeCloseTo(2 * points, 5)
    expect(patch.hours).toBe(METHOD.effort.patch.once + 2 * METHOD.effort.patch.clinical)
  })

  test('offers each kind only where it can change something', () => {
    const kinds = (ids: string) =>
      ranked.filter(({ assetIds }) => assetIds.includes(ids)).map(({ kind }) => kind)
    expect(kinds('a').toSorted()).toEqual(['configure', 'patch', 'replace', 'segment'])
    expect(kinds('c')).toEqual(['replace'])
  })
})

describe('what if', () => {
  const { inputs } = pump('a')
  const numberOf = (change: Parameters<typeof suppose>[1]) =>
    scoreRisk(suppose(inputs, change), METHOD).number
  const now = scoreRisk(inputs, METHOD).number

  test.each([
    ['nothing changes', {}, 0],
    ['it were cut off', { reach: 'same-segment' }, -1],
    ['it were reached from the internet', { reach: 'internet' }, 1],
    ['a control worked', { addControls: ['segmentation'] }, -1],
    ['the maker still mended it', { legacy: 'supported' }, -1],
    ['its advisories were gone', { withoutAdvisories: true }, -1],
    [
      'it were a printer',
      { device: { type: 'printer', category: 'office', isClinical: false } },
      -1,
    ],
    ['it were not in use', { inUse: 'not-in-use' }, -1],
  ] as const)('%s', (_what, change, sign) => {
    expect(Math.sign(numberOf(change) - now)).toBe(sign)
  })

  test('leaves what is stored as it was', () => {
    const before = structuredClone(inputs)
    suppose(inputs, {
      withoutAdvisories: true,
      withoutControls: true,
      reach: 'unknown',
      legacy: 'unknown',
    })
    expect(inputs).toEqual(before)
  })
})
