import { expect, test } from 'vitest'
import { answerOfPlain } from './plain-range.ts'
import { parseRange } from './range.ts'

test('the answer of a range is the one of its own version, also when asked again', () => {
  const range = parseRange('<= 2.0 | 3.1')
  const asked = ['2.0', '2.1', '3.1', '2.0', undefined, '2.1']
  expect(asked.map((version) => answerOfPlain(range, version))).toEqual([
    'in',
    'out',
    'in',
    'in',
    'maybe',
    'out',
  ])
})

test.each([
  'MMT-523 / MMT-723 Paradigm',
  '653 MCE 3.x',
  '8.0 on Windows 7',
  'to be read by a person (1)',
])('a range that asks for more than the version is left to the device: %s', (text) => {
  expect(answerOfPlain(parseRange(text), '8.0')).toBeUndefined()
})
