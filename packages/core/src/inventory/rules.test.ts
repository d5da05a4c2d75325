import { expect, test } from 'vitest'
import { faultsOf, firstMatch, RULE_FIELDS, type MedicalRule, type RuleFacts } from './rules.ts'

const facts = (some: Partial<RuleFacts>): RuleFacts =>
  ({ ...Object.fromEntries(RULE_FIELDS.map((field) => [field, []])), ...some }) as RuleFacts
const TODAY = '2026-11-25'

const RULES: readonly MedicalRule[] = [
  {
    name: 'vaccine fridge',
    when: [
      { field: 'type', is: ['refrigerator'] },
      {
        any: [
          { field: 'name', contains: ['vaccine'] },
          { field: 'unit', is: ['Pharmacy'] },
        ],
      },
    ],
    outcome: { medical: 'yes' },
  },
  { name: 'unknown', when: [{ field: 'type', isKnown: false }], outcome: { medical: 'no' } },
]
const nameOf = (some: Partial<RuleFacts>) => firstMatch(RULES, facts(some), TODAY)?.name

test('all conditions must hold, any of a group is enough, case does not matter', () => {
  expect(nameOf({ type: ['Refrigerator'], name: ['VACCINE-02'] })).toBe('vaccine fridge')
  expect(nameOf({ type: ['refrigerator'], unit: [' pharmacy '] })).toBe('vaccine fridge')
  expect(nameOf({ type: ['refrigerator'], name: ['staff kitchen'] })).toBeUndefined()
  expect(nameOf({ name: ['vaccine'] })).toBe('unknown')
})

test('the first that fits wins', () => {
  const both: readonly MedicalRule[] = [
    { name: 'a', when: [], outcome: { medical: 'yes' } },
    { name: 'b', when: [], outcome: { medical: 'no' } },
  ]
  expect(firstMatch(both, facts({}), TODAY)?.name).toBe('a')
  expect(faultsOf(both)).toEqual([expect.stringMatching(/"a" fits every device/)])
})

test('an owner answers between two dates and not outside of them', () => {
  const rule = (from?: string, until?: string) => [
    { name: 'x', when: [], outcome: { accountable: 'Ann', from, until } },
  ]
  expect(firstMatch(rule('2026-11-25', '2026-11-25'), facts({}), TODAY)).toBeDefined()
  expect(firstMatch(rule('2026-11-26'), facts({}), TODAY)).toBeUndefined()
  expect(firstMatch(rule(undefined, '2026-11-24'), facts({}), TODAY)).toBeUndefined()
  expect(faultsOf(rule('2026-12-01', '2026-11-01'))).toEqual([expect.stringMatching(/ends before/)])
  expect(faultsOf([...rule(), ...rule()])).toEqual(
    expect.arrayContaining([expect.stringMatching(/twice/)]),
  )
})
