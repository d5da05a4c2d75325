import type { WeaknessRule } from '../weakness-rule.ts'

const WITHDRAWN = /^(?:ssl\s*v?(?:2|3)(?:\.0)?|tls\s*v?1(?:\.[01])?|1\.[01])$/i

/** SSL 2.0 and 3.0 (RFC 6176, RFC 7568), TLS 1.0 and 1.1 (RFC 8996). */
export const oldTls: WeaknessRule = {
  code: 'old-tls',
  severity: 'medium',
  fields: ['tls.version'],
  reason: 'It speaks a withdrawn version of TLS or SSL.',
  isShownBy: ({ value }) => WITHDRAWN.test(value.trim()),
}
