import type { EvidenceView } from '@wardkeeper/contract'
import { expect, test } from 'vitest'
import { mergeEvidence } from './merge-evidence.ts'

const seen: EvidenceView = {
  field: 'dhcp.hostname',
  value: 'pump',
  time: '2026-06-01T07:40:07Z',
  frame: 240,
  rule: 'maker',
  weight: 2,
}

test('shows one observation once, with its rules and its greatest weight', () => {
  const merged = mergeEvidence([
    seen,
    { ...seen, frame: 241 },
    { ...seen, rule: 'model', weight: 3.5 },
    seen,
  ])
  expect(merged).toEqual([
    { ...seen, rule: 'model', weight: 3.5, rules: ['maker', 'model'] },
    { ...seen, frame: 241, rules: ['maker'] },
  ])
})

test('keeps apart what speaks for different values', () => {
  const against = [
    { ...seen, claims: 'Dell' },
    { ...seen, claims: 'HP' },
  ]
  expect(mergeEvidence(against)).toHaveLength(2)
})
