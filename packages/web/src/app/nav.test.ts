import { expect, test } from 'vitest'
import { NAV } from './nav.ts'

test('every page has a key of its own, and none of those that move within a list', () => {
  const keys = NAV.flatMap(({ key }) => (key === undefined ? [] : [key]))
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.filter((key) => ['g', 'j', 'k', '/', '?'].includes(key))).toEqual([])
})
