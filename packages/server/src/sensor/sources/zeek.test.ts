import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readFiles } from './testing/read.ts'
import { pathOfName } from './zeek.ts'

/** A log of Zeek as text and as JSON: `row` by its columns, times as numbers. */
function asTsv(path: string, rows: readonly Readonly<Record<string, unknown>>[]): string {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cell = (value: unknown): string => {
    if (value === undefined) return '-'
    if (Array.isArray(value)) return value.length === 0 ? '(empty)' : value.map(cell).join(',')
    if (typeof value === 'boolean') return value ? 'T' : 'F'
    return String(value).replaceAll(',', String.raw`\x2c`)
  }
  return [
    String.raw`#separator \x09`,
    `#path\t${path}`,
    `#fields\t${fields.join('\t')}`,
    ...rows.map((row) => fields.map((field) => cell(row[field])).join('\t')),
    '#close\t2024-05-01-09-00-00',
  ].join('\n')
}

const asJson = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n')

const ends = (uid: string, port: number) => ({
  ts: 1714550400.25,
  uid,
  'id.orig_h': '10.1.0.7',
  'id.orig_p': 40_000,
  'id.resp_h': '10.1.0.9',
  'id.resp_p': port,
})

const conn = {
  ...ends('C1', 445),
  proto: 'tcp',
  service: 'gssapi,smb,dce_rpc,ntlm',
  duration: 1.5,
  orig_bytes: 100,
  resp_bytes: 200,
  orig_pkts: 7,
  orig_ip_bytes: 464,
  resp_pkts: 5,
  resp_ip_bytes: 460,
  vlan: 30,
  orig_l2_addr: '00:09:fb:12:34:56',
}

test('an entry of conn.log is a flow as the wire gives it', async () => {
  const { flows } = await readFiles({ 'conn.log': asTsv('conn', [conn]) })
  expect(flows).toEqual([
    {
      id: 1,
      start: 1_714_550_400_250_000,
      end: 1_714_550_401_750_000,
      vlan: [30],
      transport: 'tcp',
      client: { ip: '10.1.0.7', port: 40_000, mac: '00:09:fb:12:34:56' },
      server: { ip: '10.1.0.9', port: 445, mac: undefined },
      protocol: 'smb',
      confidence: 'content',
      also: ['dcerpc'],
      packets: [7, 5],
      bytes: [464, 460],
    },
  ])
})

test.each([
  ['tcp', 'ssl', 443, 'tls', 'content'],
  ['udp', 'ssl', 4433, 'dtls', 'content'],
  ['udp', 'dns', 5353, 'mdns', 'content'],
  ['udp', 'spicy_wireguard', 51820, 'wireguard', 'content'],
  ['tcp', 'krb_tcp', 88, 'kerberos', 'content'],
  ['tcp', undefined, 104, 'dicom', 'port'],
  ['tcp', undefined, 49_999, undefined, undefined],
])('%s with service %s on port %i is %s', async (proto, service, port, protocol, confidence) => {
  const row = { ...ends('C1', port), proto, service, orig_pkts: 1, resp_pkts: 0 }
  const { flows } = await readFiles({ 'conn.log': asTsv('conn', [row]) })
  expect(flows).toMatchObject([{ protocol, confidence }])
})

const dns = (more: object) => ({ ...ends('C2', 53), proto: 'udp', ...more })
const LOGS: Readonly<Record<string, Readonly<Record<string, unknown>>[]>> = {
  conn: [conn],
  dns: [
    dns({
      query: 'PACS.example',
      qtype_name: 'A',
      rcode_name: 'NOERROR',
      RA: true,
      answers: ['archive.example', '10.1.0.20'],
    }),
    dns({ query: '9.0.1.10.in-addr.arpa', qtype_name: 'PTR', answers: ['gateway.example'] }),
  ],
  dhcp: [
    {
      ts: 1714550400,
      uids: ['C3'],
      server_addr: '10.1.0.1',
      mac: '00:09:fb:12:34:56',
      host_name: 'pump-7',
      assigned_addr: '10.1.0.30',
      lease_time: 3600,
      client_software: 'Philips IntelliVue',
      msg_types: ['DISCOVER', 'OFFER', 'REQUEST', 'ACK'],
    },
  ],
  rdp: [{ ...ends('C4', 3389), cookie: 'joy.nurse', security_protocol: 'HYBRID' }],
  modbus: [{ ...ends('C5', 502), func: 'WRITE_SINGLE_REGISTER', exception: undefined }],
}

