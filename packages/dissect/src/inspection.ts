import type { Generation } from './conversation-memo.ts'
import type { Expectation, Fact, MessageContext, Side } from './dissector.ts'
import { Stream } from './reassembly.ts'
import { ToldFacts } from './told-facts.ts'

/** Messages looked back on for a repetition. */
const LATEST = 8

/** What is known of a flow while its content is still looked at. Sides: 0 is the client, 1 the server. */
export class Inspection {
  record = -1
  /** Place of the dissector in the registry, or -1. */
  dissector = -1
  /** `sure`: the content alone decided, or agreed twice. */
  trust: 'sure' | 'hinted' | 'tentative' = 'tentative'
  /** Messages that the dissector still wants of each side; before it is chosen, attempts left. */
  appetite0 = 0
  appetite1 = 0
  broken = 0
  consumed = 0
  state: unknown = undefined
  /** Protocol that came first and passes on what follows. */
  carrier: string | undefined = undefined
  /** Dissectors that were chosen and proved wrong. */
  excluded: number[] = []
  /** Facts of a dissector that is not believed yet. */
  pending: Fact[] | undefined = undefined
  stream0: Stream | undefined = undefined
  stream1: Stream | undefined = undefined
  /** True while all that the flow said is a known conversation, up to the step of this number; -1 is its beginning. */
  isOnPath = false
  stepNumber = -1
  /** That of the step. The step itself is not held here: it must be free to go while the inspection lasts. */
  generation: Generation | undefined = undefined
  readonly #told = new ToldFacts()
  /** Digests of the latest messages, two words each; made for those who read without end. */
  #latest: number[] | undefined = undefined
  #latestAt = 0

  /** Makes it ready for another flow. */
  reset(record: number, attempts: number): void {
    this.record = record
    this.dissector = -1
    this.trust = 'tentative'
    this.appetite0 = attempts
    this.appetite1 = attempts
    this.broken = 0
    this.consumed = 0
    this.state = undefined
    this.carrier = undefined
    if (this.excluded.length > 0) this.excluded = []
    this.pending = undefined
    this.stream0 = undefined
    this.stream1 = undefined
    this.isOnPath = false
    this.stepNumber = -1
    this.generation = undefined
    this.#told.clear()
    this.#latest = undefined
  }

  appetiteOf(side: number): number {
    return side === 0 ? this.appetite0 : this.appetite1
  }

  setAppetite(side: number, appetite: number): void {
    if (side === 0) this.appetite0 = appetite
    else this.appetite1 = appetite
  }

  streamOf(side: number): Stream {
    if (side === 0) return (this.stream0 ??= new Stream())
    return (this.stream1 ??= new Stream())
  }

  /** True when one of the latest messages had the same bytes: it can tell nothing that is not known. */
  isRepeat(side: number, bytes: Uint8Array, start: number, end: number): boolean {
    // Two digests side by side: one alone could be made to hide a message behind another.
    let one = (0x811c9dc5 + side) | 0
    let other = end - start
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      one = Math.imul(one ^ byte, 0x01000193)
      other = (Math.imul(other, 31) + byte) | 0
    }
    const latest = this.#latest
    if (latest === undefined) {
      this.#latest = [one, other]
      this.#latestAt = 0
      return false
    }
    for (let at = 0; at < latest.length; at += 2) {
      if (latest[at] === one && latest[at + 1] === other) return true
    }
    // Many flows say a thing or two: a list that is pushed to would get room for sixteen words more.
    if (latest.length < LATEST * 2) this.#latest = latest.concat(one, other)
    else {
      latest[this.#latestAt] = one
      latest[this.#latestAt + 1] = other
      this.#latestAt = (this.#latestAt + 2) % (LATEST * 2)
    }
    return false
  }

  /** True the first time that this fact is told. */
  isNews(fact: Fact): boolean {
    return this.#told.isNews(fact)
  }
}

/** One text for a fact: equal facts have equal texts. */
export function keyOf({ subject, field, value }: Fact): string {
  const who = typeof subject === 'string' ? subject : `${subject.mac ?? ''} ${subject.ip ?? ''}`
  return `${who} ${field} ${value}`
}

/** The context that dissectors see; one object, filled anew for each message. */
export class Context implements MessageContext {
  from: Side = 'client'
  clientPort = 0
  serverPort = 0
  isMulticast = false
  state: unknown = undefined
  /** What the dissector asked for during the call. */
  became: string | undefined = undefined
  carried: string[] | undefined = undefined
  expected: Expectation[] | undefined = undefined
  named: string | undefined = undefined
  hasEnough = false
  hasYielded = false
  hasDoubt = false
  toPass = 0

  /** Makes it ready for the next message. */
  forget(): void {
    this.became = undefined
    this.carried = undefined
    this.expected = undefined
    this.named = undefined
    this.hasEnough = false
    this.hasYielded = false
    this.hasDoubt = false
    this.toPass = 0
  }

  pass(bytes: number): void {
    if (bytes > 0) this.toPass += bytes
  }

  enough(): void {
    this.hasEnough = true
  }

  yields(): void {
    this.hasYielded = true
  }

  doubt(): void {
    this.hasDoubt = true
  }

  become(protocol: string): void {
    this.became = protocol
  }

  names(protocol: string): void {
    this.named = protocol
  }

  expect(expectation: Expectation): void {
    this.expected ??= []
    if (this.expected.length < 8) this.expected.push(expectation)
  }

  carries(protocol: string): void {
    this.carried ??= []
    if (this.carried.length < 8 && !this.carried.includes(protocol)) this.carried.push(protocol)
  }
}
