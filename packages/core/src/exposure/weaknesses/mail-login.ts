import type { WeaknessRule } from '../weakness-rule.ts'

export const mailLogin: WeaknessRule = {
  code: 'mail-login',
  severity: 'medium',
  fields: ['imap.login', 'pop3.login', 'smtp.login'],
  reason: 'It takes the name and the password of a mail account in the clear.',
  isShownBy: ({ value }) => value === 'cleartext',
}
