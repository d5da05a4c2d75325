import { softwareFacts } from './facts/ssh.ts'
import type { SourceFact } from './source.ts'
import { factOf, hostOf, macOf } from './text.ts'
import type { ZeekRow } from './zeek-row.ts'

/** Fields of the wire by Zeek's kind of software. */
const SOFTWARE: Readonly<Record<string, string>> = {
  'HTTP::APPSERVER': 'http.powered-by',
  'HTTP::BROWSER': 'http.user-agent',
  'HTTP::SERVER': 'http.server',
}

/** software.log: programs by what they said of themselves. */
export function software(row: ZeekRow): SourceFact[] {
  const ip = hostOf(row.text('host'))
  const kind = row.text('software_type') ?? ''
  if (ip === undefined) return []
  const told = row.text('unparsed_version')
  if (kind === 'SSH::SERVER' || kind === 'SSH::CLIENT') return softwareFacts({ ip }, told)
  if (kind === 'DHCP::CLIENT') return factOf({ ip }, 'dhcp.vendor-class', told)
  const field = SOFTWARE[kind]
  return field === undefined ? [] : factOf({ ip }, field, told)
}

/** known_devices.log, of Zeek's DHCP policy. */
export function knownDevices(row: ZeekRow): SourceFact[] {
  const mac = macOf(row.text('mac'))
  return mac === undefined ? [] : factOf({ mac }, 'dhcp.hostname', row.text('dhcp_host_name'))
}

/** known_hosts.log: that an address is in use. */
export function knownHosts(row: ZeekRow): SourceFact[] {
  const ip = hostOf(row.text('host'))
  return ip === undefined ? [] : factOf({ ip }, 'zeek.known-host', ip)
}

/** known_services.log: what a host offers, `tcp/104 dicom`. */
export function knownServices(row: ZeekRow): SourceFact[] {
  const ip = hostOf(row.text('host'))
  const port = row.number('port_num')
  if (ip === undefined || port === undefined) return []
  const services = row.list('service').join(',').toLowerCase()
  const value = `${row.text('port_proto') ?? 'tcp'}/${port} ${services}`
  return factOf({ ip }, 'zeek.known-service', value)
}

/** known_modbus.log. */
export function knownModbus(row: ZeekRow): SourceFact[] {
  const ip = hostOf(row.text('host'))
  const kind = row.text('device_type') ?? ''
  if (ip === undefined) return []
  const role = /MASTER/i.test(kind) ? 'client' : /SLAVE/i.test(kind) ? 'server' : undefined
  return factOf({ ip }, 'zeek.known-modbus', role)
}
