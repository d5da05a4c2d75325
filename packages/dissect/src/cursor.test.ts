import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cursor, utf8 } from './cursor.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

test('reads fields of both byte orders', () => {
  const cursor = new Cursor(bytes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13))
  expect(cursor.u8()).toBe(1)
  expect(cursor.u16()).toBe(0x0203)
  expect(cursor.u24()).toBe(0x040506)
  expect(cursor.u32()).toBe(0x0708090a)
  expect(cursor.u16le()).toBe(0x0c0b)
  expect(cursor.ok).toBe(true)
})

test('fails for good at the first read past the end', () => {
  const cursor = new Cursor(bytes(1, 2))
  expect(cursor.u32()).toBe(0)
  expect(cursor.ok).toBe(false)
  expect(cursor.u8()).toBe(0)
  expect(cursor.remaining).toBe(0)
})

test('a part that does not fit is a failed cursor, and fails its parent', () => {
  const parent = new Cursor(bytes(1, 2, 3))
  expect(parent.take(4).ok).toBe(false)
  expect(parent.ok).toBe(false)
})

test('a negative length is a failure, never a step back', () => {
  const cursor = new Cursor(bytes(1, 2, 3))
  cursor.skip(1).skip(-1)
  expect(cursor.ok).toBe(false)
})

test('a line ends at LF, without its CR', () => {
  const cursor = new Cursor(bytes(0x61, 0x0d, 0x0a, 0x62))
  expect(cursor.line()).toBe('a')
  expect(cursor.line()).toBe('')
  expect(cursor.ok).toBe(false)
})

test('decodes UTF-8 as the platform does for well-formed text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(utf8(new TextEncoder().encode(text))).toBe(text)
    }),
  )
})

test('decodes any bytes to something, without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (any) => {
      expect(utf8(any).length).toBeLessThanOrEqual(any.length)
    }),
  )
})
