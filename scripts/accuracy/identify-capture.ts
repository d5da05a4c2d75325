import {
  resolve,
  type Identity,
  type Knowledge,
  type ObservedFact,
} from '../../packages/core/src/index.ts'
import { gatherEvidence, type Statement } from '../../packages/core/src/identity/evidence.ts'
import { identify, withImplied } from '../../packages/core/src/identity/identify.ts'
import { FactReducer } from '../../packages/server/src/sensor/reduce.ts'
import { findInputs, readInput } from '../../packages/server/src/sensor/sources/inputs.ts'

/** A device of a capture with all that was seen of it. */
export interface SeenDevice {
  readonly macs: readonly string[]
  readonly ips: readonly string[]
  readonly facts: readonly ObservedFact[]
  /** Flows of which it is the server. */
  readonly served: number
}

/** Ties what is in a capture to devices, as the product does. */
export async function readDevices(capture: string): Promise<SeenDevice[]> {
  const [input] = await findInputs([capture])
  if (!input) return []
  const reducer = new FactReducer({ sensor: 'accuracy', siteId: 'main', file: input.name })
  const served = new Map<string, number>()
  await readInput(input, {
    onObservation: (observation) => reducer.add(observation),
    onFlow: ({ server }) => void served.set(server.ip, (served.get(server.ip) ?? 0) + 1),
    onProgress: () => undefined,
  })
  return groupByDevice(reducer.take(), served)
}

function groupByDevice(
  facts: readonly ObservedFact[],
  served: ReadonlyMap<string, number>,
): SeenDevice[] {
  let count = 0
  const { assetOf, linked, merged } = resolve(facts, [], () => `device-${++count}`)
  const survivors = new Map(merged.map(({ from, into }) => [from, into]))
  const survivor = (id: string): string => {
    const into = survivors.get(id)
    return into === undefined ? id : survivor(into)
  }
  const groups = Map.groupBy(facts.keys(), (index) => {
    const id = assetOf[index]
    return id === undefined ? undefined : survivor(id)
  })
  const keys = Map.groupBy(linked, ({ assetId }) => survivor(assetId))
  return [...groups].flatMap(([id, indexes]) => {
    if (id === undefined) return []
    const valuesOf = (kind: string) => [
      ...new Set(
        (keys.get(id) ?? [])
          .filter((link) => link.kind === kind)
          .map(({ key }) => key.slice(kind.length + 1)),
      ),
    ]
    const ips = valuesOf('ip')
    return {
      macs: valuesOf('mac'),
      ips,
      facts: indexes.flatMap((index) => facts[index] ?? []),
      served: ips.reduce((sum, ip) => sum + (served.get(ip) ?? 0), 0),
    }
  })
}

/** What the product claims of the device. */
export function identifyDevice({ facts, macs }: SeenDevice, knowledge: Knowledge): Identity {
  return identify(facts, knowledge, macs)
}

/** Every piece of evidence behind the claims, also behind those that are not made. */
export function evidenceOf({ facts, macs }: SeenDevice, knowledge: Knowledge): Statement[] {
  return withImplied(gatherEvidence(facts, knowledge, macs), knowledge).statements
}
