import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [SPACE, NEW_LINE, QUOTE, BACKSLASH, LETTER_N, BRACE] = [0x20, 0x0a, 0x22, 0x5c, 0x6e, 0x7d]
/** Digits of a block, smallest block first (IEEE MA-S, MA-M, MA-L). */
const DIGITS = [9, 7, 6]
/** Places of the index; a power of two, twice as many as blocks or more. */
const FIRST_PLACES = 1 << 17

/**
 * Blocks of MACs and whom they are registered to, read where they are asked for: as an object the whole file takes 30 MB and an
 * eighth of a second at each start. The text is that of `oui-data`, a JSON object with a line for each block.
 */
export class MacRegistry {
  readonly #text: Buffer
  /** Where the digits of a block stand in the text, in open addressing by the digits; zero where there is none. */
  #index = new Int32Array(FIRST_PLACES)
  size = 0

  /** Throws an Error where the text has no line for each block, or is cut off. */
  constructor(text: Buffer) {
    this.#text = text
    if (text.findLast((byte) => byte > SPACE) !== BRACE) {
      throw new Error('the registry of MACs is cut off: install its package again')
    }
    for (let line = text.indexOf(NEW_LINE); line >= 0; line = text.indexOf(NEW_LINE, line + 1)) {
      let at = line + 1
      while (text[at] === SPACE) at++
      if (text[at] === QUOTE) this.#add(at + 1)
    }
    if (this.size === 0) throw new Error('the registry of MACs has no line for each block')
  }

  /** The organisation that the smallest registered block with the MAC belongs to; a block without a name says nothing. */
  organisationOf(mac: string): string | undefined {
    const digits = mac.replaceAll(':', '').toUpperCase()
    for (const length of DIGITS) {
      const place = this.#find(digits, length)
      const name = place === 0 ? '' : this.#nameAt(place + length)
      if (name !== '') return name
    }
    return undefined
  }

  #add(place: number): void {
    if (++this.size * 2 > this.#index.length) this.#grow()
    this.#enter(place)
  }

  #enter(place: number): void {
    const index = this.#index
    const mask = index.length - 1
    let slot = this.#hashAt(place) & mask
    while (index[slot] !== 0) slot = (slot + 1) & mask
    index[slot] = place
  }

  #grow(): void {
    const places = this.#index.filter((place) => place > 0)
    this.#index = new Int32Array(this.#index.length * 2)
    for (const place of places) this.#enter(place)
  }

  #hashAt(place: number): number {
    const text = this.#text
    let hash = 0
    for (let at = place; at < text.length && text[at] !== QUOTE; at++) {
      hash = mixed(hash, text[at]!)
    }
    return finished(hash)
  }

  /** Where the block with so many of the digits stands, or zero. */
  #find(digits: string, length: number): number {
    const index = this.#index
    const mask = index.length - 1
    let hash = 0
    for (let at = 0; at < length; at++) hash = mixed(hash, digits.charCodeAt(at))
    for (let slot = finished(hash) & mask; index[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#isAt(index[slot]!, digits, length)) return index[slot]!
    }
    return 0
  }

  #isAt(place: number, digits: string, length: number): boolean {
    const text = this.#text
    for (let at = 0; at < length; at++) if (text[place + at] !== digits.charCodeAt(at)) return false
    return text[place + length] === QUOTE
  }

  /** The first line of the value behind a key; the others are an address. */
  #nameAt(end: number): string {
    const text = this.#text
    const start = text.indexOf(QUOTE, end + 1) + 1
    let at = start
    while (at < text.length && text[at] !== QUOTE) {
      if (text[at] === BACKSLASH && text[at + 1] === LETTER_N) break
      at += text[at] === BACKSLASH ? 2 : 1
    }
    return JSON.parse(`"${text.toString('utf8', start, at)}"`) as string
  }
}

function mixed(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193)
}

function finished(hash: number): number {
  return hash ^ (hash >>> 15)
}

const require = createRequire(import.meta.url)
let registry: MacRegistry | undefined

/** The organisation that the smallest registered block with the MAC belongs to; the registry is read with the first question. */
export function makerOfMac(mac: string): string | undefined {
  registry ??= new MacRegistry(readFileSync(require.resolve('oui-data')))
  return registry.organisationOf(mac)
}
