import { expect, test } from 'vitest'
import { findDateOrder, readDate } from './dates.ts'

test.each([
  ['2024-03-05', '2024-03-05'],
  ['20240305', '2024-03-05'],
  ['2024/03/05 10:22:00', '2024-03-05'],
  ['45356', '2024-03-05'],
  ['45356.5', '2024-03-05'],
  ['5.3.2024', '2024-03-05'],
  ['25/12/2024', '2024-12-25'],
  ['12/25/24', '2024-12-25'],
  ['3-Mar-24', '2024-03-03'],
  ['March 3, 2024', '2024-03-03'],
  ['04/04/2024', '2024-04-04'],
  ['2024', undefined],
  ['31/02/2024', undefined],
  ['99999', undefined],
])('%s is %s', (cell, date) => expect(readDate(cell, 'unclear')).toBe(date))

test('day and month are told apart by the whole column, or not at all', () => {
  expect(readDate('03/05/2024', 'unclear')).toBeUndefined()
  expect(readDate('03/05/2024', 'day-first')).toBe('2024-05-03')
  expect(readDate('03/05/2024', 'month-first')).toBe('2024-03-05')
  expect(findDateOrder(['03/05/2024', '13/05/2024'])).toBe('day-first')
  expect(findDateOrder(['03/05/2024', '05/13/2024'])).toBe('month-first')
  expect(findDateOrder(['03/05/2024', '05/06/2024'])).toBe('unclear')
  expect(findDateOrder(['13/05/2024', '05/13/2024'])).toBe('mixed')
  expect(findDateOrder(['2024-05-01', '1.2.2024'])).toBe('none')
})
