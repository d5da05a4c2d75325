import { readFileSync } from 'node:fs'
import { isOurName } from './names.ts'
import {
  flowKey,
  namesOf,
  observeCapture,
  type OurCapture,
  type OurFlow,
} from './observe-capture.ts'
import type { Pair } from './pairs.ts'
import { Tally } from './tally.ts'

/** A session of Arkime, as far as it is compared. */
interface Session {
  readonly source: { readonly ip?: string; readonly port?: number }
  readonly destination: { readonly ip?: string; readonly port?: number }
  readonly protocol?: readonly string[]
  readonly ipProtocol?: number
}

/** Arkime's names that differ from ours. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  bacnet: ['bacnet'],
  // Arkime names the industrial layer too; EtherNet/IP carries it.
  cip: ['enip'],
  // Version 2 is HTTP too.
  http: ['http', 'http2'],
  fbzero: [],
  isakmp: ['ipsec'],
  ipfix: ['netflow'],
  krb5: ['kerberos'],
  nbds: ['nbdgm'],
  opcua: ['opc-ua'],
  tds: ['mssql'],
  // Names of interfaces within DCE/RPC: the flow is dcerpc, or smb with it inside.
  ...Object.fromEntries(
    `lsarpc drsuapi samr netlogon svcctl srvsvc atsvc winreg efsrpc efsr wkssvc dssetup epmapper itaskscheduler
     iremunknown iremunknown2 isystemactivator`
      .split(/\s+/)
      .map((name) => [name, ['dcerpc']]),
  ),
  // Applications over HTTP.
  'rpc-over-http': ['http'],
  winrm: ['http'],
}

/** What Arkime lists with the session inside; we take it off, or report it as a flow of its own. */
const AROUND = new Set(['geneve', 'gre', 'gtp', 'mpls', 'ppp', 'pppoe', 'vxlan', 'vxlan-gpe'])
const BELOW = new Set(['tcp', 'udp', 'icmp', 'sctp', 'esp', 'igmp', 'gre', 'arp'])
const TRANSPORTS: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  50: 'esp',
  58: 'icmp6',
  132: 'sctp',
}

/** Compares the protocol lists of Arkime's expected sessions. */
export async function compareArkime(pairs: readonly Pair[]): Promise<Tally[]> {
  const applications = new Tally('Arkime: protocol list, above the transport', 95)
  const transports = new Tally('Arkime: protocol list, transports', 95)
  for (const { capture, truth } of pairs) {
    const sessions = readSessions(truth)
    if (sessions.length === 0) continue
    const ours = await observeCapture(capture)
    for (const session of sessions) {
      for (const name of session.protocol ?? []) {
        const tally = BELOW.has(name) ? transports : applications
        compareName(tally, capture.name, session, name, ours)
      }
    }
  }
  return [applications, transports]
}

/** Beginnings of fields that the engine tells of every flow, whatever its protocol. */
const OF_NO_PROTOCOL: ReadonlySet<string> = new Set(['ip', 'mac'])

/** Protocols of which facts were read in a flow: what goes inside another (NTLM) shows nowhere else. */
function protocolsRead({ values }: OurFlow): string[] {
  const names = [...values.keys()].map((field) => field.slice(0, field.indexOf('.')))
  return names.filter((name) => !OF_NO_PROTOCOL.has(name))
}

function readSessions(truth: string): Session[] {
  const { sessions3 = [] } = JSON.parse(readFileSync(truth, 'utf8')) as {
    sessions3?: { body: Session }[]
  }
  return sessions3.map(({ body }) => body)
}

function compareName(
  tally: Tally,
  capture: string,
  { source, destination, ipProtocol }: Session,
  name: string,
  ours: OurCapture,
): void {
  if (AROUND.has(name)) return tally.leaveOut('tunnels around the session: to us no part of it')
  const expected = (NAMES[name] ?? [name]).filter(isOurName)
  if (expected.length === 0) return tally.leaveOut(`Arkime's ${name} has no name of ours`)
  const transport = TRANSPORTS[ipProtocol ?? 0] ?? 'other'
  const one = { ip: source.ip ?? '', port: source.port ?? 0 }
  const other = { ip: destination.ip ?? '', port: destination.port ?? 0 }
  const key = flowKey(transport, one, other)
  const mine = ours.byKey.get(key) ?? []
  const names =
    one.ip === ''
      ? [...ours.linkProtocols]
      : mine.flatMap((flow) => [...namesOf(flow), ...protocolsRead(flow)])
  // ICMPv6 is icmp to Arkime.
  const isAgreed =
    expected.some((one) => names.includes(one)) || (name === 'icmp' && names.includes('icmp6'))
  tally.compare(isAgreed, {
    capture,
    place: `${transport} ${one.ip}:${one.port} ${other.ip}:${other.port}`,
    theirs: name,
    ours:
      mine.length === 0 && one.ip !== ''
        ? 'no such flow'
        : [...new Set(names)].slice(1).join('+') || 'unknown',
  })
}
