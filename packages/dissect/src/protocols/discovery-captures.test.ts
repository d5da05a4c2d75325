import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { CaptureReader } from '../capture/capture-reader.ts'
import type { Observation } from '../dissector.ts'
import { Engine } from '../engine.ts'
import { DISSECTORS } from '../index.ts'
import { printable } from '../printable.ts'

/*
 * The discovery protocols against what Zeek and tshark make of the same captures. The captures are not in the
 * repository: they lie beside it, where they may be.
 */
const captures = fileURLToPath(new URL('../../../../../shared/captures/', import.meta.url))
const isThere = existsSync(captures)
const hasTshark = isThere && spawnSync('tshark', ['--version']).status === 0
if (!isThere) process.stdout.write('skipped: ../shared/captures is not there\n')
else if (!hasTshark) process.stdout.write('skipped: tshark is missing (Debian package tshark)\n')

function observe(file: string): Observation[] {
  const seen: Observation[] = []
  const engine = new Engine({
    dissectors: DISSECTORS,
    onObservation: (observation) => seen.push(observation),
    onFlow: () => undefined,
  })
  const reader = new CaptureReader(engine)
  reader.push(readFileSync(captures + file))
  reader.end()
  engine.flush()
  return seen
}

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort()

const valuesOf = (file: string, field: string): string[] =>
  sorted(
    observe(file)
      .filter((observation) => observation.field === field)
      .map(({ value }) => value),
  )

/** Values of one column of a Zeek log, of the rows that `keep` keeps. */
function zeek(
  log: string,
  column: string,
  keep: (row: Readonly<Record<string, string>>) => boolean = () => true,
): string[] {
  const lines = readFileSync(captures + log, 'utf8').split('\n')
  const names =
    lines
      .find((line) => line.startsWith('#fields'))
      ?.split('\t')
      .slice(1) ?? []
  const rows = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => Object.fromEntries(line.split('\t').map((cell, at) => [names[at] ?? '', cell])))
  return sorted(rows.filter(keep).map((row) => row[column] ?? '-')).filter((cell) => cell !== '-')
}

const TRACES = 'bro+bro/testing/btest/Traces/'
const BASELINE = 'bro+bro/testing/btest/Baseline/'
const BACNET = 'cisagov+icsnpp-bacnet/testing/'

describe.skipIf(!isThere)('as Zeek reads it', () => {
  test.each([
    ['dnssec/nsec.pcap', 'scripts.base.protocols.dns.nsec'],
    ['dnssec/rrsig.pcap', 'scripts.base.protocols.dns.rrsig'],
    ['dnssec/dnskey2.pcap', 'scripts.base.protocols.dns.dns-key'],
    ['dns-spf.pcap', 'scripts.base.protocols.dns.spf'],
    ['dns/sshfp-trunc.pcap', 'scripts.base.protocols.dns.sshfp'],
    ['dns-two-responses.trace', 'scripts.base.protocols.dns.duplicate-reponses'],
    ['ipv6-fragmented-dns.trace', 'core.ipv6-frag'],
  ])('questions of %s', (trace, baseline) => {
    const isDestination = (row: Readonly<Record<string, string>>) =>
      row['qclass'] !== '3' && !row['query']?.endsWith('.arpa')
    const expected = zeek(`${BASELINE}${baseline}/dns.log`, 'query', isDestination)
    expect(valuesOf(TRACES + trace, 'dns.query')).toEqual(
      expected.map((name) => name.toLowerCase()),
    )
  })

  test.each([
    ['ntp/ntp2.pcap', 'scripts.base.protocols.ntp.ntp2'],
    ['ntp/NTP_sync.pcap', 'scripts.base.protocols.ntp.ntp3'],
  ])('versions and strata of %s', (trace, baseline) => {
    const log = `${BASELINE}${baseline}/ntp.log`
    const isAnswer = (row: Readonly<Record<string, string>>) => row['mode'] === '4'
    // Who asks tells its stratum too, unless it is not in time itself (0 and 16).
    const isInTime = (row: Readonly<Record<string, string>>) =>
      isAnswer(row) || !['0', '16'].includes(row['stratum'] ?? '')
    // Zeek keeps no version of control messages, which have their own.
    const versions = zeek(log, 'version')
    expect(valuesOf(TRACES + trace, 'ntp.version')).toEqual(expect.arrayContaining(versions))
    expect(valuesOf(TRACES + trace, 'ntp.stratum')).toEqual(zeek(log, 'stratum', isInTime))
    expect(valuesOf(TRACES + trace, 'ntp.reference-id')).toEqual(
      zeek(log, 'ref_id', isAnswer).map((id) => id.replace(/\\x00/g, '')),
    )
  })

  test.each([
    ['bacnet_segmented_data', 'analyzer.segmented_data'],
    ['bacnet_error_reject_abort', 'analyzer.error-reject-abort'],
  ])('devices of %s', (trace, baseline) => {
    const log = `${BACNET}baseline/${baseline}/bacnet_discovery.log`
    // Devices behind a router tell their number in I-Have too; here they are not the sender.
    const announced = zeek(log, 'instance_number', (row) => row['pdu_service'] === 'i-am')
    const seen = valuesOf(`${BACNET}traces/${trace}.pcap`, 'bacnet.device-instance')
    expect(seen).toEqual(expect.arrayContaining(announced))
  })
})

