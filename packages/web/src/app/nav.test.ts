import { expect, test } from 'vitest'
import { NAV } from './nav.ts'

test('every page has a key of its own, and none of those that move within a list', () => {
  const keys = NAV.flatMap(({ key }) => (key === undefined ? [] : [key]))
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.filter((key) => ['g', 'j', 'k', '/', '?'].includes(key))).toEqual([])
})

test('pages of one heading stand together', () => {
  const headings = NAV.map(({ group }) => group ?? '')
  const turns = headings.filter((one, at) => one !== headings[at - 1])
  expect(turns.length).toBe(new Set(headings).size)
})
