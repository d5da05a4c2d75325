import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeHealth, type SensorState, type VlanCoverage } from './coverage.ts'

const HEALTHY: SensorState = {
  state: 'running',
  frames: 1_000_000,
  flows: 10_000,
  lastFrame: 3_600_000,
  counters: { kernelDrops: 0, gaps: 3, truncatedFrames: 12, clockSteps: 4 },
}
const VLAN: VlanCoverage = {
  vlan: 20,
  packets: 5000,
  conversations: 100,
  oneSided: 3,
  first: 0,
  last: 3_590_000,
}
const judge = (changes: Partial<SensorState>) => judgeHealth({ ...HEALTHY, ...changes })
const judgeVlan = (changes: Partial<VlanCoverage>) =>
  judge({ coverage: { vlans: [{ ...VLAN, ...changes }], networks: [] } })

test('a sensor that sees what it is shown is healthy', () => {
  expect(judge({ coverage: { vlans: [VLAN], networks: [] } })).toEqual([])
})

describe('losses are told', () => {
  test.each([
    ['kernel-drops', { kernelDrops: 900, interfaceDrops: 200 }],
    ['capture-loss', { gaps: 51 }],
    ['truncated', { truncatedFrames: 10_001 }],
    ['clock-steps', { clockSteps: 1001 }],
  ])('%s', (code, counters) => {
    expect(judge({ counters })).toMatchObject([{ code, scope: '' }])
  })

  test('silence is one', () => {
    expect(judge({ state: 'silent' })).toEqual([{ code: 'silent', scope: '', share: 1 }])
  })
})

describe('of each VLAN', () => {
  test('a mirror of one direction is told with its share', () => {
    expect(judgeVlan({ oneSided: 80 })).toEqual([
      { code: 'one-sided', scope: 'vlan 20', share: 0.8 },
    ])
  })

  test('a handful of conversations says nothing of the mirror', () => {
    expect(judgeVlan({ conversations: 5, oneSided: 5 })).toEqual([])
  })

  test('one that fell silent while others are heard is told; in a capture that is over it is not', () => {
    expect(judgeVlan({ last: 2_900_000 })).toEqual([
      { code: 'silent-vlan', scope: 'vlan 20', share: 1 },
    ])
    const coverage = { vlans: [{ ...VLAN, last: 0 }], networks: [] }
    expect(judge({ state: 'finished', coverage })).toEqual([])
  })
})

test('a network that is heard only through a router is a blind spot; one host heard itself makes it none', () => {
  const judgeNetwork = (hosts: number, behindRouter: number) =>
    judge({
      coverage: { vlans: [], networks: [{ network: '10.1.2.0/24', hosts, behindRouter, last: 0 }] },
    })
  expect(judgeNetwork(8, 8)).toEqual([{ code: 'behind-router', scope: '10.1.2.0/24', share: 1 }])
  expect(judgeNetwork(8, 7)).toEqual([])
})

test('more loss is never judged healthier', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(100_000), (kernelDrops, more) => {
      const before = judge({ counters: { kernelDrops } }).length
      expect(
        judge({ counters: { kernelDrops: kernelDrops + more } }).length,
      ).toBeGreaterThanOrEqual(before)
    }),
  )
})
