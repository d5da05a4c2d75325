import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textAt, TextsBuilder } from './texts.ts'

test('each text is numbered once and read back as it was, a part of a string too', () => {
  const builder = new TextsBuilder()
  const line = 'bd:alaris:8015'
  const numbers = [
    builder.intern(line, 0, 9),
    builder.intern(line, 3, 9),
    builder.intern('bd:alaris'),
    builder.intern(''),
    builder.intern(line, 4, 4),
    builder.intern('pompe à perfusion 输液泵'),
  ]
  expect(numbers).toEqual([0, 1, 0, 2, 2, 3])
  const texts = builder.finish()
  expect(Array.from(texts.ends, (_, at) => textAt(texts, at))).toEqual([
    'bd:alaris',
    'alaris',
    '',
    'pompe à perfusion 输液泵',
  ])
})

test('many texts of any kind are told apart, as a map of strings tells them', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.nat(3000).map(String))
  fc.assert(
    fc.property(fc.array(text, { maxLength: 3000, size: 'max' }), (all) => {
      const builder = new TextsBuilder()
      const known = new Map<string, number>()
      for (const one of all) {
        if (!known.has(one)) known.set(one, known.size)
        expect(builder.intern(one)).toBe(known.get(one))
      }
      const texts = builder.finish()
      expect(Array.from(texts.ends, (_, at) => textAt(texts, at))).toEqual([...known.keys()])
    }),
    { numRuns: 30 },
  )
})

test('texts whose hashes are the same are told apart', () => {
  // FNV-1a over code units, searched for: `costarring` and `liquid` have one hash of 32 bits.
  const builder = new TextsBuilder()
  expect([builder.intern('costarring'), builder.intern('liquid')]).toEqual([0, 1])
  expect([builder.intern('costarring'), builder.intern('liquid')]).toEqual([0, 1])
})

test('what is added without asking stands twice, and a text may be longer than a call takes arguments', () => {
  const builder = new TextsBuilder()
  const long = 'x'.repeat(300_000)
  expect([builder.push('CVE-1'), builder.push('CVE-1'), builder.push(long)]).toEqual([0, 1, 2])
  expect(textAt(builder.finish(), 2)).toBe(long)
})
