import { expect, test } from 'vitest'
import { BytesMemo, TextMemo } from './memo.ts'

test('remembers what was made of the same bytes, and of no others', () => {
  const memo = new BytesMemo<string>()
  const tail = Array.from({ length: 32 }, (_, at) => at)
  const one = Uint8Array.of(1, ...tail)
  memo.set(one, 'one')
  expect(memo.get(one.slice())).toBe('one')
  // The same end, so the same slot.
  expect(memo.get(Uint8Array.of(2, ...tail))).toBeUndefined()
  expect(memo.get(Uint8Array.from(tail))).toBeUndefined()
})

test('keeps a copy: the bytes of a frame are gone after it', () => {
  const memo = new BytesMemo<string>()
  const bytes = Uint8Array.of(1, 2, 3)
  memo.set(bytes, 'one')
  bytes[0] = 9
  expect(memo.get(bytes)).toBeUndefined()
  expect(memo.get(Uint8Array.of(1, 2, 3))).toBe('one')
})

test('does not keep what is long', () => {
  const memo = new BytesMemo<string>()
  memo.set(new Uint8Array(5000), 'long')
  expect(memo.get(new Uint8Array(5000))).toBeUndefined()
})

test('makes a text once until it is full', () => {
  const memo = new TextMemo<number>()
  let made = 0
  const ask = (text: string) => memo.get(text, () => ++made)
  expect([ask('a'), ask('a'), ask('b')]).toEqual([1, 1, 2])
  for (let count = 0; count < 1024; count++) ask(`other ${count}`)
  expect(ask('a')).toBeGreaterThan(2)
})
