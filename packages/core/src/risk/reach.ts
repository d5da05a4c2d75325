import { isHostIp, isIpv6, isPrivateIp, prefix64 } from '../identity/address.ts'
import type { FlowSummary } from '../vocabulary.ts'
import type { RiskReach } from './inputs.ts'
import { REACH_LEVELS, type ReachLevel, type RiskMethod } from './method.ts'

/** One peer of an asset, as seen on recorded flows. */
export interface SeenPeer {
  readonly level: ReachLevel
  /** The asset, or the address where none is known. */
  readonly peer: string
  readonly ip: string
  /** `tcp/443 tls` */
  readonly service: string
  readonly direction: 'in' | 'out'
  /** Milliseconds since 1970. */
  readonly last: number
}

/** The segment that an address lies in, as a text to compare. */
export function segmentOf(ip: string, bits: number): string {
  if (isIpv6(ip)) return prefix64(ip)
  const number = ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
  return `${Math.floor(number / 2 ** (32 - bits))}/${bits}`
}

/** What a flow says of the reach of both its ends: for each asset in it the peer, and from where it is. */
export function peersOfFlow(
  flow: FlowSummary,
  bits: number,
): readonly (SeenPeer & { readonly assetId: string })[] {
  const { client, server } = flow
  if (!isHostIp(client.ip) || !isHostIp(server.ip)) return []
  const service = `${flow.transport}/${flow.port}${flow.protocol === undefined ? '' : ` ${flow.protocol}`}`
  const seen = (own: FlowSummary['client'], peer: FlowSummary['client'], direction: 'in' | 'out') =>
    own.assetId === undefined
      ? []
      : [
          {
            assetId: own.assetId,
            level: levelOf(own.ip, peer.ip, direction, bits),
            peer: peer.assetId ?? peer.ip,
            ip: peer.ip,
            service,
            direction,
            last: flow.last,
          },
        ]
  return [...seen(client, server, 'out'), ...seen(server, client, 'in')]
}

function levelOf(own: string, peer: string, direction: 'in' | 'out', bits: number): ReachLevel {
  if (segmentOf(own, bits) === segmentOf(peer, bits)) return 'same-segment'
  if (isPrivateIp(peer)) return 'other-zones'
  return direction === 'in' ? 'internet' : 'internet-out'
}

/**
 * From where a device was reached within the window before the newest traffic of its site. Undefined while nothing
 * was seen of it: that is not known, and never the same as not reachable.
 */
export function reachOf(
  peers: readonly SeenPeer[],
  newest: number,
  { reach }: RiskMethod,
): RiskReach | undefined {
  if (peers.length === 0) return undefined
  const since = newest - reach.windowDays * 86_400_000
  const recent = peers.filter(({ last }) => last >= since)
  const rank = ({ level }: SeenPeer) => REACH_LEVELS.indexOf(level)
  const [worst] = recent.toSorted((one, other) => rank(one) - rank(other) || other.last - one.last)
  if (worst === undefined) return undefined
  const { level, peer, service, last: time } = worst
  return { level, peer, service, time }
}
