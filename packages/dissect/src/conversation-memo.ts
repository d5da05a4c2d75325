import type { Finding } from './conversation-recorder.ts'

/** What a flow is, as far as dissectors may see it before its first byte. */
export interface Opening {
  /** Ports of client and server; a client's that nobody knows by number counts as zero. */
  readonly ports: number
  /** Transport and whether it goes to many. */
  readonly kind: number
}

/** A payload that came after certain others, and what was found out by it. */
export interface Step {
  /** By which a flow names it. */
  readonly number: number
  readonly parent: Step | undefined
  readonly generation: Generation
  readonly hash: number
  readonly side: number
  readonly ports: number
  readonly kind: number
  /** The payload lies in `bytes` from `start` up to `end`. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Payloads and their bytes up to here. */
  readonly depth: number
  readonly pathBytes: number
  /** Bit for each side that has spoken. */
  readonly sides: number
  readonly findings: readonly Finding[]
  /** Whether more is wanted of each side. */
  readonly isHungry0: boolean
  readonly isHungry1: boolean
  /** Bytes of this side's stream that are to be passed over next. */
  readonly skip: number
  /** The next one in the same place of the table. */
  sibling: Step | undefined
}

/** Steps that are given up together. */
export interface Generation {
  bytes: number
  /** Flows that stand at one of its steps. */
  flows: number
  readonly numbers: number[]
  /** Where payloads are put, one behind the other, and up to where it is full. */
  slab: Uint8Array
  used: number
}

/** What of a step is not known by its place. */
export type Outcome = Pick<Step, 'findings' | 'isHungry0' | 'isHungry1' | 'skip'>

const EMPTY = new Uint8Array(0)
const SLAB_BYTES = 1 << 16
const PLACES = 1 << 15
/** Steps in one place: whoever makes payloads collide only keeps them from being remembered. */
const MOST_IN_PLACE = 16
/** Bits that stand for payloads that were met, and how many payloads are noted before those of long ago are forgotten. */
const SEEN_BITS = 1 << 22
const MOST_SEEN = 1 << 18
/** Bytes that a step takes beside its payload. */
const STEP_BYTES = 320
/** A conversation is remembered up to here. */
const MOST_STEPS = 512
const MOST_PATH_BYTES = 128 << 10
/** Bytes at the start and the end of a payload, and steps between, that its hash is made of. */
const HEAD = 48
const TAIL = 16
const STRIDE = 61

/**
 * Remembers conversations: which payloads came one after the other and what was found out by each. A flow that says
 * byte for byte what an earlier one said, from its first payload on, needs no dissector. Everything is compared, nothing
 * is taken for granted from a hash. Only what is met a second time is remembered; memory is bounded by two generations.
 */
export class ConversationMemo {
  #places: (Step | undefined)[] = places()
  readonly #steps: (Step | undefined)[] = []
  readonly #free: number[] = []
  /** A bit for each payload that was met lately, and before that. */
  #seen = new Int32Array(SEEN_BITS / 32)
  #seenBefore = new Int32Array(SEEN_BITS / 32)
  #seenCount = 0
  readonly #generationBytes: number
  #current = newGeneration()
  #old = newGeneration()

  /** `bytes` is what all steps together may hold. */
  constructor(bytes: number) {
    this.#generationBytes = bytes / 2
  }

  /** The step of this number, at which a flow stands. */
  get(number: number): Step {
    return this.#steps[number]!
  }

  /** The step of this number, if it can still be gone on from. */
  stepOf(number: number, generation: Generation | undefined): Step | undefined {
    return generation === this.#current ? this.#steps[number] : undefined
  }

  /** True for a step that is to be given up: flows must not stay there. */
  isOld(step: Step): boolean {
    return step.generation !== this.#current
  }

  enter(step: Step): void {
    step.generation.flows++
  }

  leave(step: Step): void {
    step.generation.flows--
  }

