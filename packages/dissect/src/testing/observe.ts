import { CaptureReader } from '../capture/capture-reader.ts'
import type { Observation } from '../dissector.ts'
import { Engine } from '../engine.ts'
import type { FlowRecord } from '../flow-report.ts'
import { DISSECTORS } from '../index.ts'

/** A flow of a capture and what was observed in it. */
export interface ObservedFlow extends FlowRecord {
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** Every flow of a capture, through all dissectors, with the values of its observations by field. */
export function observe(capture: Uint8Array): ObservedFlow[] {
  const observations: Observation[] = []
  const flows: FlowRecord[] = []
  const engine = new Engine({
    dissectors: DISSECTORS,
    onObservation: (observation) => void observations.push(observation),
    onFlow: (flow) => void flows.push(flow),
  })
  const reader = new CaptureReader(engine)
  reader.push(capture)
  reader.end()
  engine.flush()
  return flows.map((flow) => {
    const values = new Map<string, string[]>()
    for (const { flow: id, field, value } of observations) {
      if (id === flow.id) values.set(field, [...(values.get(field) ?? []), value])
    }
    return { ...flow, values }
  })
}
