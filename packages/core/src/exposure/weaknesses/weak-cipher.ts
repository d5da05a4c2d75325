import type { WeaknessRule } from '../weakness-rule.ts'

export const weakCipher: WeaknessRule = {
  code: 'weak-cipher',
  severity: 'medium',
  fields: ['tls.weak-cipher'],
  reason: 'It agrees on a cipher that is broken or that does not encrypt.',
  isShownBy: ({ value }) => value !== '',
}
