import type { SourceFact } from './source.ts'

const MOST = 100_000

/** A map that forgets its oldest entries beyond a limit. */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>()
  readonly #most: number

  constructor(most = MOST) {
    this.#most = most
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: Value): void {
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#most) return
    // Many at once: the front of a map that only loses its first entry is slow to find.
    let left = Math.ceil(this.#most / 8)
    for (const oldest of this.#entries.keys()) {
      if (left-- === 0) return
      this.#entries.delete(oldest)
    }
  }
}

/** A certificate's facts without their subject, and the hosts that were seen to show it. */
export interface KnownCertificate {
  readonly facts: readonly Omit<SourceFact, 'subject'>[]
  readonly hosts: readonly string[]
}

/** What the files of one folder share: flow numbers and certificates. Bounded; a forgotten flow gets a new number. */
export class Memory {
  readonly certificates = new BoundedMap<KnownCertificate>()
  readonly #numbers = new BoundedMap<number>()
  #flows = 0

  /** Number of a conversation, from 1 in the order of first mention. */
  flowNumber(conversation: string): number {
    const known = this.#numbers.get(conversation)
    if (known !== undefined) return known
    const number = ++this.#flows
    this.#numbers.set(conversation, number)
    return number
  }

  /** Number for a flow that nothing else speaks of. */
  nextNumber(): number {
    return ++this.#flows
  }
}
