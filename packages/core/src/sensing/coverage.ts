/** What a sensor heard of one VLAN. Times are milliseconds since 1970 by the clock of the frames. */
export interface VlanCoverage {
  /** 0 for frames without a tag. */
  readonly vlan: number
  readonly packets: number
  /** Conversations over TCP that carried payload, and those of them of which only one side was heard. */
  readonly conversations: number
  readonly oneSided: number
  readonly first: number
  readonly last: number
}

/** Hosts of one private network (a /24, or a /64 of IPv6), and how many of them were only heard through a router. */
export interface NetworkCoverage {
  readonly network: string
  readonly hosts: number
  readonly behindRouter: number
  readonly last: number
}

export interface SensorCoverage {
  readonly vlans: readonly VlanCoverage[]
  readonly networks: readonly NetworkCoverage[]
}

export const HEALTH_CODES = [
  'behind-router',
  'capture-loss',
  'clock-steps',
  'kernel-drops',
  'one-sided',
  'silent',
  'silent-vlan',
  'truncated',
] as const
/** What keeps a sensor from seeing what is there. */
export type HealthCode = (typeof HEALTH_CODES)[number]

/** One thing that keeps a sensor from seeing: where "not seen" does not mean "not there". */
export interface HealthIssue {
  readonly code: HealthCode
  /** `vlan 20` or `10.1.2.0/24`; empty for the whole sensor. */
  readonly scope: string
  /** 0 to 1: of its frames, conversations or hosts; 1 for silence. */
  readonly share: number
}

/** What is judged: the newest report of a sensor. Counters as `EngineCounters` of dissect names them. */
export interface SensorState {
  readonly state: 'running' | 'finished' | 'failed' | 'silent'
  readonly frames: number
  readonly flows: number
  readonly lastFrame?: number | undefined
  readonly counters: Readonly<Record<string, number>>
  readonly coverage?: SensorCoverage | undefined
}

/** From where on a loss is told. A few lost frames among millions hide no device. */
const LOST_SHARE = 0.001
/** Holes in conversations, of all conversations: reordering alone makes none that stay. */
const HOLE_SHARE = 0.005
const CUT_SHARE = 0.01
const ONE_SIDED_SHARE = 0.5
const FEWEST_CONVERSATIONS = 10
const FEWEST_PACKETS = 100
/** A VLAN that was heard and then was not for so long, while others of the same sensor were. */
const VLAN_SILENT_MS = 10 * 60_000

/** Says where a sensor is blind, worst first within a code; nothing for one that sees all it is shown. */
export function judgeHealth(sensor: SensorState): readonly HealthIssue[] {
  return [...judgeLosses(sensor), ...judgeVlans(sensor), ...judgeNetworks(sensor)]
}

function judgeLosses({ state, frames, flows, counters }: SensorState): readonly HealthIssue[] {
  const count = (name: string) => counters[name] ?? 0
  const drops = count('kernelDrops') + count('interfaceDrops')
  const shares: readonly (readonly [HealthCode, number, number])[] = [
    ['kernel-drops', drops / Math.max(1, frames + drops), LOST_SHARE],
    ['capture-loss', Math.min(1, count('gaps') / Math.max(1, flows)), HOLE_SHARE],
    ['truncated', count('truncatedFrames') / Math.max(1, frames), CUT_SHARE],
    ['clock-steps', count('clockSteps') / Math.max(1, frames), LOST_SHARE],
    ['silent', state === 'silent' ? 1 : 0, LOST_SHARE],
  ]
  return shares.flatMap(([code, share, from]) => (share < from ? [] : { code, scope: '', share }))
}

function judgeVlans({ state, lastFrame, coverage }: SensorState): readonly HealthIssue[] {
  return (coverage?.vlans ?? []).flatMap((vlan): HealthIssue[] => {
    const scope = nameOfVlan(vlan.vlan)
    const oneSided = vlan.oneSided / Math.max(1, vlan.conversations)
    const isOneSided = vlan.conversations >= FEWEST_CONVERSATIONS && oneSided >= ONE_SIDED_SHARE
    const isSilent =
      state === 'running' &&
      vlan.packets >= FEWEST_PACKETS &&
      (lastFrame ?? vlan.last) - vlan.last > VLAN_SILENT_MS
    return [
      ...(isOneSided ? [{ code: 'one-sided', scope, share: oneSided } as const] : []),
      ...(isSilent ? [{ code: 'silent-vlan', scope, share: 1 } as const] : []),
    ]
  })
}

/** What hosts say among themselves behind a router is not heard; what leaves their network is. */
function judgeNetworks({ coverage }: SensorState): readonly HealthIssue[] {
  return (coverage?.networks ?? []).flatMap(({ network, hosts, behindRouter }) =>
    behindRouter < hosts || hosts === 0
      ? []
      : { code: 'behind-router' as const, scope: network, share: 1 },
  )
}

/** `vlan 20`, or `no VLAN` for frames without a tag. */
export function nameOfVlan(vlan: number): string {
  return vlan === 0 ? 'no VLAN' : `vlan ${vlan}`
}
