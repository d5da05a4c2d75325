import type { Fact } from './dissector.ts'

/** Facts remembered of one flow, so that none is told twice; beyond it the oldest is forgotten. */
const MOST = 1024
/** Up to here looking through a list is quicker than looking it up. */
const FEW = 12

/** The facts that were told of one flow. */
export class ToldFacts {
  /** In the order in which they were told. */
  #facts: Fact[] = []
  #byValue: Map<string, Fact[]> | undefined = undefined
  #oldest = 0

  clear(): void {
    if (this.#facts.length > 0) this.#facts = []
    this.#byValue = undefined
    this.#oldest = 0
  }

  /** True the first time that this fact is told. */
  isNews(fact: Fact): boolean {
    if (includes(this.#byValue?.get(fact.value) ?? this.#few(), fact)) return false
    if (this.#facts.length - this.#oldest >= MOST) this.#forgetOldest()
    // A list that is pushed to gets room for sixteen more, and most flows tell a fact or two.
    if (this.#facts.length < FEW) this.#facts = this.#facts.concat(fact)
    else this.#facts.push(fact)
    if (this.#byValue !== undefined) this.#add(this.#byValue, fact)
    else if (this.#facts.length > FEW) {
      this.#byValue = new Map()
      for (const told of this.#facts) this.#add(this.#byValue, told)
    }
    return true
  }

  /** All facts while they are few; none once they are looked up. */
  #few(): readonly Fact[] {
    return this.#byValue === undefined ? this.#facts : NONE
  }

  #add(byValue: Map<string, Fact[]>, fact: Fact): void {
    const same = byValue.get(fact.value)
    if (same === undefined) byValue.set(fact.value, [fact])
    else same.push(fact)
  }

  #forgetOldest(): void {
    const oldest = this.#facts[this.#oldest++]!
    const same = this.#byValue?.get(oldest.value)
    // Of equal values the oldest stands first.
    if (same !== undefined && same.length > 1) same.shift()
    else this.#byValue?.delete(oldest.value)
    if (this.#oldest < MOST) return
    this.#facts = this.#facts.slice(this.#oldest)
    this.#oldest = 0
  }
}

const NONE: readonly Fact[] = []

function includes(facts: readonly Fact[], fact: Fact): boolean {
  for (let at = 0; at < facts.length; at++) if (isSame(facts[at]!, fact)) return true
  return false
}

function isSame(one: Fact, other: Fact): boolean {
  if (one.field !== other.field || one.value !== other.value) return false
  const [a, b] = [one.subject, other.subject]
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return a.mac === b.mac && a.ip === b.ip
}
