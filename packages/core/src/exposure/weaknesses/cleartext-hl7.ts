import type { WeaknessRule } from '../weakness-rule.ts'

export const cleartextHl7: WeaknessRule = {
  code: 'cleartext-hl7',
  severity: 'medium',
  fields: ['hl7.transport'],
  reason: 'HL7 without TLS: results and orders can be read and changed on the way.',
  isShownBy: ({ value }) => value === 'cleartext',
}
