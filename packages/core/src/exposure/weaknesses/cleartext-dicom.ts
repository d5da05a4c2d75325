import type { WeaknessRule } from '../weakness-rule.ts'

export const cleartextDicom: WeaknessRule = {
  code: 'cleartext-dicom',
  severity: 'medium',
  fields: ['dicom.transport'],
  reason: 'DICOM without TLS: images and worklists can be read and changed on the way.',
  isShownBy: ({ value }) => value === 'cleartext',
}
