import { expect, test } from 'vitest'
import { dueDates, type Schedule } from './schedule.ts'

const TODAY = '2026-11-25'
const PM: Schedule = {
  id: 'pm',
  name: 'Annual inspection',
  program: 'manufacturer',
  every: 1,
  unit: 'year',
  starts: '2026-01-31',
  basis: 'done',
}
const due = (schedule: Partial<Schedule>, ...dates: string[]) =>
  dueDates(
    [{ ...PM, ...schedule }],
    dates.map((date) => ({ date, scheduleId: 'pm' })),
    TODAY,
  ).get('pm')

test.each([
  [{}, [], '2026-01-31', true],
  [{}, ['2026-02-10'], '2027-02-10', false],
  [{}, ['2026-02-10', '2025-02-01'], '2027-02-10', false],
  [{ every: 1, unit: 'month' }, ['2026-10-31'], '2026-11-30', false],
  [{ every: 6, unit: 'month' }, ['2026-05-24'], '2026-11-24', true],
  [{ every: 2, unit: 'week' }, ['2026-11-20'], '2026-12-04', false],
  [{ basis: 'calendar' }, ['2026-03-15'], '2027-01-31', false],
  [{ basis: 'calendar', every: 1, unit: 'month' }, ['2026-02-01'], '2026-02-28', true],
  // A little early is done for the day that comes; much earlier is not.
  [{ basis: 'calendar' }, ['2027-01-10'], '2028-01-31', false],
  [{ basis: 'calendar' }, ['2026-12-30'], '2027-01-31', false],
  [{ basis: 'calendar', every: 1, unit: 'month' }, ['2026-11-24'], '2026-12-31', false],
  [{ starts: '2024-02-29' }, ['2024-02-29'], '2025-02-28', true],
] as const)('%j, done %j: next %s', (schedule, dates, next, isOverdue) => {
  expect(due(schedule, ...dates)).toMatchObject({ next, isOverdue })
})

test('an alternate schedule takes the place of the one of the maker', () => {
  const alternate: Schedule = { ...PM, id: 'aem', program: 'alternate', every: 2 }
  const dates = dueDates(
    [PM, { ...alternate, name: ' annual INSPECTION' }],
    [{ date: '2026-02-01', scheduleId: 'aem' }],
    TODAY,
  )
  expect(dates.get('pm')).toMatchObject({ next: undefined, isOverdue: false, replacedBy: 'aem' })
  expect(dates.get('aem')).toMatchObject({ next: '2028-02-01' })
})
