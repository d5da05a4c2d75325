import type { EngineCounters } from './counters.ts'
import type { Observation } from './dissector.ts'

/** Stamps facts with time and frame and hands them on as observations. */
export class Observer {
  /** Capture time of the present frame, in microseconds since 1970. */
  time = 0
  readonly #counters: EngineCounters
  readonly #take: (observation: Observation) => void

  constructor(counters: EngineCounters, take: (observation: Observation) => void) {
    this.#counters = counters
    this.#take = take
  }

  /** `flow` is zero for what belongs to no flow; an empty value says nothing and is left out. */
  observe(
    mac: string | undefined,
    ip: string | undefined,
    field: string,
    value: string,
    flow: number,
    isRouted: boolean,
  ): void {
    if (value === '') return
    this.#counters.observations++
    const { frames: frame } = this.#counters
    const { time } = this
    this.#take(
      isRouted
        ? { time, mac, ip, isRouted, field, value, flow, frame }
        : { time, mac, ip, field, value, flow, frame },
    )
  }
}
