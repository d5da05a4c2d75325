import { expect, test } from 'vitest'
import {
  datesOf,
  faultsOf,
  firstMatch,
  isDated,
  nextChange,
  RULE_FIELDS,
  type Condition,
  type MedicalRule,
  type OwnershipRule,
  type RuleFacts,
} from './rules.ts'

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

const dated = (...when: Condition[]): OwnershipRule[] => [
  { name: 'd', when, outcome: { accountable: 'Ann' } },
]

test.each([
  [{ date: 'warrantyUntil', pastDays: 0 }, '2026-11-25', false, '2026-11-26'],
  [{ date: 'warrantyUntil', pastDays: 0 }, '2026-11-24', true, undefined],
  [{ date: 'warrantyUntil', pastDays: 30 }, '2026-10-26', false, '2026-11-26'],
  [{ date: 'warrantyUntil', pastDays: 30 }, '2026-10-25', true, undefined],
  [{ date: 'warrantyUntil', withinDays: 7 }, '2026-12-03', false, '2026-11-26'],
  [{ date: 'warrantyUntil', withinDays: 7 }, '2026-12-02', true, '2026-12-03'],
  [{ date: 'warrantyUntil', withinDays: 7 }, '2026-11-25', true, '2026-11-26'],
  [{ date: 'warrantyUntil', withinDays: 7 }, '2026-11-24', false, undefined],
] as const)('%j on %s holds: %s, and is asked again on %s', (condition, date, holds, next) => {
  const device = facts({ warrantyUntil: [date] })
  expect(firstMatch(dated(condition), device, TODAY) !== undefined).toBe(holds)
  expect(nextChange(dated(condition), device, TODAY)).toBe(next)
})

test('a date that is not known is neither past nor near, and nothing is asked again', () => {
  for (const condition of [
    { date: 'lastSeen', pastDays: 0 },
    { date: 'lastSeen', withinDays: 3650 },
  ] as const) {
    expect(firstMatch(dated(condition), facts({}), TODAY)).toBeUndefined()
    expect(nextChange(dated(condition), facts({}), TODAY)).toBeUndefined()
  }
})

test('the day on which an answer can change is that of the first rule that can fit by then', () => {
  const type = { field: 'type', is: ['refrigerator'] } as const
  const over = { date: 'warrantyUntil', pastDays: 0 } as const
  const device = facts({ warrantyUntil: ['2027-01-01'] })
  expect(nextChange(dated(type, over), device, TODAY)).toBeUndefined()
  expect(nextChange(dated({ any: [type, over] }), device, TODAY)).toBe('2027-01-02')
  // Behind a rule that always fits nothing is reached.
  const always = { name: 'a', when: [], outcome: { accountable: 'Bo' } }
  expect(nextChange([always, ...dated(over)], device, TODAY)).toBeUndefined()
  expect(nextChange([...dated(over), always], device, TODAY)).toBe('2027-01-02')
  const owner = (from: string, until: string) => [
    { name: 'o', when: [], outcome: { accountable: 'Ann', from, until } },
  ]
  expect(nextChange(owner('2026-12-01', '2026-12-31'), facts({}), TODAY)).toBe('2026-12-01')
  expect(nextChange(owner('2026-01-01', '2026-11-25'), facts({}), TODAY)).toBe('2026-11-26')
  expect(nextChange(owner('2026-01-01', '2026-02-01'), facts({}), TODAY)).toBeUndefined()
})

test('only rules with dates depend on the day', () => {
  expect(isDated(RULES)).toBe(false)
  const within = { date: 'endOfSupport', withinDays: 1 } as const
  expect(isDated(dated({ any: [within] }))).toBe(true)
  expect([...datesOf(dated({ any: [within] }))]).toEqual(['endOfSupport'])
})

test('the day is the first one on which the answer is another, for any dates', () => {
  const day = (offset: number) =>
    new Date(Date.parse(TODAY) + offset * 86_400_000).toISOString().slice(0, 10)
  let seed = 7
  const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below
  for (let round = 0; round < 500; round++) {
    const conditions = Array.from({ length: 3 }, (): Condition => {
      const date = random(2) === 0 ? 'warrantyUntil' : 'lastSeen'
      return random(2) === 0 ? { date, pastDays: random(9) } : { date, withinDays: random(9) }
    })
    const [one, two, three] = conditions
    const rules = [...dated(one!, two!), ...dated({ any: [three!, one!] })]
    const device = facts({
      warrantyUntil: [day(random(30) - 15)],
      lastSeen: [day(random(30) - 15)],
    })
    const answer = (today: string) => rules.indexOf(firstMatch(rules, device, today)!)
    const next = nextChange(rules, device, TODAY)
    for (let ahead = 1; ahead < 40 && (next === undefined || day(ahead) < next); ahead++)
      expect(answer(day(ahead)), `${JSON.stringify(rules)} ${day(ahead)}`).toBe(answer(TODAY))
  }
})
