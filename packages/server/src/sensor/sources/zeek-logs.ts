import { flowOf, transportOfName, transportOfNumber } from './flow.ts'
import type { Ends } from './facts/names.ts'
import type { Memory } from './memory.ts'
import type { LineOutcome, SourceFact, Told } from './source.ts'
import { hostOf, ipOf, isGroup, macOf, subjectOf } from './text.ts'
import { dhcp, dns, http, ntlm, radius, ssh } from './zeek-it.ts'
import { knownDevices, knownHosts, knownModbus, knownServices, software } from './zeek-known.ts'
import {
  bacnetDiscovery,
  bacnetProperty,
  bacnetService,
  cipIdentity,
  modbus,
  modbusIdentification,
} from './zeek-plant.ts'
import { ftp, ntp, rdp, smbCommand, smbMapping, smtp, snmp } from './zeek-services.ts'
import type { ZeekRow } from './zeek-row.ts'
import { knownCertificates, ssl, x509 } from './zeek-tls.ts'

type LogReader = (row: ZeekRow, time: number, memory: Memory) => LineOutcome
type Facts = (row: ZeekRow, ends: Ends) => readonly SourceFact[]

/** Every Zeek log that is read, sorted by its path. Entries of others are passed over. */
export const ZEEK_LOGS: Readonly<Record<string, LogReader>> = {
  bacnet: conversation(bacnetService),
  bacnet_discovery: conversation(bacnetDiscovery),
  bacnet_property: conversation(bacnetProperty),
  cip_identity: conversation(cipIdentity),
  conn,
  dhcp: (row, time) => ({ time, facts: dhcp(row) }),
  dns: conversation(dns),
  ftp: conversation(ftp),
  http: conversation(http),
  known_certs: (row, time) => ({ time, facts: knownCertificates(row) }),
  known_devices: (row, time) => ({ time, facts: knownDevices(row) }),
  known_hosts: (row, time) => ({ time, facts: knownHosts(row) }),
  known_modbus: (row, time) => ({ time, facts: knownModbus(row) }),
  known_services: (row, time) => ({ time, facts: knownServices(row) }),
  mdns: conversation(dns),
  modbus: conversation(modbus),
  modbus_detailed: conversation(modbus),
  modbus_read_device_identification: conversation(modbusIdentification),
  ntlm: conversation(ntlm),
  ntp: conversation(ntp),
  radius: conversation(radius),
  rdp: conversation(rdp),
  smb_cmd: conversation(smbCommand),
  smb_mapping: conversation(smbMapping),
  smtp: conversation(smtp),
  snmp: conversation(snmp),
  software: (row, time) => ({ time, facts: software(row) }),
  ssh: conversation(ssh),
  ssl: (row, time, memory) => withUid(row, { time, facts: ssl(row, endsOf(row), memory) }),
  x509: (row, time, memory) => ({ time, facts: x509(row, memory) }),
}

function conversation(facts: Facts): LogReader {
  return (row, time) => withUid(row, { time, facts: facts(row, endsOf(row)) })
}

function withUid(row: ZeekRow, told: Told): Told {
  const uid = row.text('uid')
  return uid === undefined ? told : { ...told, conversation: uid }
}

/** Who opened the conversation and who was asked; a group is nobody. */
export function endsOf(row: ZeekRow): Ends {
  return {
    client: subjectOf(macOf(row.text('orig_l2_addr')), personOf(row.text('id.orig_h'))),
    server: subjectOf(macOf(row.text('resp_l2_addr')), personOf(row.text('id.resp_h'))),
  }
}

function personOf(text: string | undefined): string | undefined {
  const ip = ipOf(text)
  return ip === undefined || isGroup(ip) || hostOf(ip) === undefined ? undefined : ip
}

function conn(row: ZeekRow, time: number): LineOutcome {
  const clientIp = ipOf(row.text('id.orig_h'))
  const serverIp = ipOf(row.text('id.resp_h'))
  if (clientIp === undefined || serverIp === undefined) {
    return { reason: 'id.orig_h or id.resp_h is no address' }
  }
  const clientPort = row.number('id.orig_p') ?? 0
  const serverPort = row.number('id.resp_p') ?? 0
  const transport = transportOf(row, clientIp)
  const duration = row.number('duration') ?? 0
  const flow = flowOf(
    {
      start: time,
      end: time + Math.max(0, Math.round(duration * 1e6)),
      vlan: [row.number('vlan'), row.number('inner_vlan')].filter((id) => id !== undefined),
      transport,
      client: { ip: clientIp, port: clientPort, mac: macOf(row.text('orig_l2_addr')) },
      server: { ip: serverIp, port: serverPort, mac: macOf(row.text('resp_l2_addr')) },
      packets: [row.number('orig_pkts') ?? 0, row.number('resp_pkts') ?? 0],
      bytes: [bytesOf(row, 'orig'), bytesOf(row, 'resp')],
    },
    servicesOf(row, transport, serverPort),
  )
  return withUid(row, { time, facts: [], flow })
}

/** Bytes at the IP layer where Zeek counted them, else those of the payload. */
function bytesOf(row: ZeekRow, side: 'orig' | 'resp'): number {
  return row.number(`${side}_ip_bytes`) ?? row.number(`${side}_bytes`) ?? 0
}

function transportOf(row: ZeekRow, ip: string) {
  const transport = transportOfName(row.text('proto') ?? '', ip.includes(':'))
  const number = row.number('ip_proto')
  return transport === 'other' && number !== undefined ? transportOfNumber(number) : transport
}

/** Zeek's analyzers by our names, where underscore for hyphen is not enough. */
const SERVICE: Readonly<Record<string, string>> = {
  dce_rpc: 'dcerpc',
  krb: 'kerberos',
  mms: 'mms',
  omron_fins: 'fins',
  opcua_binary: 'opc-ua',
  profinet_io_cm: 'profinet',
  rdpeudp: 'rdp',
  rfb: 'vnc',
  ssl: 'tls',
  tds: 'mssql',
}
/** How a client signs in, and what only wraps others: no names of a flow. */
const NO_NAME: readonly string[] = ['gssapi', 'ntlm', 'spnego']
const WRAPPERS: readonly string[] = ['cotp', 'dcerpc', 'tls', 'websocket']
const COUSINS: Readonly<Record<number, string>> = { 137: 'nbns', 5353: 'mdns', 5355: 'llmnr' }

function servicesOf(row: ZeekRow, transport: string, port: number): string[] {
  const services = (row.list('service').length > 1 ? row.list('service') : splitText(row))
    .map((service) =>
      service
        .toLowerCase()
        .replace(/^spicy_/, '')
        .replace(/_(?:tcp|udp)$/, ''),
    )
    .map((service) => SERVICE[service] ?? service.replaceAll('_', '-'))
    .filter((service) => /^[a-z][a-z0-9-]{1,31}$/.test(service) && !NO_NAME.includes(service))
    .map((service) => (service === 'dns' ? (COUSINS[port] ?? service) : service))
    .map((service) => (service === 'tls' && transport === 'udp' ? 'dtls' : service))
  const inner = services.filter((service) => !WRAPPERS.includes(service))
  return [...new Set([...inner, ...services])]
}

function splitText(row: ZeekRow): string[] {
  return row.text('service')?.split(',') ?? []
}
