import { CaptureReader } from '../capture/capture-reader.ts'
import type { Dissector, Side } from '../dissector.ts'
import { Engine } from '../engine.ts'
import { DISSECTORS } from '../index.ts'
import type { Seed } from './fuzzer.ts'
import type { Sample } from './samples/sample.ts'

const MOST_OF_ONE = 60
const LONGEST = 8192

/** Messages made by hand, with the dissector that each is for. */
export function seedsOf(samples: readonly Sample[]): readonly Seed[] {
  return samples.flatMap(({ protocol, over, from, bytes }) => {
    const dissector = DISSECTORS.find((one) => one.protocol === protocol && one.over === over)
    return dissector === undefined ? [] : { dissector, from, bytes }
  })
}

/** Gathers the messages that dissectors are shown while captures are read; of each dissector the first few. */
export class SeedGatherer {
  readonly seeds: Seed[] = []
  readonly #counts = new Map<Dissector, number>()
  readonly #dissectors = DISSECTORS.map((dissector) => this.#watch(dissector))

  /** Takes the messages of one capture; one that cannot be read gives what came before. */
  read(capture: Uint8Array): void {
    const engine = new Engine({
      dissectors: this.#dissectors,
      onObservation: () => {},
      onFlow: () => {},
    })
    const reader = new CaptureReader(engine)
    reader.push(capture)
    reader.end()
    engine.flush()
  }

  #watch(dissector: Dissector): Dissector {
    const gather = (from: Side, bytes: Uint8Array) => {
      const count = this.#counts.get(dissector) ?? 0
      if (count >= MOST_OF_ONE || bytes.length === 0) return
      this.#counts.set(dissector, count + 1)
      this.seeds.push({ dissector, from, bytes })
    }
    return {
      ...dissector,
      dissect(message, context) {
        const copy = new Uint8Array(Math.min(message.remaining, LONGEST))
        for (let at = 0; at < copy.length; at++) copy[at] = message.peek(at)
        gather(context.from, copy)
        return dissector.dissect(message, context)
      },
    }
  }
}
