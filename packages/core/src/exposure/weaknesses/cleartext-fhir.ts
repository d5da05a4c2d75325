import type { WeaknessRule } from '../weakness-rule.ts'

export const cleartextFhir: WeaknessRule = {
  code: 'cleartext-fhir',
  severity: 'medium',
  fields: ['dicomweb.transport', 'fhir.transport'],
  reason: 'FHIR or DICOMweb without TLS: records and images can be read and changed on the way.',
  isShownBy: ({ value }) => value === 'cleartext',
}
