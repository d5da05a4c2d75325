import { expect, test } from 'vitest'
import { readFiles } from './testing/read.ts'

const COMMON = {
  timestamp: '2024-05-01T10:00:00.000250+0200',
  flow_id: 1_031_464_864_740_687,
  src_ip: '10.1.0.7',
  src_port: 40_000,
  dest_ip: '10.1.0.9',
  dest_port: 443,
  proto: 'TCP',
}

const event = (kind: string, body: object, more: object = {}) => ({
  ...COMMON,
  event_type: kind,
  [kind]: body,
  ...more,
})

function read(...events: readonly object[]) {
  return readFiles({ 'eve.json': events.map((each) => JSON.stringify(each)).join('\n') })
}

test('a flow event is a flow, its bytes counted at the IP layer', async () => {
  const { flows } = await read(
    event(
      'flow',
      {
        pkts_toserver: 10,
        pkts_toclient: 8,
        bytes_toserver: 1180,
        bytes_toclient: 8144,
        start: '2024-05-01T09:59:58.000000+0200',
        end: '2024-05-01T09:59:59.500000+0200',
      },
      { app_proto: 'tls', vlan: [30], ether: { src_macs: ['00:09:FB:12:34:56'] } },
    ),
  )
  expect(flows).toEqual([
    {
      id: 1,
      start: 1_714_550_398_000_000,
      end: 1_714_550_399_500_000,
      vlan: [30],
      transport: 'tcp',
      client: { ip: '10.1.0.7', port: 40_000, mac: '00:09:fb:12:34:56' },
      server: { ip: '10.1.0.9', port: 443, mac: undefined },
      protocol: 'tls',
      confidence: 'content',
      also: [],
      packets: [10, 8],
      bytes: [1000, 8000],
    },
  ])
})

test('an address behind which several routers stand has no MAC; a protocol that failed has no name', async () => {
  const { flows } = await read(
    event(
      'flow',
      { pkts_toserver: 1, pkts_toclient: 0, bytes_toserver: 60, bytes_toclient: 0 },
      {
        dest_port: 104,
        app_proto: 'failed',
        ether: { src_macs: ['00:09:fb:12:34:56', '00:09:fb:12:34:57'] },
      },
    ),
  )
  expect(flows).toMatchObject([
    { client: { mac: undefined }, protocol: 'dicom', confidence: 'port' },
  ])
})

test('TLS: names, versions, fingerprints and the certificate, its times in UTC', async () => {
  const { facts } = await read(
    event('tls', {
      subject: 'C=DE, O=Hospital, CN=monitor-7.example',
      issuerdn: 'C=DE, O=Hospital, CN=Hospital CA',
      serial: '00:0A:1B',
      sni: 'monitor-7.example',
      version: 'TLSv1',
      notbefore: '2020-01-01T00:00:00',
      notafter: '2021-01-01T00:00:00',
      ja3: { hash: 'e7d705a3286e19ea42f587b344ee6865', string: '769,47' },
      ja4: 't13d1516h2_8daaf6152771_b186095e22b6',
    }),
  )
  expect(facts).toEqual([
    '10.1.0.7 tls.contacts monitor-7.example',
    '10.1.0.7 tls.ja3 e7d705a3286e19ea42f587b344ee6865',
    '10.1.0.7 tls.ja4 t13d1516h2_8daaf6152771_b186095e22b6',
    '10.1.0.9 tls.certificate-issuer-cn Hospital CA',
    '10.1.0.9 tls.certificate-issuer-o Hospital',
    '10.1.0.9 tls.certificate-not-after 2021-01-01T00:00:00Z',
    '10.1.0.9 tls.certificate-not-before 2020-01-01T00:00:00Z',
    '10.1.0.9 tls.certificate-serial 0a1b',
    '10.1.0.9 tls.certificate-subject-cn monitor-7.example',
    '10.1.0.9 tls.certificate-subject-o Hospital',
    '10.1.0.9 tls.sni monitor-7.example',
    '10.1.0.9 tls.version TLS 1.0',
  ])
})

