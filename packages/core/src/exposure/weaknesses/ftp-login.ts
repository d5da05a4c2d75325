import type { WeaknessRule } from '../weakness-rule.ts'

export const ftpLogin: WeaknessRule = {
  code: 'ftp-login',
  severity: 'high',
  fields: ['ftp.login'],
  reason: 'It takes a name and a password over FTP, in the clear.',
  isShownBy: ({ value }) => value !== 'false',
}
