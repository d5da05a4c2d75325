import { Inspection } from './inspection.ts'

/** Inspections that are over and kept for reuse. */
const POOL = 256

/** The inspections under way, each in a slot by which its flow names it. */
export class Inspections {
  readonly #slots: (Inspection | undefined)[] = []
  readonly #free: number[] = []
  readonly #pool: Inspection[] = []
  #hand = 0

  get size(): number {
    return this.#slots.length - this.#free.length
  }

  get(slot: number): Inspection | undefined {
    return this.#slots[slot]
  }

  /** Puts an inspection of this flow into a slot. */
  open(record: number, attempts: number): number {
    const inspection = this.#pool.pop() ?? new Inspection()
    inspection.reset(record, attempts)
    const slot = this.#free.pop() ?? this.#slots.length
    this.#slots[slot] = inspection
    return slot
  }

  close(slot: number): void {
    const inspection = this.#slots[slot]
    if (inspection === undefined) return
    this.#slots[slot] = undefined
    this.#free.push(slot)
    if (this.#pool.length < POOL) this.#pool.push(inspection)
  }

  /** The next slot in turn that is taken, or -1: slots are filled in order, so it is among the older ones. */
  next(): number {
    for (let count = 0; count < this.#slots.length; count++) {
      this.#hand = (this.#hand + 1) % this.#slots.length
      if (this.#slots[this.#hand] !== undefined) return this.#hand
    }
    return -1
  }
}
