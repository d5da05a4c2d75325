import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, MessageContext, Side } from '../dissector.ts'
import { testContext } from './facts.ts'

/** A message to start from, and the dissector that reads such messages. */
export interface Seed {
  readonly dissector: Dissector
  readonly bytes: Uint8Array
  readonly from: Side
}

export interface FuzzOutcome {
  /** Messages shown to a dissector. */
  readonly messages: number
  readonly facts: number
  readonly slowestMilliseconds: number
  readonly slowest: string
}

/** What was wrong, with the message that shows it, so that it becomes a test. */
export class FuzzFailure extends Error {
  constructor(what: string, { dissector, from }: Seed, bytes: Uint8Array) {
    const hex = Array.from(bytes.subarray(0, 2048), (byte) => byte.toString(16).padStart(2, '0'))
    super(
      `${dissector.protocol} over ${dissector.over}, from the ${from}: ${what}\n${hex.join('')}`,
    )
  }
}

const LONGEST = 8192
const MOST_FACTS = 5000
const TURNS = 4
const NESTED: readonly (readonly number[])[] = [
  [0x30, 0x80],
  [0x30, 0x82, 0xff, 0xff],
  [0xc0, 0x0c],
  [0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff],
  [0x3e, 0x3e],
  [0x00],
  [0x7b],
  [0x5b],
  [0x3c, 0x61, 0x3e],
  [0x7c],
  [0x0d, 0x0a],
]

/**
 * Shows changed messages to dissectors as the engine would, and holds what they do to the rules: nothing throws, lengths are
 * whole numbers, facts are few and of text, and no message takes long. The same number as seed makes the same run.
 */
export class Fuzzer {
  readonly #seeds: readonly Seed[]
  readonly #limitMilliseconds: number
  readonly #now: () => number
  readonly #piece = new Uint8Array(LONGEST + 64).fill(0x41)
  #random: number
  #messages = 0
  #facts = 0
  #slowest = { milliseconds: 0, name: '' }

  /** `now` tells milliseconds, to a thousandth or finer. */
  constructor(seeds: readonly Seed[], limitMilliseconds: number, now: () => number, random = 1) {
    if (seeds.length === 0) throw new Error('There is nothing to start from')
    this.#seeds = seeds
    this.#now = now
    this.#limitMilliseconds = limitMilliseconds
    this.#random = random
  }

  get outcome(): FuzzOutcome {
    return {
      messages: this.#messages,
      facts: this.#facts,
      slowestMilliseconds: this.#slowest.milliseconds,
      slowest: this.#slowest.name,
    }
  }

