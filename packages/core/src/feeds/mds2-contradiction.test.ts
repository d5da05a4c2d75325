import { expect, test } from 'vitest'
import { findContradictions } from './mds2-contradiction.ts'
import { parseMds2 } from './mds2.ts'
import { QUESTIONS_2019 } from './testing/mds2-form.ts'

test('claims are held against what the network showed, and only those that it contradicts', () => {
  const form = parseMds2(QUESTIONS_2019)
  const quiet = { weaknesses: [], outside: [], isWireless: false }
  expect(findContradictions(form, quiet)).toEqual([])
  const evidence = { rule: 'x', weight: 1, sensor: 's', field: 'f', value: 'v', time: 0 } as never
  const seen = {
    ...quiet,
    outside: [{ peer: 'service.example.com', evidence: [evidence] }],
    weaknesses: [{ code: 'cleartext-hl7', severity: 'high' as const, reason: '', evidence: [] }],
  }
  expect(findContradictions(form, seen).map(({ code, severity }) => [code, severity])).toEqual([
    ['mds2.contradiction/TXCF-2', 'high'],
    ['mds2.contradiction/RMOT-1', 'high'],
  ])
  // Nothing was claimed where nothing was answered.
  const silent = {
    ...form,
    claims: form.claims.map((one) => ({ ...one, answer: 'unanswered' as const })),
  }
  expect(findContradictions(silent, seen)).toEqual([])
})
