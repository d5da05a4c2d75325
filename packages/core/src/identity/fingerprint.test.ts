import { describe, expect, test } from 'vitest'
import { compileFingerprints } from './fingerprint.ts'
import { compilePattern } from './pattern.ts'
import { compileVocabulary, normalizeName } from './vocabulary.ts'

const entry = {
  id: 'msft',
  pattern: '^MSFT 5\\.0$',
  claims: { os: 'Windows' },
  examples: ['MSFT 5.0'],
}
const compile = (...entries: object[]) => compileFingerprints({ 'dhcp.vendor-class': entries })

describe('compileFingerprints', () => {
  test('matches in file order, the first entry wins', () => {
    const set = compile(
      { ...entry, id: 'a', pattern: '^MSFT \\d', claims: { os: 'A' } },
      { ...entry, id: 'b', claims: { os: 'B' } },
    )
    expect(set.match('dhcp.vendor-class', 'MSFT 5.0')).toMatchObject([
      { id: 'dhcp.vendor-class/a' },
    ])
  })

  test('fills claims from groups and leaves out what did not match', () => {
    const set = compile({
      ...entry,
      pattern: '^(\\w+)(?: v([\\d.]+))?$',
      claims: { model: '$1', firmware: '$2' },
      examples: [{ value: 'X', claims: { model: 'X' } }],
    })
    const claims = (value: string) =>
      set.match('dhcp.vendor-class', value)[0]?.assertions.map((each) => each.value)
    expect(claims('X v1.2')).toEqual(['X', '1.2'])
    expect(claims('X')).toEqual(['X'])
  })

  test('a shared file adds only what the own file did not claim', () => {
    const set = compileFingerprints({
      'dhcp.hostname': [{ ...entry, pattern: '^pump', claims: { type: 'own' } }],
      'host.name': [{ ...entry, pattern: '^pump', claims: { type: 'shared', os: 'X' } }],
    })
    const [own, shared] = set.match('dhcp.hostname', 'pump.ward.example')
    expect(own?.assertions).toMatchObject([{ attribute: 'type', value: 'own' }])
    expect(shared?.assertions).toMatchObject([{ attribute: 'os', value: 'X' }])
  })

  test.each([
    ['an unknown key', { ...entry, colour: 'red' }, /unknown key "colour"/],
    [
      'an unknown attribute',
      { ...entry, claims: { colour: 'red' } },
      /"colour" is not an attribute/,
    ],
    ['a number where text belongs', { ...entry, claims: { os: 7 } }, /must be text in quotes/],
    ['no example', { ...entry, examples: [] }, /at least one example/],
    [
      'an example without its claims',
      { ...entry, claims: { os: '$1' }, pattern: '(a)' },
      /and its claims/,
    ],
    ['a strange confidence', { ...entry, confidence: 'sure' }, /confidence is one of/],
    [
      'confidence in what is not claimed',
      { ...entry, confidence: { type: 'hint' } },
      /of what it claims/,
    ],
    ['a broken pattern', { ...entry, pattern: '(' }, /leaves a group open/],
    ['a strange id', { ...entry, id: 'M S' }, /id in kebab-case/],
  ])('refuses %s and names the entry', (_what, wrong, message) => {
    expect(() => compile(wrong)).toThrow(message)
    expect(() => compile(wrong)).toThrow(/dhcp\.vendor-class/)
  })

  test('refuses the same id and the same pattern twice', () => {
    expect(() => compile(entry, entry)).toThrow(/used twice/)
    expect(() => compile(entry, { ...entry, id: 'other' })).toThrow(/repeats the pattern of/)
  })
})

describe('compilePattern', () => {
  test.each([
    ['(?=a)', /lookaround/],
    ['(?<!a)b', /lookaround/],
    ['(?<name>a)', /named group/],
    ['(a)\\1', /backreference/],
    ['(a+)+', /repeats something that repeats/],
    ['(?:a*b?)*', /repeats something that repeats/],
    ['(?:\\w+ ?)*', /repeats something that repeats/],
    ['(?:\\w+ ?){9}', /repeats something that repeats/],
    ['*a', /repeats nothing/],
    ['a)', /closes a group/],
    ['(a', /leaves a group open/],
    ['[a', /character class open/],
    ['a.*.*.*.*.*.*b', /repeats without bound 6 times/],
    ['a{2000}', /more than 1000 times/],
    ['\\p{L}', /Unicode property/],
  ])('refuses %s', (source, message) => {
    expect(() => compilePattern(source)).toThrow(message)
  })

  test.each([
    ['^MSFT 5\\.0$', 'msft 5.0', 'whole'],
    ['^Cisco IP Phone (\\w+)', 'cisco ip phone ', 'start'],
    ['\\bIntelliVue[ _-]?(MX\\d+)', 'intellivue', 'anywhere'],
    ['^(?:Foo|Bar)', '', 'anywhere'],
    ['ab?cde', 'cde', 'anywhere'],
    ['x(?:yz)?', 'x', 'anywhere'],
  ] as const)('knows what %s needs before it runs', (source, text, place) => {
    expect(compilePattern(source).literal).toEqual({ text, place })
  })
})

describe('compileVocabulary', () => {
  const files = {
    categories: [{ id: 'infusion', name: 'Infusion', clinical: true }],
    'device-types': [{ id: 'pump', name: 'Pump', category: 'infusion' }],
    manufacturers: [
      { name: 'Philips', aliases: ['Philips*'] },
      { name: 'Signify', aliases: ['Philips Lighting*'] },
      { name: 'BD', aliases: ['Becton, Dickinson*'], makes: ['pump'] },
    ],
  }

  test('finds makers by any spelling, the longest alias first', () => {
    const { manufacturerOf } = compileVocabulary(files)
    expect(manufacturerOf('PHILIPS Medical Systems GmbH')?.name).toBe('Philips')
    expect(manufacturerOf('Philips Lighting BV')?.name).toBe('Signify')
    expect(manufacturerOf('Becton Dickinson & Co')?.name).toBe('BD')
    expect(manufacturerOf('Bdtask')).toBeUndefined()
    expect(manufacturerOf('')).toBeUndefined()
  })

  test('reduces names to what spellings share', () => {
    expect(normalizeName('Drägerwerk AG & Co. KGaA')).toBe(normalizeName('DRAGERWERK'))
    expect(normalizeName('B.Braun Melsungen AG')).toBe('b braun melsungen')
    expect(normalizeName('Moxa.Inc')).toBe('moxa')
  })

  test('refuses what does not fit together', () => {
    const broken = (change: object) => () => compileVocabulary({ ...files, ...change })
    expect(broken({ 'device-types': [{ id: 'x', name: 'X', category: 'none' }] })).toThrow(
      /no category "none"/,
    )
    expect(broken({ manufacturers: [{ name: 'A', makes: ['boat'] }] })).toThrow(
      /no device type "boat"/,
    )
    expect(
      broken({
        manufacturers: [
          { name: 'A', aliases: ['C'] },
          { name: 'B', aliases: ['C Ltd'] },
        ],
      }),
    ).toThrow(/also names A/)
  })
})
