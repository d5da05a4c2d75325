import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import { ROLES, SEVERITIES } from '../vocabulary.ts'
import type { ResponsePlan } from './plan.ts'

const plan = read('response-plans/default.yaml') as ResponsePlan
const types = read('vocabularies/device-types.yaml') as readonly { id: string; category: string }[]
const categories = read('vocabularies/categories.yaml') as readonly {
  id: string
  clinical: boolean
}[]

/** Not of a clinical family, and yet a patient depends on them. */
const NEEDED = ['pneumatic-tube', 'refrigerator']

test('the plan counts as not medical what the vocabulary calls so, and nothing else', () => {
  const clinical = new Set(categories.filter((one) => one.clinical).map(({ id }) => id))
  const others = types
    .filter(({ id, category }) => !clinical.has(category) && !NEEDED.includes(id))
    .map(({ id }) => id)
  expect(plan.otherTypes).toEqual(others.toSorted())
})

test('the plan has a clock for each severity, and it is never slower for the worse', () => {
  expect(Object.keys(plan.clocks)).toEqual([...SEVERITIES])
  const clocks = SEVERITIES.map((severity) => plan.clocks[severity])
  for (const move of ['acknowledge', 'contain', 'resolve', 'review', 'workOrder'] as const) {
    const minutes = clocks.map((clock) => clock[move])
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b))
  }
})

test('the plan names roles that exist', () => {
  const named = Object.values(plan.roles).flat()
  expect(named.filter((role) => !ROLES.includes(role))).toEqual([])
})

function read(name: string): unknown {
  const file = new URL(`../../../../content/${name}`, import.meta.url)
  return load(readFileSync(file, 'utf8'), { schema: CORE_SCHEMA }) as unknown
}
