import { expect, test } from 'vitest'
import { faultOfValue, keyOfLabel } from './custom-field.ts'

const fault = (type: string, value: string, choices: string[] = []) =>
  faultOfValue({ label: 'X', type, choices }, value)

test.each([
  ['text', 'anything', true],
  ['number', '-3.50', true],
  ['number', '3,5', false],
  ['number', '1e9', false],
  ['date', '2024-02-29', true],
  ['date', '2025-02-29', false],
  ['date', '25.11.2026', false],
  ['yes-no', 'yes', true],
  ['yes-no', 'Y', false],
])('%s takes %j: %s', (type, value, isFine) => {
  expect(fault(type, value) === undefined).toBe(isFine)
})

test('a choice takes its values and names them otherwise', () => {
  expect(fault('choice', 'A', ['A', 'B'])).toBeUndefined()
  expect(fault('choice', 'a', ['A', 'B'])).toBe('X: one of A, B')
})

test('a label becomes a key', () => {
  expect(keyOfLabel(' Größe (cm) ')).toBe('große-cm')
  expect(keyOfLabel('!!')).toBe('field')
})
