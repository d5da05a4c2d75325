import { DISSECTORS, type FlowRecord } from '@wardkeeper/dissect'
import type { SourceFlow } from './source.ts'

const TRANSPORT_OF: Readonly<Record<number, FlowRecord['transport']>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  50: 'esp',
  58: 'icmp6',
  132: 'sctp',
}
const TRANSPORTS: ReadonlySet<string> = new Set(Object.values(TRANSPORT_OF))

/** Transport of an IP protocol number (IANA). */
export function transportOfNumber(protocol: number): FlowRecord['transport'] {
  return TRANSPORT_OF[protocol] ?? 'other'
}

/** Transport of a name as logs write it (`TCP`, `IPv6-ICMP`, `unknown_transport`). */
export function transportOfName(name: string, isV6: boolean): FlowRecord['transport'] {
  const plain = name.toLowerCase()
  if (plain === 'icmp' || plain === 'icmpv6' || plain === 'ipv6-icmp')
    return isV6 ? 'icmp6' : 'icmp'
  return TRANSPORTS.has(plain) ? (plain as FlowRecord['transport']) : 'other'
}

const BY_PORT = new Map<string, string>()
for (const { over, ports, protocol } of DISSECTORS) {
  for (const port of ports ?? []) {
    const key = `${over}/${port}`
    if (!BY_PORT.has(key)) BY_PORT.set(key, protocol)
  }
}

/** The protocol whose usual port this is: a guess, said to be one by `confidence`. */
export function guessProtocol(transport: string, port: number): string | undefined {
  return BY_PORT.get(`${transport}/${port}`)
}

/** A flow with what it carries: `protocols` are those the source read off the content, the innermost first. */
export function flowOf(
  flow: Omit<SourceFlow, 'protocol' | 'confidence' | 'also'>,
  protocols: readonly string[],
): SourceFlow {
  const [known, ...also] = protocols
  if (known !== undefined) return { ...flow, protocol: known, confidence: 'content', also }
  const guess = guessProtocol(flow.transport, flow.server.port)
  return { ...flow, protocol: guess, confidence: guess === undefined ? undefined : 'port', also }
}
