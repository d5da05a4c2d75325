import type { FlowSummary } from '../../vocabulary.ts'
import type { Detector } from '../detector.ts'
import type { SeenFlow } from '../flow.ts'
import { callersOf } from '../flow.ts'

/** Somebody opens an unprotected service, such as Telnet, on a medical device. */
export const weakService: Detector = {
  name: 'weak-service',
  techniques: ['T1021', 'T0886'],
  isAlwaysOn: true,

  detect({ strange, settings, isClinical, labelOf }) {
    const contacts = strange.filter(
      ({ direction, flow, service }) =>
        direction === 'in' &&
        isAnswered(flow) &&
        isClinical(flow.server.assetId) &&
        isWeak(service, settings.weakServices),
    )
    return callersOf(contacts).map(({ actor, target, services, flows }) => {
      const by = labelOf(actor.assetId, actor.ip)
      const on = labelOf(target.assetId, target.ip)
      return {
        severity: 'high',
        actor,
        target,
        expected: `Nobody opens ${services} on ${on} without being asked to.`,
        seen: `${by} opened ${services} on ${on}.`,
        flows,
        remedy: 'isolate',
      }
    })
  },
}

/** `service` is `tcp/23 telnet`: either word can be on the list. */
function isWeak(service: SeenFlow['service'], weakServices: readonly string[]): boolean {
  return service.split(' ').some((word) => weakServices.includes(word))
}

/** One packet back is a refusal, or a door that was only tried. */
function isAnswered({ transport, packets, sessions }: FlowSummary): boolean {
  return transport !== 'tcp' || packets[1] > Math.max(1, sessions)
}
