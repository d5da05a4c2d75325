import type { WeaknessRule } from '../weakness-rule.ts'

/** `SMB 1 (NT LM 0.12)`, and the names of its dialects alone. */
const SMB1 = /^(?:smb\s*v?1\b|1\.0$|nt lm 0\.12|(?:nt )?lanman|cifs)/i

export const smb1: WeaknessRule = {
  code: 'smb1',
  severity: 'high',
  fields: ['smb.dialect'],
  reason: 'It speaks SMB version 1, which worms use to spread.',
  isShownBy: ({ value }) => SMB1.test(value.trim()),
}
