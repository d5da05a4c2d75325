import { expect, test } from 'vitest'
import { useByHour } from './use.ts'

const HOUR = 3_600_000
// A Monday, midnight in UTC.
const MONDAY = Date.UTC(2026, 5, 1)
const utc = () => 0

test('an hour that nobody looked at is not known, one that was looked at in vain is rest', () => {
  const cells = useByHour(
    [
      { hour: MONDAY + 8 * HOUR, bytes: 100 },
      { hour: MONDAY + 8 * HOUR, bytes: 50 },
    ],
    [{ from: MONDAY + 8 * HOUR + 1, until: MONDAY + 10 * HOUR }],
    { from: MONDAY, until: MONDAY + 24 * HOUR },
    utc,
  )
  expect(cells).toHaveLength(168)
  expect(cells[7]).toEqual({ hour: 7, looked: 0, active: 0, bytes: 0 })
  expect(cells[8]).toEqual({ hour: 8, looked: 1, active: 1, bytes: 150 })
  expect(cells[9]).toEqual({ hour: 9, looked: 1, active: 0, bytes: 0 })
  expect(cells[10]).toMatchObject({ looked: 0 })
})

test('weeks add up, in the time of the site', () => {
  const week = 7 * 24 * HOUR
  const cells = useByHour(
    [{ hour: MONDAY + 6 * HOUR, bytes: 300 }],
    [{ from: MONDAY, until: MONDAY + 2 * week }],
    { from: MONDAY, until: MONDAY + 2 * week },
    () => 2 * HOUR,
  )
  expect(cells[8]).toEqual({ hour: 8, looked: 2, active: 1, bytes: 150 })
})

test('Sunday evening is the end of the week', () => {
  const cells = useByHour(
    [{ hour: MONDAY - HOUR, bytes: 1 }],
    [],
    { from: MONDAY - HOUR, until: MONDAY },
    utc,
  )
  expect(cells[167]).toMatchObject({ active: 1 })
})
