import { expect, test } from 'vitest'
import { newId } from './uuid.ts'

test('ids are UUIDv7 with the time in front', () => {
  const at = Date.now() + 100_000
  const id = newId(at)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(at)
})

test('ids made in one millisecond, or with a clock that steps back, stay in order and differ', () => {
  const at = Date.now() + 200_000
  const ids = Array.from({ length: 10_000 }, (_, n) => newId(at - (n % 2)))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(10_000)
})
