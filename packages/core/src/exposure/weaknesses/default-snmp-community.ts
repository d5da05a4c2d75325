import type { WeaknessRule } from '../weakness-rule.ts'

export const defaultSnmpCommunity: WeaknessRule = {
  code: 'default-snmp-community',
  severity: 'high',
  fields: ['snmp.community-default'],
  reason: 'It answers to a factory SNMP community: anybody who asks reads its configuration.',
  isShownBy: ({ value }) => value !== '' && value !== 'false',
}
