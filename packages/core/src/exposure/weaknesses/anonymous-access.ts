import type { WeaknessRule } from '../weakness-rule.ts'

export const anonymousAccess: WeaknessRule = {
  code: 'anonymous-access',
  severity: 'medium',
  fields: ['ftp.anonymous', 'smb.session'],
  reason: 'It lets in whoever comes, without a name or a password.',
  isShownBy: ({ value }) => ['accepted', 'anonymous', 'guest'].includes(value),
}