test('the same logs as text and as JSON tell the same', async () => {
  const text = Object.entries(LOGS).map(([path, rows]) => [`${path}.log`, asTsv(path, rows)])
  const json = Object.entries(LOGS).map(([path, rows]) => [
    `${path}.2024-05-01-08-00-00.log.gz`,
    gzipSync(asJson(rows)),
  ])
  const one = await readFiles(Object.fromEntries(text))
  const other = await readFiles(Object.fromEntries(json))
  expect(other.facts).toEqual(one.facts)
  expect(other.flows).toEqual(one.flows)
  expect(one.facts).toEqual([
    '00:09:fb:12:34:56 10.1.0.30 dhcp.address 10.1.0.30',
    '00:09:fb:12:34:56 10.1.0.30 dhcp.lease-time 3600',
    '00:09:fb:12:34:56 10.1.0.30 dhcp.server-id 10.1.0.1',
    '00:09:fb:12:34:56 dhcp.hostname pump-7',
    '00:09:fb:12:34:56 dhcp.message-type discover',
    '00:09:fb:12:34:56 dhcp.message-type request',
    '00:09:fb:12:34:56 dhcp.vendor-class Philips IntelliVue',
    '10.1.0.1 dhcp.message-type ack',
    '10.1.0.1 dhcp.message-type offer',
    '10.1.0.20 dns.alias pacs.example',
    '10.1.0.20 dns.name archive.example',
    '10.1.0.7 dns.query pacs.example',
    '10.1.0.7 dns.query-type A',
    '10.1.0.7 modbus.function write-register',
    '10.1.0.9 dns.name gateway.example',
    '10.1.0.9 dns.recursion true',
    '10.1.0.9 rdp.security CredSSP',
  ])
})

test('an address that was only offered is nobody’s', async () => {
  const offered = [{ ...LOGS.dhcp![0], msg_types: ['DISCOVER', 'OFFER'] }]
  const { facts } = await readFiles({ 'dhcp.log': asTsv('dhcp', offered) })
  expect(facts.filter((fact) => fact.includes('dhcp.address'))).toEqual([])
})

test('facts of a conversation carry the number of its flow, over all logs of a folder', async () => {
  const { observations, flows } = await readFiles({
    'conn.log': asTsv('conn', [{ ...conn, uid: 'C9' }, conn]),
    'ssh.log': asTsv('ssh', [{ ...ends('C1', 22), server: 'SSH-2.0-dropbear' }]),
  })
  expect(flows.map(({ id }) => id)).toEqual([1, 2])
  expect(new Set(observations.map(({ flow }) => flow))).toEqual(new Set([2]))
})

const certificate = {
  ts: 1714550400,
  'certificate.subject': String.raw`CN=monitor-7.example,O=Hospital\, North`,
  'certificate.issuer': 'CN=Hospital CA',
  'certificate.serial': '0A1B',
  'certificate.not_valid_after': 1735689600,
  'certificate.sig_alg': 'sha1WithRSAEncryption',
  'certificate.key_type': 'rsa',
  'certificate.key_length': 1024,
  'san.dns': ['monitor-7.example', 'monitor.example'],
}

test.each([
  ['before', 'x509.log'],
  ['after', 'a.log'],
])('a certificate is laid to its server when ssl.log is read %s it', async (_when, name) => {
  const { facts } = await readFiles({
    'ssl.log': asTsv('ssl', [
      {
        ...ends('C6', 443),
        version: 'TLSv10',
        cipher: 'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
        cert_chain_fuids: ['F1', 'F2'],
      },
    ]),
    [name]: asTsv('x509', [
      { ...certificate, id: 'F1' },
      { ...certificate, id: 'F2', 'certificate.subject': 'CN=Hospital CA' },
    ]),
  })
  expect(facts).toEqual([
    '10.1.0.9 tls.certificate-issuer-cn Hospital CA',
    '10.1.0.9 tls.certificate-key RSA 1024',
    '10.1.0.9 tls.certificate-not-after 2025-01-01T00:00:00Z',
    '10.1.0.9 tls.certificate-san monitor-7.example',
    '10.1.0.9 tls.certificate-san monitor.example',
    '10.1.0.9 tls.certificate-serial 0a1b',
    '10.1.0.9 tls.certificate-signature RSA with SHA-1',
    '10.1.0.9 tls.certificate-subject-cn monitor-7.example',
    '10.1.0.9 tls.certificate-subject-o Hospital, North',
    '10.1.0.9 tls.version TLS 1.0',
    '10.1.0.9 tls.weak-cipher 3DES',
  ])
})

test('the name on a person’s certificate is not told', async () => {
  const row = {
    ...ends('C7', 443),
    version: 'TLSv12',
    client_subject: 'CN=Joy Nurse,O=Hospital',
    client_issuer: 'CN=Hospital CA',
  }
  const { facts } = await readFiles({ 'ssl.log': asTsv('ssl', [row]) })
  expect(facts).toContain('10.1.0.7 tls.certificate-subject-o Hospital')
  expect(facts.filter((fact) => fact.includes('Joy'))).toEqual([])
})

test('a line with too few columns, and one without a time, are told with their number', async () => {
  const whole = asTsv('conn', [conn, { ...conn, ts: 'never' }])
  const { outcomes, flows } = await readFiles({ 'conn.log': `${whole}\na\tb\n` })
  expect(flows).toHaveLength(1)
  expect(outcomes[0]?.counters).toMatchObject({ lines: 7, rejectedLines: 2 })
  expect(outcomes[0]?.rejected).toMatchObject([
    { line: 5, reason: 'its time (ts) cannot be read' },
    { line: 7, reason: expect.stringContaining('2 columns') },
  ])
})

test.each([
  ['conn.log', 'conn'],
  ['conn.10:00:00-11:00:00.log', 'conn'],
  ['smb_mapping_20240501_10:00:00.log', 'smb_mapping'],
  ['known_services.2024-05-01-08.log', 'known_services'],
])('%s is the log %s', (name, path) => {
  expect(pathOfName(name)).toBe(path)
})
