import { expect, test } from 'vitest'
import { compileCodes, isOtherNumber } from './catalogue.ts'

const codes = compileCodes(['6607013', 'CD45-FITC'])

test.each([
  ['6607073', 'CYTO-STAT CD45-FITC', true, 'a sister of the listed one, whatever else is the same'],
  ['6607013', 'CYTO-STAT', false, 'the listed one'],
  ['6607073', 'CYTO-STAT 6607013', false, 'the name contradicts the field'],
  ['AB-12', 'CYTO-STAT', false, 'of no kind that is listed'],
  ['', 'CYTO-STAT 6607073', false, 'no number given'],
])('catalogue number %s of %s is another: %s (%s)', (catalogue, model, isOther) => {
  expect(isOtherNumber(catalogue, model, codes)).toBe(isOther)
})
