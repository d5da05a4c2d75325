import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerOf, anyOf } from './range-answer.ts'
import { isUnderstood, parseRange } from './range.ts'

function answer(range: string, version: string) {
  return anyOf(parseRange(range).clauses.map((clause) => answerOf(clause, version)))
}

/** Range, versions inside, versions outside, versions of which nobody can say. */
const SHAPES: readonly (readonly [string, string, string, string?])[] = [
  ['vers:all/*', '1.0, B.02, anything', ''],
  ['*', '1.0', ''],
  ['* (end-of-life 2011)', '1.0', ''],
  ['vers:all/<V4.1.0', 'V4.0', 'V4.1.0'],
  ['vers:all/>=V5.1.1|<V5.1.2', '5.1.1', '5.1.2, 5.1.0'],
  ['All versions =< V2.0', '2.0', '2.1'],
  ['<vers:/_V8.2_Upd12', 'V8.2 Upd11', 'V8.2 Upd12'],
  ['9.7', '9.7, v9.7', '9.6, 9.7.1'],
  ['8', '8, 8.0', '7, 9', '8.5'],
  ['<= 9.33', '9.33, 9.7, 1', '9.34, 9.33.1, 10'],
  ['<2024.2', '2024.1, 2023.3', '2024.2, 2024.03'],
  ['>= 2.0', '2.0, 4.10', '1.9'],
  ['>= 4.01 | <= 4.34', '4.01, 4.07, 4.34', '4.00, 4.35'],
  ['>= 1.3.4 | < 1.5.3', '1.3.4, 1.5.2', '1.5.3, 1.3.3'],
  ['1.10 | 1.11 | 1.13', '1.10, 1.11, 1.13', '1.1, 1.12, 1.14'],
  ['5.0|5.1', '5.0, 5.1', '5.2'],
  ['14.1.x', '14.1, 14.1.5', '14.2', '14'],
  ['8.0.x', '8.0.2, 8', '8.1'],
  ['NMC2 <= 6.9.6', '6.9.6', '6.9.7'],
  ['>= A1.5.3 | <= B1.2.4', 'A1.6, B1.2.4', 'A1.5.2, B1.2.5'],
  ['2.X', '2, 2.0, 2.9.1', '1.9, 20'],
  ['5.x.x', '5.0.0, 5.7', '4.9'],
  ['4.X | 5.X', '4.1, 5.2', '6.0'],
  ['< 3.x', '2.9', '3.0, 3.1'],
  ['<= 11.x', '11.0, 11.4, 9', '12.0'],
  ['<= 12.2.x.x', '12.1.9', '12.3', '12.2.8.410'],
  ['< B.06.18', 'B.06.17, A.09', 'B.06.18, C.01'],
  ['<=N', 'N, N.01, M.03', 'P, P.02'],
  ['<= VM5.0', 'VM4.9, VM5.0', 'VM5.1', '5.0'],
  ['<= 2.6A', '2.6A, 2.5, 2.6', '2.7A, 2.6B'],
  ['< 012U000040', '012U000039', '012U000040, 012U000061'],
  ['<= U61 |<= L81', 'U61, L81, L70', 'U62, L82'],
  ['<= 3.0 D15', '3.0 D15, 2.9', '3.0 D16, 3.1'],
  ['<= R4.1L1', 'R4.1L1, 4.1', '4.1L2, 4.2'],
  ['<= 4.1', '4.1, 4.0', '4.2', 'R4.1L1'],
  ['A10 < A11', 'A10, A11', 'A9, A12'],
  ['A.01 <= C.0x | 4.0', 'A.01, B.07, C.05, 4.0', 'C.10, 4.1'],
  ['A10 | A11', 'A10, A11', 'A12'],
  ['Rev J-M | (X3/MX100 for Rev M only)', 'J, L.02, M', 'H, N.01'],
  ['Rev B-M', 'B, L, M.04', 'A, N'],
  ['F.0.G.0 | J.3', 'F.0, G.0, J.3', 'H.0, J.4'],
  ['BT03 | BT04 | BT06', 'BT03', 'BT05'],
  ['>=BT02 | <= BT06', 'BT02, BT05, BT06', 'BT01, BT07'],
  ['HD 16 | HD23', 'HD16, HD 23', 'HD20'],
  ['SV20.1 | SV23.0', 'SV20.1', 'SV20.2'],
  ['2.3.6 and  below', '2.3.6, 2.0', '2.3.7'],
  ['prior to 2.4', '2.3', '2.4'],
  ['3.1 through 3.4', '3.1, 3.3, 3.4', '3.0, 3.5'],
  ['1.3.1 Build 13', '1.3.1 Build 13', '1.3.2, 1.3.1 Build 14', '1.3.1'],
  ['<=2023.3_Build_9342', '2023.3 (Build 9342), 2023.2', '2023.3 Build 9343, 2024.1'],
  ['< 1.8.4 Service Pack 01', '1.8.4, 1.8.3', '1.8.4 SP01, 1.8.5'],
  ['4.20 | 4.20 SR1 | 4.30', '4.20, 4.20 SR1', '4.20 SR2, 4.40'],
  ['(Release 1.3.2 1.4.0 1.4.1)', '1.3.2, 1.4.1', '1.4.2'],
  ['6.3V1L10', '6.3V1L10', '6.3V1L11'],
  ['LPI 3.5.12.P30', 'LPI 3.5.12.P30, 3.5.12.P30', '3.5.12.P31'],
  ['<= 1.54 (integrated into GE MobileLink)', '1.54', '1.55'],
  ['>= 2018-1 | <= 2021-1', '2018-1, 2020-3', '2021-2, 3.0'],
  [
    '053L000091 (global) / 054U000091 (U.S.) and 053L000092 (global)',
    '054U000091, 053L000092',
    '053L000093',
  ],
  ['<=CMS7.820.075.08/0.740.75', 'CMS7.820.075.08/0.74(0.75)', ''],
  ['<  july 1 2017', 'shipped 2017-06-30', '2017-07-01', '1.0'],
  ['<8/30/2024', 'deployed 2024-08-29', 'deployed 2024-08-30', '3.1'],
  ['<May 2018', 'April 2018', 'May 2018', 'B.01'],
  ['distributed  < april 1, 2018', 'distributed 2018-03-31', '2018-04-01'],
  ['< august 28', '', '', '2017-08-01, 1.0'],
]

