import { flowOf, transportOfName } from './flow.ts'
import { type EveEvent, macsOf } from './eve-event.ts'
import type { LineOutcome } from './source.ts'
import { ipOf } from './text.ts'

const ETHERNET_HEADER = 14
const VLAN_TAG = 4
const SHORTEST_IP = 20

/** Suricata's names of protocols by ours, where they differ. */
const PROTOCOL: Readonly<Record<string, string>> = {
  'bittorrent-dht': 'bittorrent',
  doh2: 'http2',
  ike: 'ipsec',
  krb5: 'kerberos',
  pgsql: 'postgresql',
  rfb: 'vnc',
}
const NO_NAME: readonly string[] = ['failed', 'unknown', 'template']
const COUSINS: Readonly<Record<number, string>> = { 5353: 'mdns', 5355: 'llmnr' }

/** A `flow` event: both directions, when the flow is over. */
export function flow(event: EveEvent, time: number): LineOutcome {
  const body = event.at('flow')
  const ends = addressesOf(event)
  if (ends === undefined) return { reason: 'src_ip or dest_ip is no address' }
  const start = body.micros('start') ?? time
  const vlan = vlansOf(event)
  const packets = [body.number('pkts_toserver') ?? 0, body.number('pkts_toclient') ?? 0] as const
  const bytes = [body.number('bytes_toserver') ?? 0, body.number('bytes_toclient') ?? 0] as const
  const told = flowOf(
    {
      start,
      end: Math.max(start, body.micros('end') ?? time),
      vlan,
      ...ends,
      packets,
      bytes: [
        networkBytes(bytes[0], packets[0], vlan.length),
        networkBytes(bytes[1], packets[1], vlan.length),
      ],
    },
    protocolsOf(event, ends.transport, ends.server.port),
  )
  return { time, facts: [], flow: told }
}

/** Suricata counts whole frames; flows are counted at the IP layer. */
function networkBytes(bytes: number, packets: number, tags: number): number {
  const without = bytes - packets * (ETHERNET_HEADER + tags * VLAN_TAG)
  return without >= packets * SHORTEST_IP ? without : bytes
}

function addressesOf(event: EveEvent) {
  const client = ipOf(event.text('src_ip'))
  const server = ipOf(event.text('dest_ip'))
  if (client === undefined || server === undefined) return undefined
  const transport = transportOfName(event.text('proto') ?? '', client.includes(':'))
  const isIcmp = transport === 'icmp' || transport === 'icmp6'
  const port = (name: string, icmp: string) => event.number(isIcmp ? icmp : name) ?? 0
  const macs = macsOf(event)
  return {
    transport,
    client: { ip: client, port: port('src_port', 'icmp_type'), mac: macs.source },
    server: { ip: server, port: port('dest_port', 'icmp_code'), mac: macs.dest },
  }
}

function vlansOf(event: EveEvent): number[] {
  return event
    .texts('vlan')
    .map(Number)
    .filter((id) => Number.isInteger(id) && id > 0 && id < 4096)
}

function protocolsOf(event: EveEvent, transport: string, port: number): string[] {
  const names = [event.text('app_proto'), event.text('app_proto_orig')]
    .map((name) => name?.toLowerCase().replaceAll('_', '-'))
    .filter((name) => name !== undefined && /^[a-z][a-z0-9-]{1,31}$/.test(name))
    .map((name) => PROTOCOL[name!] ?? name!)
    .filter((name) => !NO_NAME.includes(name))
    .map((name) => (name === 'dns' ? (COUSINS[port] ?? name) : name))
    .map((name) => (name === 'tls' && transport === 'udp' ? 'dtls' : name))
  return [...new Set(names)]
}
