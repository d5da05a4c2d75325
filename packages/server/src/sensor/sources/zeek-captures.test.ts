import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FlowRecord } from '@wardkeeper/dissect'
import { afterAll, describe, expect, test } from 'vitest'
import { readPath } from './testing/read.ts'

/** Captures of others with the logs that Zeek made of them; not part of this repository. */
const SHARED = new URL('../../../../../../shared/captures/', import.meta.url).pathname
const isThere = existsSync(SHARED)
if (!isThere) process.stderr.write(`skipped: Zeek's own tests are not at ${SHARED}\n`)

const ZEEK = 'bro+bro/testing/btest'
const FOLDER = mkdtempSync(join(tmpdir(), 'wardkeeper-zeek-'))
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

/** A log of Zeek's own tests; its times are blotted out there, and any will do. */
function logOf(path: string): string {
  const text = readFileSync(join(SHARED, path), 'utf8').replaceAll(
    'XXXXXXXXXX.XXXXXX',
    '1700000000.0',
  )
  const copy = join(FOLDER, path.split('/').at(-1)!)
  writeFileSync(copy, text)
  return copy
}

/** Packets and bytes of each conversation of TCP and UDP. */
function countsOf(flows: readonly FlowRecord[]): Record<string, string> {
  const sums = new Map<string, number[]>()
  for (const { transport, client, server, packets, bytes } of flows) {
    if (transport !== 'tcp' && transport !== 'udp') continue
    const key = `${transport} ${client.ip} ${client.port} ${server.ip} ${server.port}`
    const sum = sums.get(key) ?? [0, 0, 0, 0]
    sums.set(
      key,
      [...packets, ...bytes].map((count, at) => sum[at]! + count),
    )
  }
  return Object.fromEntries([...sums].map(([key, sum]) => [key, sum.join(' ')]))
}

describe.skipIf(!isThere)('conn.log of Zeek', () => {
  test.each([
    [`${ZEEK}/Baseline/core.mpls-in-vlan`, `${ZEEK}/Traces/mpls-in-vlan.trace`],
    [`${ZEEK}/Baseline/core.radiotap`, `${ZEEK}/Traces/radiotap.pcap`],
    [`${ZEEK}/Baseline/core.tcp.large-file-reassembly`, `${ZEEK}/Traces/ftp/bigtransfer.pcap`],
    [`${ZEEK}/Baseline/core.tcp.miss-end-data`, `${ZEEK}/Traces/tcp/miss_end_data.pcap`],
    [`${ZEEK}/Baseline/core.tunnels.gtp.inner_ipv6`, `${ZEEK}/Traces/tunnels/gtp/gtp7_ipv6.pcap`],
    [
      `${ZEEK}/Baseline/core.tunnels.teredo_bubble_with_payload`,
      `${ZEEK}/Traces/tunnels/teredo_bubble_with_payload.pcap`,
    ],
    [`${ZEEK}/Baseline/core.vlan-mpls`, `${ZEEK}/Traces/mixed-vlan-mpls.trace`],
    [`${ZEEK}/Baseline/scripts.base.protocols.ftp.ftp-ipv4`, `${ZEEK}/Traces/ftp/ipv4.trace`],
    [
      `${ZEEK}/Baseline/scripts.base.protocols.http.http-connect-with-header`,
      `${ZEEK}/Traces/http/connect-with-header.trace`,
    ],
    [`${ZEEK}/Baseline/scripts.base.protocols.irc.basic`, `${ZEEK}/Traces/irc-dcc-send.trace`],
    [
      `${ZEEK}/Baseline/scripts.base.protocols.irc.starttls`,
      `${ZEEK}/Traces/tls/irc-starttls.pcap`,
    ],
    [
      `${ZEEK}/Baseline/scripts.base.protocols.krb.krb-service-name`,
      `${ZEEK}/Traces/krb/optional-service-name.pcap`,
    ],
    [
      `${ZEEK}/Baseline/scripts.base.protocols.pop3.starttls`,
      `${ZEEK}/Traces/tls/pop3-starttls.pcap`,
    ],
    [
      `${ZEEK}/Baseline/scripts.base.protocols.rdp.rdpeudp2-handshake-success`,
      `${ZEEK}/Traces/rdp/rdpeudp2-handshake-success.pcap`,
    ],
    [
      `${ZEEK}/Baseline/scripts.base.protocols.xmpp.starttls`,
      `${ZEEK}/Traces/tls/xmpp-starttls.pcap`,
    ],
    [
      'cisagov+icsnpp-modbus/testing/baseline/analyzer.basic',
      'cisagov+icsnpp-modbus/testing/traces/modbus_example.pcap',
    ],
    [
      'cisagov+icsnpp-s7comm/tests/baseline/analyzer.s7comm_plus',
      'cisagov+icsnpp-s7comm/tests/traces/s7comm_plus.pcap',
    ],
    [
      'cisagov+icsnpp-s7comm/tests/baseline/analyzer.snap7',
      'cisagov+icsnpp-s7comm/tests/traces/snap7.pcap',
    ],
    [
      'zeek+spicy-ldap/tests/baseline/analyzer.diff_port',
      'zeek+spicy-ldap/tests/traces/ldap-simpleauth-diff-port.pcap',
    ],
  ])('%s has the flows of its capture', async (log, capture) => {
    const told = countsOf((await readPath(logOf(`${log}/conn.log`))).flows)
    const seen = countsOf((await readPath(join(SHARED, capture))).flows)
    expect(Object.keys(told).length).toBeGreaterThan(0)
    expect(told).toEqual(seen)
  })
})

describe.skipIf(!isThere)('facts of Zeek', () => {
  test.each([
    ['base.protocols.ssl.ecdsa', 'tls/ecdsa-cert.pcap', 10],
    ['base.protocols.ssl.tls1_1', 'tls/tls1_1.pcap', 15],
    ['base.protocols.ssh.curve25519_kex', 'ssh/ssh_kex_curve25519.pcap', 6],
    ['base.protocols.rdp.rdp-to-ssl', 'rdp/rdp-to-ssl.pcap', 2],
    ['base.protocols.dns.spf', 'dns-spf.pcap', 2],
    ['policy.protocols.dns.original_case', 'dns_original_case.pcap', 2],
  ])('%s: its logs tell nothing that the wire does not', async (name, capture, least) => {
    const folder = `${ZEEK}/Baseline/scripts.${name}`
    const names = readdirSync(join(SHARED, folder)).filter((each) => /^[a-z]\w+\.log$/.test(each))
    const own = mkdtempSync(join(FOLDER, 'facts-'))
    for (const log of names) copyFileSync(logOf(`${folder}/${log}`), join(own, log))
    // The times of certificates are blotted out like all others.
    const told = (await readPath(own)).facts.filter((fact) => !/ tls.certificate-not-/.test(fact))
    // From the wire a fact has a MAC besides.
    const wire = await readPath(join(SHARED, ZEEK, 'Traces', capture))
    const seen = wire.facts.map((fact) => fact.replace(/^(?:\w\w:){5}\w\w /, ''))
    expect(told.length).toBeGreaterThanOrEqual(least)
    expect(told.filter((fact) => !seen.includes(fact))).toEqual([])
  })
})