/** Values of one field of tshark in the frames that a filter keeps. */
function tshark(file: string, filter: string, field: string): string[] {
  const shown = ['-T', 'fields', '-E', 'aggregator=/n', '-e', field]
  const text = execFileSync('tshark', ['-n', '-r', captures + file, '-Y', filter, ...shown], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return sorted(
    text
      .split('\n')
      .flatMap((line) => line.split('/n'))
      .filter((cell) => cell !== ''),
  )
}

const ARKIME = 'arkime+arkime/tests/pcap/'
const TCPDUMP = 'the-tcpdump-group+tcpdump/tests/'
const NDPI = 'ntop+nDPI/tests/cfgs/default/pcap/'
const REQUEST = 'dhcp.type == 1'
const QUESTION =
  'dns && !mdns && !nbns && !llmnr && dns.qry.class == 1 && !(dns.qry.name matches "arpa$")'

describe.skipIf(!hasTshark)('as tshark reads it', () => {
  test.each([
    ['arp.address', `${ARKIME}cloudshark-arp.pcap`, 'arp', 'arp.src.proto_ipv4'],
    ['bacnet.model-name', 'ITI+ICS-Security-Tools/pcaps/BACnet/bacnet_test.pcap', '', ''],
    ['cdp.device-id', `${TCPDUMP}LLDP_and_CDP.pcap`, 'cdp', 'cdp.deviceid'],
    ['cdp.platform', `${TCPDUMP}LLDP_and_CDP.pcap`, 'cdp', 'cdp.platform'],
    ['dhcp.hostname', `${TRACES}dhcp/dhcp.trace`, REQUEST, 'dhcp.option.hostname'],
    ['dhcp.vendor-class', `${TCPDUMP}dhcp-mud.pcap`, REQUEST, 'dhcp.option.vendor_class_id'],
    ['dhcp.address', `${TRACES}dhcp/dhcp.trace`, 'dhcp.option.dhcp == 5', 'dhcp.ip.your'],
    ['dns.query', `${ARKIME}dns-wiresharkrepo.pcap`, QUESTION, 'dns.qry.name'],
    ['dns.query', `${ARKIME}dns-tcp.pcap`, QUESTION, 'dns.qry.name'],
    ['lldp.chassis-id', `${ARKIME}wireshark-lldp.pcap`, 'lldp', 'lldp.chassis.id.mac'],
    ['lldp.system-name', `${ARKIME}wireshark-lldp.pcap`, 'lldp', 'lldp.tlv.system.name'],
    ['mqtt.client-id', `${ARKIME}mqtt_synthetic.pcap`, 'mqtt', 'mqtt.clientid'],
    ['ntp.stratum', `${TCPDUMP}ntp.pcap`, 'ntp.flags.mode == 4', 'ntp.stratum'],
    ['snmp.sys-name', `${NDPI}snmp.pcap`, '', ''],
  ])('%s of %s', (field, file, filter, oracle) => {
    const expected = filter === '' ? KNOWN[field] : tshark(file, filter, oracle).map(printable)
    const asOurs =
      field === 'dns.query' ? (name: string) => name.toLowerCase() : (name: string) => name
    const seen = valuesOf(file, field)
    expect(seen.length).toBeGreaterThan(0)
    expect(seen).toEqual(sorted((expected ?? []).map(asOurs)))
  })

  test('the parameter list of DHCP has the order of the wire', () => {
    const file = `${TCPDUMP}dhcp-mud.pcap`
    const shown = ['-T', 'fields', '-E', 'aggregator=,', '-e', 'dhcp.option.request_list_item']
    const text = execFileSync('tshark', ['-n', '-r', captures + file, '-Y', REQUEST, ...shown], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(valuesOf(file, 'dhcp.parameter-list')).toEqual(sorted(text.trim().split('\n')))
  })
})

/** What tshark shows of values for which it has no field of their own, read off its tree by hand. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'bacnet.model-name': ['MS-NAE4510-2'],
  'snmp.sys-name': ['R1.lab.local'],
}
