import { isHostIp, isPrivateIp } from '../identity/address.ts'
import type { Evidence, FlowSummary } from '../vocabulary.ts'
import type { LearningSettings } from './settings.ts'

export type Direction = 'in' | 'out'

/** A flow as one of its two ends sees it. */
export interface SeenFlow {
  readonly flow: FlowSummary
  /** `out` when this asset opened the connection. */
  readonly direction: Direction
  /** `asset:<id>`, `ip:<address>` for an address that is no asset, `internet` for any public one. */
  readonly peer: string
  /** `tcp/104 dicom`, or `tcp/dynamic -` for a port handed out for the moment. */
  readonly service: string
  /** What the baseline knows it by: direction, service and peer. */
  readonly key: string
}

/** First port of the range for dynamic use (RFC 6335 §6). */
const DYNAMIC_PORTS = 49_152
/** Kernels give out source ports from here when told nothing else. */
const PASSED_AROUND = 32_768

/** The flow from the side of `assetId`; undefined when the asset is neither end of it. */
export function seenFrom(assetId: string, flow: FlowSummary): SeenFlow | undefined {
  const isClient = flow.client.assetId === assetId
  if (!isClient && flow.server.assetId !== assetId) return undefined
  const direction = isClient ? 'out' : 'in'
  const peer = peerOf(isClient ? flow.server : flow.client)
  const service = serviceOf(flow)
  return { flow, direction, peer, service, key: `${direction} ${service} ${peer}` }
}

/** Assets before addresses, so that a new lease is not a new peer. */
export function peerOf({ assetId, ip }: FlowSummary['client']): string {
  if (assetId !== undefined) return `asset:${assetId}`
  return isPrivateIp(ip) ? `ip:${ip}` : 'internet'
}

export function serviceOf({
  transport,
  port,
  protocol,
}: Pick<FlowSummary, 'transport' | 'port' | 'protocol'>): string {
  if (protocol === undefined && port >= PASSED_AROUND) return `${transport}/dynamic -`
  if (port >= DYNAMIC_PORTS) return `${transport}/dynamic ${protocol ?? '-'}`
  return `${transport}/${port} ${protocol ?? '-'}`
}

/** Traffic that keeps the network running, or that goes to everybody: it says nothing of this asset. */
export function isInfrastructure(flow: FlowSummary, { infrastructure }: LearningSettings): boolean {
  if (!isHostIp(flow.server.ip) || !isHostIp(flow.client.ip)) return true
  if (isGroupMac(flow.server.mac)) return true
  return infrastructure.includes(flow.protocol ?? flow.transport)
}

/** The lowest bit of the first octet is set in group addresses (IEEE 802 §8.2). */
function isGroupMac(mac: string | undefined): boolean {
  return mac !== undefined && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
}

export function evidenceOfFlow(seen: SeenFlow, rule: string): Evidence {
  const { client, server, last, sensor, evidence } = seen.flow
  const value = `${client.ip} > ${server.ip} ${seen.service}`
  const place = evidence.file === undefined ? {} : { file: evidence.file }
  return { field: 'flow', value, time: last, sensor, ...place, rule, weight: 0, claims: seen.key }
}

/** What one client did on one server. */
export interface Call {
  readonly actor: FlowSummary['client']
  readonly target: FlowSummary['client']
  /** `tcp/23 telnet, tcp/80 http`. */
  readonly services: string
  readonly flows: readonly SeenFlow[]
}

/** Flows grouped by who called whom. */
export function callersOf(flows: readonly SeenFlow[]): readonly Call[] {
  const pairs = Map.groupBy(flows, ({ flow }) => `${peerOf(flow.client)} ${peerOf(flow.server)}`)
  return [...pairs.values()].flatMap((together) => {
    const first = together[0]
    if (first === undefined) return []
    const { client, server } = first.flow
    const services = [...new Set(together.map(({ service }) => nameOf(service)))].join(', ')
    return { actor: client, target: server, services, flows: together }
  })
}

function nameOf(service: string): string {
  return service.endsWith(' -') ? service.slice(0, -2) : service
}
