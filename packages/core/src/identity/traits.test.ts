import { expect, test } from 'vitest'
import { traitOf } from './traits.ts'

test.each([
  ['tls.certificate-sha256', 'ABCDEF', { kind: 'certificate', value: 'abcdef' }],
  ['dicom.ae-title', ' ct1 ', { kind: 'ae-title', value: 'CT1' }],
  ['dicom.station-name', 'Room 1', { kind: 'station', value: 'ROOM 1' }],
  ['dicom.station-name', '  ', undefined],
  ['dicom.station-name', 'x'.repeat(201), undefined],
  // The title that it is asked for is no word of its own.
  ['dicom.called-ae-title', 'CT1', undefined],
])('%s "%s"', (field, value, trait) => {
  expect(traitOf({ field, value })).toEqual(trait)
})
