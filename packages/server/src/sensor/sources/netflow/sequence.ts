import type { NetflowCounters } from './record.ts'

const HALF = 0x8000_0000
/** Gaps beyond this are a new numbering, not a loss. */
const LONGEST_GAP = 1_000_000
const LONGEST_DELAY = 1000

/** How much one datagram advances the numbering: all it holds, and (IPFIX) without records of options. */
export type Advance = readonly [all: number, withoutOptions: number]

/**
 * Watches one numbering of an exporter, modulo 2^32. By the standards a datagram carries the number of what went before
 * it, options counted; softflowd counts its own content in and leaves options out. Which way it is shows by itself.
 */
export class Sequence {
  #number: number | undefined
  #advance: Advance = [0, 0]
  #way = 0

  /** `advance` is undefined where it cannot be known. */
  see(number: number, advance: Advance | undefined, counters: NetflowCounters): void {
    const gap = this.#gap(number, advance)
    if (gap >= HALF && 0x1_0000_0000 - gap <= LONGEST_DELAY) {
      // It was counted as lost when a later one came first.
      counters.outOfOrder++
      counters.lost = Math.max(0, counters.lost - (advance?.[0] ?? 0))
      return
    }
    if (gap > LONGEST_GAP) counters.restarts++
    else counters.lost += gap
    this.#number = advance === undefined ? undefined : number
    this.#advance = advance ?? [0, 0]
  }

  #gap(number: number, advance: Advance | undefined): number {
    const before = this.#number
    if (before === undefined) return 0
    const own = advance ?? this.#advance
    const gaps = [this.#advance[0], own[0], this.#advance[1], own[1]].map(
      (count) => (number - before - count) >>> 0,
    )
    if (gaps[this.#way] !== 0) {
      const other = gaps.indexOf(0)
      if (other >= 0) this.#way = other
    }
    return gaps[this.#way]!
  }
}
