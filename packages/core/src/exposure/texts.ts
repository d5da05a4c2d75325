import { Column } from './column.ts'

/**
 * Texts one after the other in UTF-16 code units: hundreds of thousands of strings are as many objects to a garbage
 * collector and to the thread that is handed them, these are two.
 */
export interface Texts {
  readonly units: Uint16Array
  /** Where each text ends; the next one begins there. */
  readonly ends: Int32Array
}

export function textAt({ units, ends }: Texts, number: number): string {
  const end = ends[number]!
  let text = ''
  for (let at = number === 0 ? 0 : ends[number - 1]!; at < end; at += MOST_ARGUMENTS) {
    text += String.fromCharCode(...units.subarray(at, Math.min(end, at + MOST_ARGUMENTS)))
  }
  return text
}

/** A call takes not any number of arguments. */
const MOST_ARGUMENTS = 1024

/** Takes texts, each a part of a string, and numbers them from 0. */
export class TextsBuilder {
  #units = new Uint16Array(1 << 14)
  #used = 0
  readonly #ends = new Column()
  /** One more than the number of the text whose hash leads there, 0 where there is none; a power of two, at most half full. */
  #slots = new Int32Array(1 << 12)
  readonly #hashes = new Column()

  get length(): number {
    return this.#ends.length
  }

  /** Adds the text though it may be there already. */
  push(text: string, from = 0, to = text.length): number {
    this.#makeRoom(to - from)
    for (let at = from; at < to; at++) this.#units[this.#used++] = text.charCodeAt(at)
    this.#ends.push(this.#used)
    return this.length - 1
  }

  /** The number of the text, which is added where it is not there; not to be mixed with `push`. */
  intern(text: string, from = 0, to = text.length): number {
    if (this.length * 2 >= this.#slots.length) this.#growSlots()
    const hash = hashOf(text, from, to)
    const mask = this.#slots.length - 1
    let slot = spread(hash) & mask
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1
      if (this.#hashes.at(number) === hash && this.#isAt(number, text, from, to)) return number
    }
    this.#hashes.push(hash)
    return (this.#slots[slot] = this.push(text, from, to) + 1) - 1
  }

  /** The texts in the memory they were put into: nothing can be added afterwards. */
  finish(): Texts {
    return { units: this.#units.subarray(0, this.#used), ends: this.#ends.finish() }
  }

  #isAt(number: number, text: string, from: number, to: number): boolean {
    const begin = number === 0 ? 0 : this.#ends.at(number - 1)
    if (this.#ends.at(number) - begin !== to - from) return false
    const units = this.#units
    for (let at = from; at < to; at++) {
      if (units[begin + at - from] !== text.charCodeAt(at)) return false
    }
    return true
  }

  #makeRoom(more: number): void {
    let size = this.#units.length
    while (size < this.#used + more) size *= 2
    if (size === this.#units.length) return
    const larger = new Uint16Array(size)
    larger.set(this.#units)
    this.#units = larger
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let number = 0; number < this.length; number++) {
      let slot = spread(this.#hashes.at(number)) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.#slots = slots
  }
}

/** FNV-1a (draft-eastlake-fnv), over code units instead of bytes. */
function hashOf(text: string, from: number, to: number): number {
  let hash = 0x811c9dc5 | 0
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** The low bits of FNV differ least: the high ones are mixed in. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15)
}
