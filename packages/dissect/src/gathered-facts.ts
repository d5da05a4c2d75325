import type { Fact } from './dissector.ts'

/** Facts that one message may yield. */
const MOST = 512
const NONE: readonly Fact[] = []

/** The facts of one message; those that came before a dissector failed are kept. */
export class GatheredFacts {
  list: readonly Fact[] = NONE

  gather(told: Iterable<Fact>): void {
    // A dissector that tells its facts in a list has gathered them itself.
    if (Array.isArray(told)) {
      const facts: readonly Fact[] = told
      this.list = facts.length > MOST ? facts.slice(0, MOST) : facts
      return
    }
    const facts: Fact[] = []
    this.list = facts
    for (const fact of told) {
      if (facts.length >= MOST) return
      facts.push(fact)
    }
  }

  clear(): void {
    this.list = NONE
  }
}
