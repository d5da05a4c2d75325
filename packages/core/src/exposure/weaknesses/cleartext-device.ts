import type { WeaknessRule } from '../weakness-rule.ts'

export const cleartextDevice: WeaknessRule = {
  code: 'cleartext-device',
  severity: 'medium',
  fields: [
    'astm.transport',
    'bcc.transport',
    'ge-s5.transport',
    'intellivue.transport',
    'medibus.transport',
    'phd.transport',
    'poct1a.transport',
    'sdc.transport',
  ],
  reason:
    'A device protocol without TLS: measurements and results can be read and changed on the way.',
  isShownBy: ({ value }) => value === 'cleartext',
}
