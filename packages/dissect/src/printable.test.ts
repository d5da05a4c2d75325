import { expect, test } from 'vitest'
import { factOf, LONGEST_VALUE, printable } from './printable.ts'

test('strips what a terminal or a page would obey', () => {
  expect(printable(' CT\u001b[31m\u0007 Scanner\u202e\r\n')).toBe('CT [31m  Scanner')
  expect(printable('\u0000\u0001')).toBe('')
})

test('is never longer than a value may be', () => {
  expect(printable('x'.repeat(5000))).toHaveLength(LONGEST_VALUE)
})

test('keeps text of any language', () => expect(printable('Gerät Ж 監視')).toBe('Gerät Ж 監視'))

test('no fact is made of nothing', () => {
  expect(factOf('client', 'http.user-agent', ' \u0000 ')).toEqual([])
  expect(factOf('client', 'http.user-agent', undefined)).toEqual([])
  expect(factOf('client', 'http.user-agent', 'a\u0000')).toEqual([
    { subject: 'client', field: 'http.user-agent', value: 'a' },
  ])
})
