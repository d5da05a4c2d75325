import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareVersions, normalizeVersion, relate } from './version.ts'

describe('compareVersions', () => {
  test.each([
    ['1.2', '1.11'],
    ['9.7', '9.33'],
    ['9.33', '9.33.1'],
    ['2.6A', '2.7A'],
    ['2.6', '2.6A'],
    ['2.6A', '2.6.1'],
    ['3.0 D15', '3.0 D16'],
    ['B.06.17', 'B.06.18'],
    ['M', 'N'],
    ['N', 'N.01'],
    ['N.01', 'P'],
    ['L80', 'L81'],
    ['012U000040', '012U000061'],
    ['2018-1', '2021-1'],
    ['1.8.4', '1.8.4 Service Pack 01'],
    ['1.8.4 SP1', '1.8.5'],
    ['4.20', '4.20 SR1'],
    ['2.0rc1', '2.0'],
    ['2023.3 Build 9341', '2023.3_Build_9342'],
    ['4107600010.22', '4107600010.23'],
    ['5.17.1-754993420', '5.17.1-754993421'],
  ])('%s is before %s', (one, other) => {
    expect(compareVersions(one, other)).toBeLessThan(0)
    expect(compareVersions(other, one)).toBeGreaterThan(0)
  })

  test.each([
    ['06.08.00.00', '6.8.0.0'],
    ['2024.03', '2024.3'],
    ['v7.2.8.810', '7.2.8.810'],
    ['R2.1', '2.1'],
    ['Rev J', 'j'],
    ['SW 3.36', '3.36'],
    ['Version 2.0', '2'],
    ['2023.3 (Build 9342)', '2023.3_Build_9342'],
    ['U61 (US)', 'U61'],
    ['vD25', 'D25'],
    ['1.8.4 SP 1', '1.8.4 Service Pack 01'],
    ['N.0', 'N'],
  ])('%s is %s', (one, other) => {
    expect(compareVersions(one, other)).toBe(0)
  })

  const segment = fc.constantFrom('0', '1', '02', '10', 'A', 'b', 'D', 'rc', 'x', 'sp', '33')
  const separator = fc.constantFrom('.', '-', ' ', '_', '')
  const version = fc
    .array(fc.tuple(segment, separator), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.flat().join(''))

  test('is a total order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const sign = (one: string, other: string) => Math.sign(compareVersions(one, other))
        expect(sign(a, a)).toBe(0)
        expect(sign(a, b) + sign(b, a)).toBe(0)
        const sorted = [a, b, c].toSorted(compareVersions)
        expect(sign(sorted[0] ?? '', sorted[1] ?? '')).toBeLessThanOrEqual(0)
        expect(sign(sorted[1] ?? '', sorted[2] ?? '')).toBeLessThanOrEqual(0)
        expect(sign(sorted[0] ?? '', sorted[2] ?? '')).toBeLessThanOrEqual(0)
      }),
      { numRuns: 2000 },
    )
  })

  test('does not mind case, a leading v, zeros in front or blanks around', () => {
    fc.assert(
      fc.property(version, (one) => {
        expect(compareVersions(one, one.toUpperCase())).toBe(0)
        expect(compareVersions(one, ` ${one} `)).toBe(0)
      }),
    )
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), (major, minor) => {
        expect(compareVersions(`${major}.${minor}`, `v0${major}.0${minor}`)).toBe(0)
      }),
    )
  })

  test('reads any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(Math.abs(Math.sign(compareVersions(one, other)))).toBeLessThanOrEqual(1)
        expect(typeof normalizeVersion(one)).toBe('string')
      }),
    )
  })
})

describe('relate', () => {
  test.each([
    ['U61', 'L81'],
    ['012U000040', '012L000061'],
    ['N', '3'],
    ['VM5.0', '5.0'],
  ])('finds no order between %s and %s', (one, other) => {
    expect(relate(one, other).order).toBeUndefined()
    expect(relate(other, one).order).toBeUndefined()
  })

  test.each([
    ['N.01', 'N', { isWithin: true }],
    ['4.1L1', '4.1', { isSuffixed: true }],
    ['1.3.1', '1.3.1 Build 13', { isTruncated: true }],
    ['9.33.1', '9.33', { isWithin: false, isSuffixed: false }],
  ])('%s beside %s', (version, bound, expected) => {
    expect(relate(version, bound)).toMatchObject(expected)
  })

  test('takes spellings of one unordered version for the same', () => {
    expect(relate('CMS7.820.075.08/0.74(0.75)', 'CMS7.820.075.08/0.740.75').order).toBe(0)
  })
})
