import type { WeaknessRule } from '../weakness-rule.ts'

export const expiredCertificate: WeaknessRule = {
  code: 'expired-certificate',
  severity: 'low',
  fields: ['tls.certificate-not-after'],
  reason: 'Its TLS certificate has expired: clients that check it refuse, the others do not check.',
  isShownBy: ({ value }, now) => Date.parse(value) < now,
}