  /** The step that this payload leads to from `parent`, or from the opening; undefined when it was not met there. */
  find(
    parent: Step | undefined,
    { ports, kind }: Opening,
    side: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Step | undefined {
    let step = this.#places[placeOf(hash, parent)]
    for (; step !== undefined; step = step.sibling) {
      if (step.hash !== hash || step.parent !== parent || step.side !== side) continue
      if (parent === undefined && (step.ports !== ports || step.kind !== kind)) continue
      if (isSame(step, bytes, start, end)) return step
    }
    return undefined
  }

  /** True when a payload with this hash was met before; another with the same hash is taken for it. */
  wasSeen(hash: number): boolean {
    const at = (hash & (SEEN_BITS - 1)) >>> 5
    const bit = 1 << (hash & 31)
    if ((this.#seen[at]! & bit) !== 0) return true
    const wasBefore = (this.#seenBefore[at]! & bit) !== 0
    this.#seen[at]! |= bit
    if (++this.#seenCount >= MOST_SEEN) {
      const emptied = this.#seenBefore
      this.#seenBefore = this.#seen
      this.#seen = emptied.fill(0)
      this.#seenCount = 0
    }
    return wasBefore
  }

  /** Whether a payload of so many bytes may be remembered after `parent`. */
  mayAdd(parent: Step | undefined, length: number): boolean {
    if (parent !== undefined) {
      if (parent.depth >= MOST_STEPS || parent.pathBytes + length > MOST_PATH_BYTES) return false
      if (this.isOld(parent)) return false
    } else if (length > MOST_PATH_BYTES) return false
    const isFull = this.#current.bytes >= this.#generationBytes
    return !isFull || (this.#generationBytes > 0 && this.#turn())
  }

  /** Remembers what a payload led to; undefined when its place is full. */
  add(
    parent: Step | undefined,
    { ports, kind }: Opening,
    side: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    outcome: Outcome,
  ): Step | undefined {
    const place = placeOf(hash, parent)
    const sibling = this.#places[place]
    let count = 0
    for (let step = sibling; step !== undefined; step = step.sibling) count++
    // A turn may have come since `mayAdd`.
    if (count >= MOST_IN_PLACE || (parent !== undefined && this.isOld(parent))) return undefined
    const number = this.#free.pop() ?? this.#steps.length
    const generation = this.#current
    const { findings, isHungry0, isHungry1, skip } = outcome
    const length = end - start
    const laid = put(generation, bytes, start, end)
    const step: Step = {
      number,
      parent,
      generation,
      hash,
      side,
      ports,
      kind,
      bytes: generation.slab,
      start: laid,
      end: laid + length,
      depth: (parent?.depth ?? 0) + 1,
      pathBytes: (parent?.pathBytes ?? 0) + length,
      sides: (parent?.sides ?? 0) | (1 << side),
      findings,
      isHungry0,
      isHungry1,
      skip,
      sibling,
    }
    this.#steps[number] = step
    this.#places[place] = step
    generation.numbers.push(number)
    generation.bytes += length + STEP_BYTES + findings.length * 64
    return step
  }

  /** Begins a new generation, unless flows still stand in the one before the present. */
  #turn(): boolean {
    if (this.#old.flows > 0) return false
    for (const number of this.#old.numbers) {
      this.#steps[number] = undefined
      this.#free.push(number)
    }
    // Inspections may name it for long: nothing else of it is kept.
    this.#old.numbers.length = 0
    this.#old.slab = EMPTY
    this.#old = this.#current
    this.#current = newGeneration()
    this.#places = places()
    return true
  }
}

/** A number for a payload by its length, side and some of its bytes. */
export function payloadHash(side: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = Math.imul(end - start, 0x9e3779b1) ^ side
  const head = Math.min(end, start + HEAD)
  const tail = Math.max(head, end - TAIL)
  for (let at = start; at < head; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  for (let at = head; at < tail; at += STRIDE) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  for (let at = tail; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  return hash ^ (hash >>> 15)
}

function places(): (Step | undefined)[] {
  return Array.from<Step | undefined>({ length: PLACES })
}

function placeOf(hash: number, parent: Step | undefined): number {
  const mixed = Math.imul(hash ^ Math.imul((parent?.number ?? -1) + 1, 0x85ebca6b), 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) & (PLACES - 1)
}

function isSame(step: Step, bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (step.end - step.start !== length) return false
  const known = step.bytes
  const first = step.start
  for (let at = 0; at < length; at++) if (known[first + at] !== bytes[start + at]) return false
  return true
}

function newGeneration(): Generation {
  return { bytes: 0, flows: 0, numbers: [], slab: EMPTY, used: 0 }
}

/** Copies a payload to where the generation keeps them; its place in the slab. */
function put(generation: Generation, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (generation.used + length > generation.slab.length) {
    generation.slab = new Uint8Array(Math.max(SLAB_BYTES, length))
    generation.used = 0
  }
  const at = generation.used
  generation.slab.set(bytes.subarray(start, end), at)
  generation.used = at + length
  return at
}
