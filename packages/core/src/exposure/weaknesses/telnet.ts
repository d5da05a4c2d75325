import type { WeaknessRule } from '../weakness-rule.ts'

export const telnet: WeaknessRule = {
  code: 'telnet',
  severity: 'high',
  fields: ['telnet.session'],
  reason: 'It is administered over Telnet: name and password pass in the clear.',
  isShownBy: ({ value }) => value !== 'false',
}