describe.each(SHAPES)('%s', (range = '', inside = '', outside = '', unclear = '') => {
  const cases = (versions: string, wanted: string) =>
    versions
      .split(/, (?=[^\s\d]|\d+\D|\d+$)/)
      .filter((one) => one !== '')
      .map((version) => [version, wanted])

  test.each([...cases(inside, 'in'), ...cases(outside, 'out'), ...cases(unclear, 'maybe')])(
    '%s is %s',
    (version, wanted) => {
      expect(answer(range, version ?? '')).toBe(wanted)
    },
  )
})

describe('what is not a version', () => {
  test.each([
    '3120',
    '24950 | 24952',
    '620 | 650 | 650c',
    'MMT-1710',
    'A51200',
    'CR-IR 357',
    '3002 S3 | 3005 S3',
    '2131 and 2141',
    'Accu-Chek Inform II',
    '882300 Gemini 16 Slice',
    'UDI/Model/NDC number ZXP425 (10-Pack) | ZXR425 (10-Pack Canada)',
    'CS2  Avance | Amingo | Avance CS2',
    'MMT-512 / MMT-712 Paradigm x12',
  ])('%s is a name', (range) => {
    const kinds = parseRange(range).clauses.map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['name']))
  })

  test.each([
    ['v8.x model 35700BAX2', { kind: 'number', number: '35700BAX2' }],
    ['<=11.2 on Windows 8.1 with IIS 7.5', { kind: 'os' }],
    ['* running on old, unsupported operating systems such as Windows 2000', { kind: 'os' }],
    ['9.x (with Wireless Battery Modules >= 22D19 | <= v22D28)', { kind: 'component' }],
    ['6.x (Wireless Battery Modules (16 | 16D38 | >= 20D29 | <= v20D32)', { kind: 'component' }],
  ])('%s carries a condition', (range, when) => {
    expect(parseRange(range).clauses).toMatchObject([{ when }])
    expect(isUnderstood(parseRange(range))).toBe(true)
  })

  test.each([
    'Version A, Firmware A.03.09, Part #: M8096-67501',
    'with wireless option (shipped between 26-June-2017 through 07-August 2018)',
    'Windows 10 Professional Operating System U.S. release',
    'any release that carries the old certificate and was not upgraded < 2020',
    '',
  ])('"%s" is not understood, and so never outside', (range) => {
    expect(isUnderstood(parseRange(range))).toBe(false)
    expect(answer(range, '1.0')).toBe('maybe')
  })
})

test('any text is read without throwing, and as something', () => {
  const piece = fc.constantFrom(
    '<',
    '<=',
    '>=',
    '|',
    '1.2',
    'x',
    'A.01',
    '(',
    ')',
    ' ',
    'and',
    'rev',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((all) => all.join(' ')),
      ),
      (text) => {
        expect(parseRange(text).clauses.length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 2000 },
  )
})

test('bounds agree with the order of versions', () => {
  const version = fc.tuple(fc.nat(12), fc.nat(40), fc.nat(3)).map((parts) => parts.join('.'))
  fc.assert(
    fc.property(version, version, (one, bound) => {
      const [below, upTo] = [answer(`< ${bound}`, one), answer(`<= ${bound}`, one)]
      const [above, from] = [answer(`> ${bound}`, one), answer(`>= ${bound}`, one)]
      expect(below === 'in').toBe(from === 'out')
      expect(upTo === 'in').toBe(above === 'out')
      expect([below, upTo, above, from]).not.toContain('maybe')
    }),
  )
})

const shapes = new URL('../../../../../shared/intel/', import.meta.url)

test.each([
  ['csaf-version-shapes-icsma.tsv', 11],
  ['csaf-version-shapes-icsa.tsv', 308],
])('published shapes of %s are understood but for %i leaves', (file, limit) => {
  const path = new URL(file, shapes)
  if (!existsSync(path)) return void process.stdout.write(`skipped: ${file} is not there\n`)
  const rows = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
  const unclear = rows.filter((row) => !isUnderstood(parseRange(row[4] ?? '')))
  const leaves = (some: typeof rows) => some.reduce((sum, row) => sum + Number(row[0]), 0)
  process.stdout.write(
    `${file}: ${rows.length - unclear.length} of ${rows.length} shapes, ${leaves(rows) - leaves(unclear)} of ${leaves(rows)} leaves understood\n`,
  )
  expect(leaves(unclear)).toBeLessThanOrEqual(limit)
})
