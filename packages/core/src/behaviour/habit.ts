import { isHostIp } from '../identity/address.ts'
import type { Baseline, FlowSummary } from '../vocabulary.ts'
import { peerOf, serviceOf, type Direction } from './flow.ts'
import type { LearningSettings } from './settings.ts'

/** With whom an asset talks by which service, as one line of its conversations. */
export interface Talk extends Pick<FlowSummary, 'transport' | 'port' | 'protocol'> {
  readonly direction: Direction
  readonly peer: FlowSummary['client']
}

/**
 * Whether the baseline knows a conversation; undefined while it is still learning. What keeps every network
 * running is not learned, and is normal on any.
 */
export function isHabit(
  baseline: Pick<Baseline, 'stage' | 'known'> | undefined,
  talk: Talk,
  { infrastructure }: Pick<LearningSettings, 'infrastructure'>,
): boolean | undefined {
  if (baseline?.stage !== 'watching') return undefined
  const isGroup = talk.peer.assetId === undefined && !isHostIp(talk.peer.ip)
  if (isGroup || infrastructure.includes(talk.protocol ?? talk.transport)) {
    return true
  }
  return `${talk.direction} ${serviceOf(talk)} ${peerOf(talk.peer)}` in baseline.known
}
