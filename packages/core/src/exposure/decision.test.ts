import { expect, test } from 'vitest'
import { whyDecisionEnds } from './decision.ts'

const then = { manufacturer: 'Acme', model: 'Pump', version: '1', isExploited: false }

test.each([
  ['accept', then, undefined],
  ['accept', { ...then, isExploited: true }, 'exploit is known'],
  ['accept', { ...then, version: '2' }, 'version 1; the device has 2'],
  ['accept', { ...then, version: null }, 'an unknown one'],
  ['accept', { ...then, model: 'Monitor' }, 'Acme Monitor now'],
  ['suppress', { ...then, isExploited: true }, undefined],
  ['suppress', { ...then, version: '2' }, undefined],
  ['suppress', { ...then, model: 'Monitor' }, 'Acme Monitor now'],
] as const)('%s when it is %o', (decision, now, expected) => {
  const why = whyDecisionEnds(decision, then, now)
  if (expected === undefined) expect(why).toBeUndefined()
  else expect(why).toContain(expected)
})

test('a decision from before these were kept ends by its date alone', () => {
  expect(whyDecisionEnds('accept', {}, then)).toBeUndefined()
})
