import { isIP } from 'node:net'
import { field, type ZeekField } from './zeek-field.ts'
import { INDUSTRIAL_FIELDS } from './zeek-fields-industrial.ts'
import { TLS_SUITES } from './tls-suites.ts'
import type { ZeekRow } from './zeek-log.ts'

const lower = (value: string) => value.toLowerCase()
const upper = (value: string) => value.toUpperCase()

const TLS_VERSIONS: Readonly<Record<string, string>> = {
  SSLv2: 'SSL 2.0',
  SSLv3: 'SSL 3.0',
  TLSv10: 'TLS 1.0',
  TLSv11: 'TLS 1.1',
  TLSv12: 'TLS 1.2',
  TLSv13: 'TLS 1.3',
  DTLSv10: 'DTLS 1.0',
  DTLSv12: 'DTLS 1.2',
}

/** Fields by log: those that identity and behaviour rest on. */
export const ZEEK_FIELDS: Readonly<Record<string, readonly ZeekField[]>> = {
  dns: [
    // What a reverse look-up asks for says nothing of the asker and is no fact of ours.
    field('query', 'dns.query llmnr.query mdns.query', (query) =>
      query.endsWith('.arpa') ? undefined : lower(query),
    ),
  ],
  http: [
    field('host', 'http.host http.contacts', lower),
    field('user_agent', 'http.user-agent'),
    field('status_code', 'http.status'),
  ],
  ssl: [
    field('version', 'tls.version dtls.version', (version) => TLS_VERSIONS[version]),
    field('cipher', 'tls.cipher dtls.cipher', (name) => TLS_SUITES[name]),
    // An address is no name (RFC 6066, section 3).
    field('server_name', 'tls.sni dtls.sni', (name) => (isIP(name) > 0 ? undefined : name)),
    field('next_protocol', 'tls.alpn'),
    field('subject', 'tls.certificate-subject-cn', commonName),
    field('issuer', 'tls.certificate-issuer-cn', commonName),
  ],
  ssh: [field('client', 'ssh.banner'), field('server', 'ssh.banner')],
  dhcp: [
    field('mac', 'dhcp.client-id', lower),
    field('host_name', 'dhcp.hostname'),
    field('assigned_addr', 'dhcp.address'),
    field('requested_addr', 'dhcp.requested-address'),
  ],
  kerberos: [
    field('request_type', 'kerberos.message', (type) => `${lower(type)}-req`),
    field('service', 'kerberos.service'),
    field('cipher', 'kerberos.ticket-encryption'),
  ],
  ldap: [
    field('version', 'ldap.version ldap.client-version'),
    field('opcode', 'ldap.bind', (opcode, { argument }) =>
      opcode.startsWith('bind SASL')
        ? argument && `sasl ${argument}`
        : /^bind (\w+)/.exec(opcode)?.[1],
    ),
  ],
  ldap_search: [field('scope', 'ldap.operation', () => 'search-request')],
  dce_rpc: [field('endpoint', 'dcerpc.interface dcerpc.calls')],
  ntp: [
    field('version', 'ntp.version'),
    field('mode', 'ntp.mode', (mode) => NTP_MODES[Number(mode)]),
    field('stratum', 'ntp.stratum', (stratum) => (stratum === '0' ? undefined : stratum)),
  ],
  radius: [field('nas_ip_addr', 'radius.nas-address')],
  rdp: [
    field('client_name', 'rdp.client-name'),
    field('security_protocol', 'rdp.security', (name) => RDP_SECURITY[name]),
  ],
  rfb: [field('server_major_version', 'vnc.version', vncVersion)],
  sip: [field('user_agent', 'sip.user-agent'), field('method', 'sip.method', upper)],
  smtp: [
    field('helo', 'smtp.client-name'),
    field('tls', 'smtp.starttls', (tls) => (tls === 'T' ? 'accepted' : undefined)),
  ],
  socks: [field('version', 'socks.version')],
  ...INDUSTRIAL_FIELDS,
}

const NTP_MODES = [
  undefined,
  'symmetric-active',
  'symmetric-passive',
  'client',
  'server',
  'broadcast',
]

const RDP_SECURITY: Readonly<Record<string, string>> = {
  HYBRID: 'CredSSP',
  HYBRID_EX: 'CredSSP early user authorization',
  SSL: 'TLS',
  RDP: 'standard RDP',
}

function vncVersion(major: string, row: ZeekRow): string {
  return `${Number(major)}.${Number(row['server_minor_version'])}`
}

function commonName(name: string): string | undefined {
  return /^(?:.*,)?CN=((?:\\.|[^,\\])*)/.exec(name)?.[1]?.replaceAll(/\\(.)/g, '$1')
}

/** Services of Zeek's conn.log in our names; without a line the name is the same. */
export const ZEEK_SERVICES: Readonly<Record<string, readonly string[]>> = {
  // Multicast DNS, LLMNR and NetBIOS names are DNS messages on ports of their own: to Zeek all are dns.
  dns: ['dns', 'mdns', 'llmnr', 'nbns'],
  ssl: ['tls', 'dtls'],
  gtpv1: ['gtp'],
  spicy_hart_ip_tcp: ['hart-ip'],
  spicy_hart_ip_udp: ['hart-ip'],
  spicy_ldap_tcp: ['ldap'],
  spicy_profinet_io_cm: ['profinet'],
  spicy_radius: ['radius'],
  synchrophasor_tcp: ['synchrophasor'],
  synchrophasor_udp: ['synchrophasor'],
  // The transport of ISO 8073 carries S7, MMS and RDP.
  cotp: ['s7comm', 's7comm-plus', 'mms', 'rdp'],
  rfb: ['vnc'],
  krb: ['kerberos'],
  krb_tcp: ['kerberos'],
  dce_rpc: ['dcerpc'],
  gssapi: [],
  'ftp-data': ['ftp-data'],
}
