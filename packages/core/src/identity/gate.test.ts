import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileGate } from './gate.ts'
import { compilePattern } from './pattern.ts'

test('what holds a literal passes, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 3, maxLength: 12 }), { minLength: 1, maxLength: 40 }),
      fc.string(),
      fc.string(),
      fc.nat(),
      (literals, before, after, pick) => {
        const literal = literals[pick % literals.length]!
        expect(compileGate(literals)(before + literal + after)).toBe(true)
      },
    ),
  )
})

test('most of what holds none does not', () => {
  const mayHold = compileGate(['philips.com', 'draeger.com', 'gehealthcare.com', 'siemens.cloud'])
  const names = Array.from({ length: 1000 }, (_, n) => `srv-${n}.ward-${n % 40}.example.org`)
  expect(names.filter(mayHold).length).toBeLessThan(20)
  expect(mayHold('')).toBe(false)
})

test('a literal too short to be known by three letters lets everything through', () => {
  expect(compileGate(['ge', 'draeger.com'])('nothing of it')).toBe(true)
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
