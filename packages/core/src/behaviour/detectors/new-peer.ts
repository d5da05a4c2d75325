import type { Severity } from '../../vocabulary.ts'
import type { Alarm, Detector, Watch } from '../detector.ts'
import type { SeenFlow } from '../flow.ts'
import { callersOf } from '../flow.ts'

/** A conversation with somebody new, over a service that is not new. */
export const newPeer: Detector = {
  name: 'new-peer',
  techniques: ['T1071', 'T0869'],
  isAlwaysOn: false,

  detect(watch) {
    const contacts = watch.strange.filter((seen) => isNews(seen, watch))
    return callersOf(contacts).map(({ actor, target, services, flows }): Alarm => {
      const by = watch.labelOf(actor.assetId, actor.ip)
      const on = watch.labelOf(target.assetId, target.ip)
      const isOwn = flows.some(({ direction }) => direction === 'out')
      const isLeaving = flows.some(({ peer }) => peer === 'internet')
      return {
        severity: severityOf(watch, isLeaving),
        actor,
        target,
        expected: `${isOwn ? by : on} talks to the devices that it has always talked to.`,
        seen: `${by} opened ${services} on ${on}, which it never did before.`,
        flows,
        remedy: 'review',
      }
    })
  },
}

/** What two watched assets do together is told from the side of the one that was called, and told once. */
function isNews({ direction, peer, flow }: SeenFlow, watch: Watch): boolean {
  if (watch.isKnownPeer(peer)) return false
  return direction === 'in' || flow.server.assetId === undefined
}

function severityOf({ isClinical, assetId }: Watch, isLeaving: boolean): Severity {
  if (!isClinical(assetId)) return 'low'
  return isLeaving ? 'high' : 'medium'
}
