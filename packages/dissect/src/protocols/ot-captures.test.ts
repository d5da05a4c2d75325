import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { observe } from '../testing/observe.ts'

/*
 * The protocols of buildings and plants against what tshark and Zeek make of the same captures. The captures are not
 * in the repository: they lie beside it, where they may be.
 */
const captures = fileURLToPath(new URL('../../../../../shared/captures/', import.meta.url))
const isThere = existsSync(captures)
const hasTshark = isThere && spawnSync('tshark', ['--version']).status === 0
if (!isThere) process.stdout.write('skipped: ../shared/captures is not there\n')
else if (!hasTshark) process.stdout.write('skipped: tshark is missing (Debian package tshark)\n')

const ITI = 'ITI+ICS-Security-Tools/pcaps/'
const NDPI = 'ntop+nDPI/tests/cfgs/default/pcap/'
const ICSNPP = 'cisagov+icsnpp-'
const ARKIME = 'arkime+arkime/tests/pcap/'

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort()
const read = (file: string): Buffer => readFileSync(captures + file)

/** Both ends of a flow as one text, whichever is the client. */
const flowName = (...ends: readonly string[]): string => [...ends].sort().join(' ')

function flowsOf(file: string, protocol: string): string[] {
  const flows = observe(read(file)).filter((flow) => flow.protocol === protocol)
  return sorted(
    flows.map(({ client, server }) =>
      flowName(`${client.ip}:${client.port}`, `${server.ip}:${server.port}`),
    ),
  )
}

function valuesOf(file: string, field: string): string[] {
  return sorted(observe(read(file)).flatMap(({ values }) => values.get(field) ?? []))
}

