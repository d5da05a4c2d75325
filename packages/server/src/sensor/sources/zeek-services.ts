import type { Ends } from './facts/names.ts'
import type { SourceFact } from './source.ts'
import { factOf } from './text.ts'
import type { ZeekRow } from './zeek-row.ts'

const SYSTEM_SHARES: readonly string[] = ['IPC$', 'ADMIN$', 'PRINT$', 'SYSVOL', 'NETLOGON']

/** smb_mapping.log: shares of the system itself; others carry names of people and wards. */
export function smbMapping(row: ZeekRow, { client }: Ends): SourceFact[] {
  const share = row.text('path')?.split('\\').at(-1)?.toUpperCase() ?? ''
  const isSystem = SYSTEM_SHARES.includes(share) || /^[A-Z]\$$/.test(share)
  return factOf(client, 'smb.share', isSystem ? share : undefined)
}

/** smb_cmd.log: only whether the first version is still spoken. */
export function smbCommand(row: ZeekRow, { server }: Ends): SourceFact[] {
  return factOf(server, 'smb.dialect', row.text('version') === 'SMB1' ? 'SMB1' : undefined)
}

const OPERATIONS = {
  get_requests: 'get',
  get_bulk_requests: 'get-bulk',
  set_requests: 'set',
} as const

/** snmp.log: one line for each session. Communities are told only when they are those of the factory. */
export function snmp(row: ZeekRow, { client, server }: Ends): SourceFact[] {
  const community = row.text('community')
  const answers = row.number('get_responses') ?? 0
  const isDefault = community === 'public' || community === 'private'
  const asked = Object.entries(OPERATIONS).filter(([count]) => (row.number(count) ?? 0) > 0)
  return [
    ...factOf(client, 'snmp.version', row.text('version')),
    ...asked.flatMap(([, operation]) => factOf(client, 'snmp.operation', operation)),
    ...factOf(server, 'snmp.operation', answers > 0 ? 'response' : undefined),
    ...factOf(server, 'snmp.sys-descr', row.text('display_string')),
    ...(answers > 0 && community !== undefined
      ? [
          ...factOf(server, 'snmp.community', isDefault ? community : undefined),
          ...factOf(server, 'snmp.community-default', String(isDefault)),
        ]
      : []),
  ]
}

const RDP_SECURITY: Readonly<Record<string, string>> = {
  HYBRID: 'CredSSP',
  HYBRID_EX: 'CredSSP early user authorization',
  RDP: 'standard RDP',
  SSL: 'TLS',
}

/** rdp.log: the cookie is a user's name and is not read. */
export function rdp(row: ZeekRow, { client, server }: Ends): SourceFact[] {
  return [
    ...factOf(client, 'rdp.client-name', row.text('client_name')),
    ...factOf(server, 'rdp.security', RDP_SECURITY[row.text('security_protocol') ?? '']),
  ]
}

const NTP_MODES: Readonly<Record<number, string>> = {
  1: 'symmetric-active',
  2: 'symmetric-passive',
  3: 'client',
  4: 'server',
  5: 'broadcast',
}

/** ntp.log: the mode says who speaks. */
export function ntp(row: ZeekRow, { client, server }: Ends): SourceFact[] {
  const mode = NTP_MODES[row.number('mode') ?? 0]
  const speaker = mode === 'server' ? server : client
  const isServer = mode === 'server' || mode === 'broadcast'
  const clock = row.text('ref_id')
  return [
    ...factOf(speaker, 'ntp.mode', mode),
    ...factOf(speaker, 'ntp.version', row.text('version')),
    ...factOf(isServer ? speaker : {}, 'ntp.stratum', row.text('stratum')),
    ...factOf(
      isServer ? speaker : {},
      'ntp.reference-id',
      clock !== undefined && /^[\w.:]{1,39}$/.test(clock) ? clock : undefined,
    ),
  ]
}

/** ftp.log: only whether somebody signed in, and as nobody. */
export function ftp(row: ZeekRow, { server }: Ends): SourceFact[] {
  const user = row.text('user')
  if (user === undefined || user === '<unknown>') return []
  const isServed = (row.number('reply_code') ?? 999) < 400
  if (user !== 'anonymous' && user !== 'ftp') return factOf(server, 'ftp.login', 'cleartext')
  return factOf(server, 'ftp.anonymous', isServed ? 'accepted' : undefined)
}

/** smtp.log: who writes stays unread. */
export function smtp(row: ZeekRow, { client, server }: Ends): SourceFact[] {
  const isEncrypted = row.isTrue('tls')
  return [
    ...factOf(client, 'smtp.client-name', row.text('helo')),
    ...factOf(server, 'smtp.starttls', isEncrypted ? 'accepted' : undefined),
    ...factOf(
      client,
      'smtp.transport',
      !isEncrypted && row.has('mailfrom') ? 'cleartext' : undefined,
    ),
  ]
}
