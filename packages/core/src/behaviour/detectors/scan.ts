import type { Alarm, Detector, Watch } from '../detector.ts'
import type { SeenFlow } from '../flow.ts'

/** Answers of at most so much, in a session, are a refusal or the greeting of a door that was only tried. */
const PROBE_PACKETS = 3
const PROBE_BYTES = 200

/** Many ports of one device, or one port of many devices, tried in an hour and left at once. */
export const scan: Detector = {
  name: 'scan',
  techniques: ['T1046', 'T0846'],
  isAlwaysOn: true,

  detect(watch) {
    const probes = watch.strange.filter(isProbe)
    return [...portScans(probes, watch), ...sweeps(probes, watch)]
  },
}

function isProbe({ flow }: SeenFlow): boolean {
  const sessions = Math.max(1, flow.sessions)
  return flow.packets[1] / sessions <= PROBE_PACKETS && flow.bytes[1] / sessions <= PROBE_BYTES
}

/** Between two assets it is told once, from the side of the one that was scanned. */
function isToldHere({ direction, flow }: SeenFlow): boolean {
  return direction === 'in' || flow.server.assetId === undefined
}

function portScans(probes: readonly SeenFlow[], watch: Watch): readonly Alarm[] {
  const told = probes.filter(isToldHere)
  const pairs = Map.groupBy(told, ({ flow }) => `${flow.client.ip} ${flow.server.ip}`)
  return [...pairs.values()].flatMap((flows) => {
    const ports = new Set(flows.map(({ flow }) => `${flow.transport}/${flow.port}`)).size
    const first = flows[0]
    if (first === undefined || ports < watch.settings.scanPorts) return []
    const { client, server } = first.flow
    const by = watch.labelOf(client.assetId, client.ip)
    const on = watch.labelOf(server.assetId, server.ip)
    return {
      severity: watch.isClinical(server.assetId) ? 'high' : 'medium',
      actor: client,
      target: server,
      expected: `Nobody tries the ports of ${on} one after the other.`,
      seen: `${by} tried ${ports} ports of ${on} within an hour.`,
      flows,
      remedy: 'isolate',
    }
  })
}

function sweeps(probes: readonly SeenFlow[], watch: Watch): readonly Alarm[] {
  const own = probes.filter(({ direction }) => direction === 'out')
  const ports = Map.groupBy(own, ({ flow }) => `${flow.transport}/${flow.port}`)
  return [...ports].flatMap(([port, flows]) => {
    const peers = new Set(flows.map(({ flow }) => flow.server.ip)).size
    const first = flows[0]
    if (first === undefined || peers < watch.settings.scanPeers) return []
    const { client } = first.flow
    const by = watch.labelOf(client.assetId, client.ip)
    return {
      severity: 'high',
      actor: client,
      target: undefined,
      expected: `${by} talks to the devices it has business with.`,
      seen: `${by} tried ${port} on ${peers} devices within an hour.`,
      flows,
      remedy: 'isolate',
    }
  })
}
