import path from 'node:path'
import { faultsOf, firstMatch, RULE_FIELDS, type Condition, type RuleFacts } from '@wardkeeper/core'
import { beforeAll, expect, test } from 'vitest'
import { loadContent, type Content } from './load.ts'

let content: Content

beforeAll(async () => {
  content = await loadContent(path.resolve(import.meta.dirname, '../../../../content'))
})

test('the rules that the product comes with decide their examples', () => {
  const { medical, ownership, examples } = content.rules
  expect(examples.length).toBeGreaterThan(5)
  for (const example of examples) {
    const none = Object.fromEntries(RULE_FIELDS.map((field) => [field, []]))
    const facts = { ...none, ...example.facts } as unknown as RuleFacts
    const today = '2026-11-25'
    expect(firstMatch(medical, facts, today)?.outcome.medical, example.says).toBe(example.medical)
    const owner = firstMatch(ownership, facts, today)?.outcome.accountable
    expect(owner, example.says).toBe(example.accountable)
  }
})

test('no rule is unreachable, and each names types that exist', () => {
  const { medical, ownership } = content.rules
  expect(faultsOf(medical)).toEqual([])
  expect(faultsOf(ownership)).toEqual([])
  const { types, categories } = content.knowledge.vocabulary
  const flat = (conditions: readonly Condition[]): Condition[] =>
    conditions.flatMap((one) => ('any' in one ? flat(one.any) : [one]))
  for (const one of flat([...medical, ...ownership].flatMap(({ when }) => when))) {
    if (!('is' in one)) continue
    const known = one.field === 'type' ? types : one.field === 'category' ? categories : undefined
    for (const value of one.is) expect(known?.has(value) ?? true, value).toBe(true)
  }
})
