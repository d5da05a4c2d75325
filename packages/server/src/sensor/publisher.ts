import type { SensorCoverage } from '@wardkeeper/core'
import type { FlowRecord, Observation } from '@wardkeeper/dissect'
import { packFacts, type PackedFacts } from '../bus/packed-facts.ts'
import { CoverageTracker } from './coverage.ts'
import { FactReducer, FlowReducer, type Origin } from './reduce.ts'

/** What the sensor hands to the bus; see `bus/bus.ts`. Resolves once the message is durable. */
export type Publish = (message: {
  readonly subject: string
  readonly id: string
  readonly payload: unknown
}) => Promise<void>

interface Batch {
  readonly number: number
  readonly facts: PackedFacts
  readonly flows: ReturnType<FlowReducer['take']>
}

/**
 * Turns what the engine sees into numbered batches for the bus. `cut` closes a batch at once (the engine runs
 * synchronously), `send` publishes the closed ones in order. Numbers start at 1 and the same capture cut at the
 * same frames gives the same batches, so a second run after a crash repeats ids that the stages already know.
 */
export class Publisher {
  readonly #origin: Origin
  readonly #epoch: string
  readonly #publish: Publish
  readonly #facts: FactReducer
  readonly #flows: FlowReducer
  readonly #coverage = new CoverageTracker()
  #closed: Batch[] = []
  #batches = 0
  readonly totals = { observations: 0, flows: 0 }

  /** `epoch` keeps the ids of one run of a live sensor apart from those of the next; empty for a capture. */
  constructor(origin: Origin, publish: Publish, epoch = '') {
    this.#origin = origin
    this.#publish = publish
    this.#epoch = epoch
    this.#facts = new FactReducer(origin)
    this.#flows = new FlowReducer(origin)
  }

  onObservation(observation: Observation): void {
    this.totals.observations++
    this.#facts.add(observation)
  }

  onFlow(flow: FlowRecord): void {
    this.totals.flows++
    this.#coverage.add(flow)
    this.#flows.add(flow)
  }

  /** What the sensor heard so far, and what it cannot hear. */
  get coverage(): SensorCoverage {
    return this.#coverage.describe()
  }

  cut(): void {
    if (this.#facts.size === 0 && this.#flows.size === 0) return
    this.#closed.push({
      number: ++this.#batches,
      facts: packFacts(this.#facts.take()),
      flows: this.#flows.take(),
    })
  }

  async send(): Promise<void> {
    const batches = this.#closed
    this.#closed = []
    const { sensor, siteId } = this.#origin
    for (const { number, facts, flows } of batches) {
      const tail = `${sensor}${this.#epoch}/${number}`
      // Facts first: a flow is laid to the asset that its addresses belong to by then.
      if (facts.value.length > 0) {
        await this.#publish({
          subject: 'observation.recorded',
          id: `obs/${tail}`,
          payload: { sensor, siteId, batch: number, facts },
        })
      }
      if (flows.length > 0) {
        await this.#publish({
          subject: 'flow.summarized',
          id: `flow/${tail}`,
          payload: { sensor, siteId, batch: number, flows },
        })
      }
    }
  }
}
