import type { WeaknessRule } from '../weakness-rule.ts'

export const httpLogin: WeaknessRule = {
  code: 'http-login',
  severity: 'high',
  fields: ['http.login'],
  reason: 'It takes a name and a password over HTTP, in the clear.',
  isShownBy: ({ value }) => value !== 'false',
}