  /** Makes one changed message of one seed and shows it to its dissector. Throws `FuzzFailure`. */
  step(): void {
    const seed = this.#seeds[this.#below(this.#seeds.length)]!
    const length = this.#change(seed.bytes)
    this.#messages++
    let milliseconds = this.#attack(seed, length)
    if (milliseconds <= this.#limitMilliseconds && milliseconds <= this.#slowest.milliseconds)
      return
    // A slow turn may be the garbage of others or code that is not compiled yet: what is slow every time counts.
    for (let turn = 0; turn < TURNS; turn++)
      milliseconds = Math.min(milliseconds, this.#attack(seed, length))
    if (milliseconds > this.#slowest.milliseconds) {
      this.#slowest = {
        milliseconds,
        name: `${seed.dissector.protocol} over ${seed.dissector.over}`,
      }
    }
    if (milliseconds > this.#limitMilliseconds) {
      throw new FuzzFailure(`${milliseconds.toFixed(1)} ms`, seed, this.#piece.subarray(0, length))
    }
  }

  #attack(seed: Seed, length: number): number {
    const { dissector, from } = seed
    const context = testContext({
      from,
      serverPort: this.#random & 1 ? (dissector.ports?.[0] ?? 0) : 1,
      isMulticast: (this.#random & 6) === 0,
    })
    const began = this.#now()
    try {
      dissector.looksLike(new Cursor(this.#piece, 0, length), context)
      const told = dissector.length?.(new Cursor(this.#piece, 0, length), context) ?? length
      if (!Number.isInteger(told)) throw new Error(`a length of ${told}`)
      this.#read(seed, told > 0 && told <= length ? told : length, context)
    } catch (error) {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
      throw new FuzzFailure(what, seed, this.#piece.subarray(0, length))
    }
    return this.#now() - began
  }

  #read({ dissector }: Seed, length: number, context: MessageContext): void {
    let count = 0
    const facts: Iterable<Fact> = dissector.dissect(new Cursor(this.#piece, 0, length), context)
    for (const { field, value } of facts) {
      if (typeof value !== 'string' || typeof field !== 'string')
        throw new Error(`${field} is no text`)
      if (++count > MOST_FACTS) throw new Error('facts without end')
    }
    this.#facts += count
  }

  /** Writes a changed copy of the message where the dissector will look; answers its length. */
  #change(bytes: Uint8Array): number {
    const piece = this.#piece
    let length = Math.min(bytes.length, LONGEST)
    piece.set(bytes.subarray(0, length))
    for (let left = 1 + this.#below(4); left > 0; left--) length = this.#changeOnce(piece, length)
    return length
  }

  #changeOnce(piece: Uint8Array, length: number): number {
    if (length === 0) return this.#bomb(piece, 0)
    const at = this.#below(length)
    switch (this.#below(9)) {
      case 0: // a bit
        piece[at]! ^= 1 << this.#below(8)
        return length
      case 1: // a byte
        piece[at] = this.#below(256)
        return length
      case 2: // cut short
        return at
      case 3: // a piece taken out
        piece.copyWithin(at, Math.min(length, at + 1 + this.#below(32)), length)
        return Math.max(at, length - 1 - this.#below(32))
      case 4: // a piece twice
        return this.#repeat(piece, at, length)
      case 5: // a length that lies
        return this.#lie(piece, at, length)
      case 6: // the end of another message
        return this.#splice(piece, at)
      case 7: // bytes that say the most, the least, or the sign
        piece.fill([0x00, 0xff, 0x7f, 0x80][this.#below(4)]!, at, Math.min(length, at + 4))
        return length
      default:
        return this.#bomb(piece, at)
    }
  }

  #repeat(piece: Uint8Array, at: number, length: number): number {
    const size = Math.min(1 + this.#below(64), length - at, LONGEST - length)
    if (size <= 0) return length
    piece.copyWithin(at + size, at, length)
    return length + size
  }

  #lie(piece: Uint8Array, at: number, length: number): number {
    const value = [0, 1, length, length + 1, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff][
      this.#below(8)
    ]!
    const size = 1 << this.#below(3)
    const isBig = this.#below(2) === 0
    for (let index = 0; index < size && at + index < length; index++) {
      const shift = 8 * (isBig ? size - 1 - index : index)
      piece[at + index] = value >>> shift
    }
    return length
  }

  #splice(piece: Uint8Array, at: number): number {
    const other = this.#seeds[this.#below(this.#seeds.length)]!.bytes
    const from = this.#below(other.length + 1)
    const tail = other.subarray(from, from + LONGEST - at)
    piece.set(tail, at)
    return at + tail.length
  }

  /** One pattern over and over: nesting, lists without end, pointers to themselves. */
  #bomb(piece: Uint8Array, at: number): number {
    const pattern = NESTED[this.#below(NESTED.length)]!
    const end = Math.min(LONGEST, at + (1 << this.#below(14)))
    for (let index = at; index < end; index++)
      piece[index] = pattern[(index - at) % pattern.length]!
    return end
  }

  /** A whole number below the limit (xorshift32). */
  #below(limit: number): number {
    let word = this.#random
    word ^= word << 13
    word ^= word >>> 17
    word ^= word << 5
    this.#random = word | 0 || 1
    return (word >>> 0) % limit
  }
}
