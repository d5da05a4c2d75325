import { expect, test } from 'vitest'
import { readUdi, type Gs1Reader } from './udi.ts'

/** Stands for the library: elements that are written apart by the group separator or in brackets. */
const gs1: Gs1Reader = (text) => {
  const found = /^\(?01\)?(\d{14})(?:\(?21\)?([^|]+))?/.exec(text)
  if (!found) return undefined
  const serial = found[2] === undefined ? [] : [{ ai: '21', raw: found[2], isoDate: '' }]
  return [{ ai: '01', raw: found[1] ?? '', isoDate: '' }, ...serial]
}
const udiOf = (text: string) => {
  const reading = readUdi(text, gs1)
  return 'udi' in reading ? reading.udi : reading.problem
}

test('GS1, as a scanner sends it', () => {
  expect(udiOf(']d20109506000134352' + '21SN-9')).toMatchObject({
    issuer: 'GS1',
    di: '09506000134352',
    serial: 'SN-9',
  })
  expect(udiOf('09506000134352')).toMatchObject({ di: '09506000134352' })
  expect(udiOf('0109506000134353')).toMatch(/check digit/)
})

test('HIBC, with its check letter', () => {
  expect(udiOf('+A123BJC5D6E71G')).toEqual({ issuer: 'HIBCC', di: 'A123BJC5D6E71' })
  expect(udiOf('+A123BJC5D6E71H')).toMatch(/check letter/)
})

test('HIBC with secondary data', () => {
  const body = '+A123BJC5D6E71/$$+3270131SER77/16D20260101'
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%'
  const check = letters[[...body].reduce((sum, letter) => sum + letters.indexOf(letter), 0) % 43]
  expect(udiOf(body + check)).toEqual({
    issuer: 'HIBCC',
    di: 'A123BJC5D6E71',
    serial: 'SER77',
    expires: '2027-01-31',
    made: '2026-01-01',
  })
})

test('ISBT 128', () => {
  expect(udiOf('=/A9999XYZ100T0474=,000025=>014032=}013032&,1000000000000XYZ123')).toEqual({
    issuer: 'ICCBBA',
    di: 'A9999XYZ100T0474',
    serial: '000025',
    lot: '000000000000XYZ123',
    expires: '2014-02-01',
    made: '2013-02-01',
  })
})

test.each(['', 'hello', '+', '=/short', '01'])('%j is refused with a sentence', (text) => {
  expect(udiOf(text)).toMatch(/\.$/)
})
