import { dhcpdLeases, dnsmasqLeases, keaLeases } from './dhcp-leases.ts'
import { dhcpSyslog } from './dhcp-syslog.ts'
import { eve } from './eve.ts'
import { radiusDetail } from './radius-detail.ts'
import type { LogSource } from './source.ts'
import { windowsDhcp } from './windows-dhcp.ts'
import { zeekJson, zeekTsv } from './zeek.ts'

/** Every kind of log, in the order in which a file is held against them. One that is not in this list does not exist. */
export const LOG_SOURCES: readonly LogSource[] = [
  zeekTsv,
  eve,
  zeekJson,
  keaLeases,
  windowsDhcp,
  radiusDetail,
  dhcpdLeases,
  dnsmasqLeases,
  dhcpSyslog,
]

/** The kind of log that a file is, by its first lines; undefined when it is none that is known. */
export function recogniseLog(head: string, name: string): LogSource | undefined {
  return LOG_SOURCES.find((source) => source.recognise(head, name))
}
