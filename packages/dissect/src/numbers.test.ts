import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasNumber, NO_NUMBERS, sizeOf, withNumber } from './numbers.ts'

test('distinct numbers are those of a set, however many there are', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 60 }), (given) => {
      let numbers = NO_NUMBERS
      for (const number of given) {
        if (!hasNumber(numbers, number)) numbers = withNumber(numbers, number)
      }
      expect(sizeOf(numbers)).toBe(new Set(given).size)
      for (let number = 0; number <= 40; number++) {
        expect(hasNumber(numbers, number)).toBe(given.includes(number))
      }
    }),
  )
  expect(sizeOf(NO_NUMBERS)).toBe(0)
})
