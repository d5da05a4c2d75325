import { expect, test } from 'vitest'
import { isHabit, type Talk } from './habit.ts'

const settings = { infrastructure: ['dns'] }
const known = {
  'out tcp/3613 hl7 asset:gateway': { first: 1, last: 2, count: 3 },
  'out tcp/443 tls internet': { first: 1, last: 2, count: 3 },
}
const talk: Talk = {
  direction: 'out',
  transport: 'tcp',
  port: 3613,
  protocol: 'hl7',
  peer: { ip: '10.0.0.9', assetId: 'gateway' },
}
const verdict = (change: Partial<Talk>) =>
  isHabit({ stage: 'watching', known }, { ...talk, ...change }, settings)

test.each([
  ['what was learned', {}, true],
  ['the same service in the other direction', { direction: 'in' }, false],
  ['the same peer by another service', { port: 23, protocol: 'telnet' }, false],
  ['the same service with a stranger', { peer: { ip: '10.0.0.66', assetId: 'laptop' } }, false],
  [
    'any public address, once one was learned',
    { port: 443, protocol: 'tls', peer: { ip: '8.8.4.4' } },
    true,
  ],
  ['what keeps the network running', { port: 53, protocol: 'dns' }, true],
  ['what goes to everybody', { port: 9, protocol: undefined, peer: { ip: '224.0.0.251' } }, true],
] as const)('%s', (_what, change, expected) => {
  expect(verdict(change as Partial<Talk>)).toBe(expected)
})

test('nothing is judged while habits are being learned', () => {
  expect(isHabit({ stage: 'learning', known }, talk, settings)).toBeUndefined()
  expect(isHabit(undefined, talk, settings)).toBeUndefined()
})
