import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileGate } from './gate.ts'
import { compilePattern } from './pattern.ts'

test('a set is named wherever one of its literals stands', () => {
  const literal = fc.string({ minLength: 3, maxLength: 12 })
  fc.assert(
    fc.property(
      fc.array(fc.array(literal, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 40 }),
      fc.string(),
      fc.string(),
      fc.nat(),
      fc.nat(),
      (sets, before, after, pick, which) => {
        const number = pick % sets.length
        const set = sets[number]!
        const found = compileGate(sets)(before + set[which % set.length]! + after)
        expect(found).toContain(number)
        expect(found).toEqual([...new Set(found)].toSorted((a, b) => a - b))
      },
    ),
  )
})

test('most sets of which none stands there are not named', () => {
  const mayHold = compileGate([
    ['philips.com', 'draeger.com'],
    ['gehealthcare.com'],
    ['siemens.cloud'],
  ])
  const names = Array.from({ length: 1000 }, (_, n) => `srv-${n}.ward-${n % 40}.example.org`)
  expect(names.flatMap(mayHold).length).toBeLessThan(20)
  expect(mayHold('www.gehealthcare.com')).toEqual([1])
  expect(mayHold('')).toEqual([])
})

test('a set with a literal too short to be known by three letters, or with none, is always named', () => {
  const mayHold = compileGate([['draeger.com'], ['ge', 'medical'], []])
  expect(mayHold('nothing of it')).toEqual([1, 2])
  expect(mayHold('')).toEqual([1, 2])
  expect(mayHold('draeger.com')).toEqual([0, 1, 2])
})

test.each([
  ['philips\\.com$', ['philips.com']],
  ['(?:^|\\.)(?:Medtronic|carelink)\\.(?:com|net)$', ['medtronic', 'carelink']],
  ['^(?:ab|xyz)?\\.resmed\\.', ['.resmed.']],
  ['(?:one|two.three)+four|five.six', ['four', 'five']],
  ['^(?:[ab]|long enough)$', ['']],
])('what every match of %s holds one of', (source, texts) => {
  expect(compilePattern(source).oneOf).toEqual(texts)
})
