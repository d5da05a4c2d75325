import { expect, test } from 'vitest'
import { memoized, rememberedFor } from './memo.ts'

test('asks once for each text, also where the answer is no', () => {
  const asked: string[] = []
  const isLong = memoized((text) => {
    asked.push(text)
    return text.length > 3
  })
  expect(['pump', 'ct', 'pump', 'ct'].map(isLong)).toEqual([true, false, true, false])
  expect(asked).toEqual(['pump', 'ct'])
})

test('begins anew when it remembers too much', () => {
  let count = 0
  const length = memoized((text) => {
    count++
    return text.length
  })
  for (let number = 0; number < 70_000; number++) length(String(number))
  expect(length('0')).toBe(1)
  expect(count).toBe(70_001)
})

test('asks once for each object, also where the answer is nothing', () => {
  const asked: object[] = []
  const nameOf = rememberedFor((thing: { readonly name?: string }) => {
    asked.push(thing)
    return thing.name
  })
  const [one, same, none] = [{ name: 'pump' }, { name: 'pump' }, {}]
  expect([one, none, same, one, none].map(nameOf)).toEqual([
    'pump',
    undefined,
    'pump',
    'pump',
    undefined,
  ])
  expect(asked).toEqual([one, none, same])
  expect(asked[2]).toBe(same)
})
