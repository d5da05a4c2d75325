import { expect, test } from 'vitest'
import { judgeControls, type ProtectionFacts } from './controls.ts'

const QUIET: ProtectionFacts = {
  segment: undefined,
  neighbours: 0,
  strangers: 0,
  sessions: 0,
  encrypted: 0,
  outside: 0,
  baseline: undefined,
  openWeaknesses: 0,
}
const statesOf = (facts: Partial<ProtectionFacts>) =>
  Object.fromEntries(judgeControls({ ...QUIET, ...facts }).map(({ code, state }) => [code, state]))

test('of a device that nobody saw, no control is said to work', () => {
  expect(Object.values(statesOf({}))).not.toContain('works')
})

test('what was seen decides', () => {
  expect(
    statesOf({ segment: '10.0.1.0/24', sessions: 4, encrypted: 4, baseline: 'watching' }),
  ).toEqual({
    separation: 'works',
    encryption: 'works',
    'no-internet': 'unknown',
    watched: 'works',
    settings: 'works',
  })
  expect(
    statesOf({
      segment: '10.0.1.0/24',
      neighbours: 9,
      strangers: 2,
      sessions: 4,
      encrypted: 3,
      outside: 1,
      baseline: 'learning',
      openWeaknesses: 1,
    }),
  ).toEqual({
    separation: 'missing',
    encryption: 'missing',
    'no-internet': 'missing',
    watched: 'missing',
    settings: 'missing',
  })
})
