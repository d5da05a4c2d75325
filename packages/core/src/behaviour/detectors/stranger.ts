import type { Detector } from '../detector.ts'
import { callersOf } from '../flow.ts'

/** Somebody this device never met opens a service that nobody used on it before. */
export const stranger: Detector = {
  name: 'stranger',
  techniques: ['T1021', 'T0886'],
  isAlwaysOn: false,

  detect({ strange, isKnownPeer, isKnownService, isClinical, labelOf }) {
    const contacts = strange.filter(
      ({ direction, peer, service }) =>
        direction === 'in' && !isKnownPeer(peer) && !isKnownService('in', service),
    )
    return callersOf(contacts).map(({ actor, target, services, flows }) => {
      const by = labelOf(actor.assetId, actor.ip)
      const on = labelOf(target.assetId, target.ip)
      return {
        severity: isClinical(target.assetId) ? 'high' : 'medium',
        actor,
        target,
        expected: `${on} serves the devices and the services that it has always served.`,
        seen: `${by}, never seen with ${on} before, opened ${services} on it.`,
        flows,
        remedy: 'isolate',
      }
    })
  },
}
