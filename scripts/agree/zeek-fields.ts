import { TLS_SUITES } from './tls-suites.ts'
import type { ZeekRow } from './zeek-log.ts'

/** A column of a Zeek log and the fields of ours among whose values its value has to be. */
export interface ZeekField {
  readonly column: string
  readonly in: readonly string[]
  /** Zeek's value in our spelling; undefined: says nothing to compare. */
  readonly of: (value: string, row: ZeekRow) => string | undefined
}

const same = (value: string) => value
const lower = (value: string) => value.toLowerCase()

function field(column: string, names: string, of: ZeekField['of'] = same): ZeekField {
  return { column, in: names.split(' '), of }
}

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
    field('server_name', 'tls.sni dtls.sni'),
    field('next_protocol', 'tls.alpn'),
    field('subject', 'tls.certificate-subject-cn', commonName),
    field('issuer', 'tls.certificate-issuer-cn', commonName),
  ],
  ssh: [field('client', 'ssh.banner'), field('server', 'ssh.banner')],
}

function commonName(name: string): string | undefined {
  return /^(?:.*,)?CN=((?:\\.|[^,\\])*)/.exec(name)?.[1]?.replaceAll(/\\(.)/g, '$1')
}

/** Services of Zeek's conn.log in our names; without a line the name is the same. */
export const ZEEK_SERVICES: Readonly<Record<string, readonly string[]>> = {
  // Multicast DNS, LLMNR and NetBIOS names are DNS messages on ports of their own: to Zeek all are dns.
  dns: ['dns', 'mdns', 'llmnr', 'nbns'],
  ssl: ['tls', 'dtls'],
  // The transport of ISO 8073 carries S7, MMS and RDP.
  cotp: ['s7comm', 's7comm-plus', 'mms', 'rdp'],
  rfb: ['vnc'],
  krb: ['kerberos'],
  krb_tcp: ['kerberos'],
  dce_rpc: ['dcerpc'],
  gssapi: [],
  'ftp-data': ['ftp-data'],
}
