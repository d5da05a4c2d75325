import type { Detector } from '../detector.ts'
import { callersOf } from '../flow.ts'

/** Somebody well known does something new. */
export const newService: Detector = {
  name: 'new-service',
  techniques: ['T1021', 'T0885'],
  isAlwaysOn: false,

  detect({ strange, assetId, isKnownPeer, isKnownService, isClinical, labelOf }) {
    const contacts = strange.filter(
      ({ direction, peer, service, flow }) =>
        isKnownPeer(peer) &&
        !isKnownService(direction, service) &&
        (direction === 'in' || flow.server.assetId === undefined),
    )
    return callersOf(contacts).map(({ actor, target, services, flows }) => {
      const by = labelOf(actor.assetId, actor.ip)
      const on = labelOf(target.assetId, target.ip)
      return {
        severity: isClinical(assetId) ? 'medium' : 'low',
        actor,
        target,
        expected: `${by} and ${on} use the services that they have always used.`,
        seen: `${by} opened ${services} on ${on}, a service not used before.`,
        flows,
        remedy: 'review',
      }
    })
  },
}
