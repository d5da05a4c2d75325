import { expect, test } from 'vitest'
import { fromDatabaseTime, toDatabaseText, toDatabaseTime } from './time.ts'

test.each([0, 1_700_000_000_123.457, 1_763_772_772_000.001, -1.5])(
  '%d ms survives the database text',
  (ms) => {
    const text = toDatabaseTime(ms).replace('T', ' ').replace('Z', '+00')
    expect(fromDatabaseTime(text)).toBeCloseTo(ms, 3)
  },
)

test.each([
  ['2026-11-22 00:52:52+00', Date.UTC(2026, 10, 22, 0, 52, 52)],
  ['2026-11-22 00:52:52.5+00', Date.UTC(2026, 10, 22, 0, 52, 52, 500)],
])('reads %s', (text, ms) => expect(fromDatabaseTime(text)).toBe(ms))

test('text off the wire is made fit for the database', () => {
  expect(toDatabaseText('a\0b\ud800c')).toBe('ab\ufffdc')
})