const answer = {
  type: 'answer',
  rrname: 'pacs.example',
  rrtype: 'A',
  rcode: 'NOERROR',
  ra: true,
  answers: [
    { rrname: 'pacs.example', rrtype: 'CNAME', rdata: 'archive.example' },
    { rrname: 'archive.example', rrtype: 'A', rdata: '10.1.0.20' },
  ],
}
test.each([
  ['as the client’s', { dest_ip: '10.1.0.1', dest_port: 53 }],
  [
    'as the server’s, in older versions',
    { src_ip: '10.1.0.1', src_port: 53, dest_ip: '10.1.0.7', dest_port: 40_000 },
  ],
])('DNS: an answer logged %s', async (_as, ends) => {
  const { facts } = await read(event('dns', answer, { proto: 'UDP', ...ends }))
  expect(facts).toEqual([
    '10.1.0.1 dns.recursion true',
    '10.1.0.20 dns.alias pacs.example',
    '10.1.0.20 dns.name archive.example',
    '10.1.0.7 dns.query pacs.example',
    '10.1.0.7 dns.query-type A',
  ])
})

test('DHCP: an acknowledged address; the list of options is not told when it has gaps', async () => {
  const request = {
    type: 'request',
    client_mac: '00:09:fb:12:34:56',
    dhcp_type: 'request',
    hostname: 'pump-7',
    params: ['subnet_mask', 'router', 'dns_server'],
  }
  const ack = {
    type: 'reply',
    client_mac: '00:09:fb:12:34:56',
    dhcp_type: 'ack',
    assigned_ip: '10.1.0.30',
    relay_ip: '0.0.0.0',
    lease_time: 3600,
    routers: ['10.1.0.254'],
  }
  const ends = { src_ip: '0.0.0.0', dest_ip: '255.255.255.255', proto: 'UDP' }
  const { facts } = await read(
    event('dhcp', request, ends),
    event('dhcp', { ...ack, dhcp_type: 'offer', assigned_ip: '10.1.0.66' }, ends),
    event('dhcp', ack, { ...ends, src_ip: '10.1.0.1' }),
  )
  expect(facts).toEqual([
    '00:09:fb:12:34:56 10.1.0.30 dhcp.address 10.1.0.30',
    '00:09:fb:12:34:56 10.1.0.30 dhcp.lease-time 3600',
    '00:09:fb:12:34:56 10.1.0.30 dhcp.server-id 10.1.0.1',
    '00:09:fb:12:34:56 dhcp.hostname pump-7',
    '00:09:fb:12:34:56 dhcp.message-type request',
    '10.1.0.1 dhcp.message-type ack',
    '10.1.0.1 dhcp.router 10.1.0.254',
  ])
})

test.each([
  [
    'ssh',
    { server: { proto_version: '2.0', software_version: 'dropbear_2019.78' } },
    ['10.1.0.9 ssh.protocol 2.0', '10.1.0.9 ssh.software dropbear_2019.78'],
  ],
  [
    'snmp',
    { version: 1, community: 'public', pdu_type: 'response' },
    [
      '10.1.0.7 snmp.version 1',
      '10.1.0.9 snmp.community public',
      '10.1.0.9 snmp.community-default true',
      '10.1.0.9 snmp.operation response',
    ],
  ],
  [
    'modbus',
    {
      request: { function_code: 'WrSingleReg', function_raw: 6, unit_id: 3 },
      response: {},
    },
    ['10.1.0.7 modbus.function write-register', '10.1.0.9 modbus.unit 3'],
  ],
  [
    'mqtt',
    { connect: { client_id: 'pump-7', flags: { username: true, password: false } } },
    [
      '10.1.0.7 mqtt.client-id pump-7',
      '10.1.0.7 mqtt.password-sent false',
      '10.1.0.7 mqtt.user-name-sent true',
      '10.1.0.9 mqtt.role broker',
    ],
  ],
  ['mqtt', { publish: { topic: 'patients/Sylvia Doe' } }, []],
  ['rdp', { event_type: 'initial_request', cookie: 'joy.nurse' }, []],
  ['alert', { signature: 'anything' }, []],
])('%s %o', async (kind, body, expected) => {
  const { facts, outcomes } = await read(event(kind, body))
  expect(facts).toEqual(expected)
  expect(outcomes[0]?.rejected).toEqual([])
})