/** Lines of tshark's fields in the frames that a filter keeps. */
function tshark(file: string, filter: string, fields: readonly string[]): string[] {
  const shown = ['-T', 'fields', '-E', 'separator=|', '-E', 'occurrence=l']
  const asked = fields.flatMap((field) => ['-e', field])
  const text = execFileSync(
    'tshark',
    ['-n', '-r', captures + file, '-Y', filter, ...shown, ...asked],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  return text.split('\n').filter((line) => line !== '')
}

function tsharkFlows(file: string, filter: string): string[] {
  const ports = ['tcp.srcport', 'tcp.dstport', 'udp.srcport', 'udp.dstport']
  const lines = tshark(file, filter, ['ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', ...ports])
  return sorted(
    lines.map((line) => {
      const [from4, to4, from6, to6, tcpFrom, tcpTo, udpFrom, udpTo] = line.split('|')
      const source = `${from4 || from6}:${tcpFrom || udpFrom}`
      return flowName(source, `${to4 || to6}:${tcpTo || udpTo}`)
    }),
  )
}

describe.skipIf(!hasTshark)('flows as tshark names them', () => {
  test.each([
    ['modbus', 'modbus', `${ICSNPP}modbus/testing/traces/modbus_example.pcap`],
    ['modbus', 'modbus', `${NDPI}umas.pcap`],
    ['knxip', 'kip', `${NDPI}knxip.pcapng`],
    ['enip', 'enip || cip || cipio', `${NDPI}ethernetIP.pcap`],
    ['enip', 'enip || cip || cipio', `${NDPI}cip_io.pcap`],
    ['s7comm', 's7comm', `${NDPI}s7comm.pcap`],
    ['s7comm', 's7comm', `${ITI}s7/step7_s300_readDiagData.pcapng`],
    ['mms', 'mms', `${ITI}IEC61850/MMS - Specific Commands/mms-startRequest.pcap`],
    ['mms', 'mms', 'DINA-community+icsnpp-acse/testing/Traces/accept.pcap'],
    ['opc-ua', 'opcua', `${NDPI}opc-ua.pcap`],
    ['opc-ua', 'opcua', `${ARKIME}opcua_synthetic.pcap`],
    ['dnp3', 'dnp3', `${NDPI}dnp3.pcap`],
    ['dnp3', 'dnp3', `${ARKIME}dnp3_synthetic.pcap`],
    ['iec104', 'iec60870_104', `${ITI}IEC60870-5-104/JavaRMI_and_IEC_Misc.pcap`],
    ['fins', 'omron', `${NDPI}fins.pcap`],
    ['hart-ip', 'hart_ip', `${ICSNPP}hart-ip/testing/traces/hart-ip.pcap`],
    ['synchrophasor', 'synphasor', `${NDPI}ieee_c37118.pcap`],
    ['ads', 'ams', `${NDPI}beckhoff_ads.pcapng`],
    ['c1222', 'c1222', 'parsitects+icsnpp-c1222/testing/traces/c1222_over_ipv6.pcap'],
  ])('%s is %s in %s', (protocol, filter, file) => {
    const expected = tsharkFlows(file, filter)
    expect(expected.length).toBeGreaterThan(0)
    expect(flowsOf(file, protocol)).toEqual(expected)
  })
})

const lower = (values: readonly string[]): string[] => sorted(values.map((one) => one.trim()))

describe.skipIf(!hasTshark)('values as tshark reads them', () => {
  test.each([
    ['s7comm.serial', 's7comm.szl.001c.0005.serialn', `${ICSNPP}s7comm/tests/traces/snap7.pcap`],
    [
      's7comm.module-type',
      's7comm.szl.001c.0007.cputypname',
      `${ICSNPP}s7comm/tests/traces/snap7.pcap`,
    ],
    ['enip.product-name', 'enip.lir.name', `${ARKIME}arkime_synthetic.pcap`],
    ['opc-ua.application-uri', 'opcua.ApplicationUri', `${NDPI}opc-ua.pcap`],
    ['fins.model', 'omron.controller.model', `${NDPI}fins.pcap`],
    ['synchrophasor.station', '', `${NDPI}ieee_c37118.pcap`],
  ])('%s is %s in %s', (field, name, file) => {
    const expected =
      name === '' ? ['Blue PMU (241)', 'PMU1 (61)'] : lower(tshark(file, name, [name]))
    expect(expected.length).toBeGreaterThan(0)
    expect(valuesOf(file, field)).toEqual(expected)
  })
})

/** Values of a column of a Zeek log. */
function zeek(log: string, column: string): string[] {
  const lines = readFileSync(captures + log, 'utf8').split('\n')
  const names = lines.find((line) => line.startsWith('#fields'))?.split('\t') ?? []
  const at = names.indexOf(column) - 1
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#'))
  return sorted(rows.map((row) => row.split('\t')[at] ?? '-').filter((cell) => cell !== '-'))
}

describe.skipIf(!isThere)('as Zeek reads it', () => {
  test('vendor and device of PROFINET calls', () => {
    const folder = `${ICSNPP}profinet-io-cm/testing/`
    const file = `${folder}traces/profinet_io_cm_device.pcapng`
    const log = readFileSync(
      `${captures}${folder}baseline/tests.profinet_io_cm_device/profinet_io_cm.log`,
      'utf8',
    )
    const objects = [...log.matchAll(/8271-\d{4}([0-9A-F]{4})([0-9A-F]{4})\t/g)]
    expect(objects.length).toBeGreaterThan(0)
    expect(valuesOf(file, 'profinet.device-id')).toEqual(
      sorted(objects.map((match) => match[1]!.toLowerCase())),
    )
    expect(valuesOf(file, 'profinet.vendor-id')).toEqual(
      sorted(objects.map((match) => match[2]!.toLowerCase())),
    )
  })

  test('stations of synchrophasors', () => {
    const folder = `${ICSNPP}synchrophasor/tests/`
    const names = zeek(
      `${folder}baseline/analyzer.2PMUsInSync_TCP/synchrophasor_cfg_detail.log`,
      'station_name',
    )
    const seen = valuesOf(
      `${folder}traces/C37.118_2PMUsInSync_TCP.pcap`,
      'synchrophasor.station',
    ).map((value) => value.replace(/ \(\d+\)$/, ''))
    expect(names.length).toBeGreaterThan(0)
    expect(seen).toEqual(lower(names))
  })
})
