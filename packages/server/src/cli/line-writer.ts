import { closeSync, openSync, writeSync } from 'node:fs'

const BUFFER_BYTES = 1 << 17
/** Longest text that is copied a character at a time; beyond it, and for all but plain ASCII, the runtime encodes. */
const SHORT = 256

/** Asked for once: texts come in more forms than a call of theirs is compiled for, and it would be looked up for each letter. */
const codeAt = String.prototype.charCodeAt

/**
 * Writes JSON Lines to a file in large pieces, whole lines only, so that what is on disk can always be read. Lines
 * are put together from bytes: no text is made of them on the way.
 */
export class LineWriter {
  readonly #file: number
  #bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  #at = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w')
  }

  /** Plain ASCII that needs no escape, as it stands. */
  raw(text: string): this {
    const { length } = text
    const bytes = this.#room(length)
    const at = this.#at
    for (let index = 0; index < length; index++) bytes[at + index] = codeAt.call(text, index)
    this.#at = at + length
    return this
  }

  /** Any text in its UTF-8 form, as it stands. */
  text(text: string): this {
    const bytes = this.#room(text.length * 3)
    this.#at += bytes.write(text, this.#at)
    return this
  }

  /** A JSON string. */
  string(text: string): this {
    const { length } = text
    const bytes = this.#room(length + 2)
    let at = this.#at
    bytes[at++] = 0x22
    if (length > SHORT) return this.text(JSON.stringify(text))
    for (let index = 0; index < length; index++) {
      const code = codeAt.call(text, index)
      if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) {
        return this.text(JSON.stringify(text))
      }
      bytes[at++] = code
    }
    bytes[at++] = 0x22
    this.#at = at
    return this
  }

  /** A JSON string, or null for undefined. */
  stringOrNull(text: string | undefined): this {
    return text === undefined ? this.raw('null') : this.string(text)
  }

  number(value: number): this {
    // Only whole numbers from zero up to nine digits are made here.
    if (value !== value >>> 0 || value >= 1e9) return this.raw(String(value))
    let digits = 1
    for (let bound = 10; value >= bound; bound *= 10) digits++
    this.#digits(value, digits)
    return this
  }

  /** ISO 8601 in UTC with microseconds as a JSON string, from microseconds since 1970. */
  time(micros: number): this {
    const second = Math.floor(micros / 1e6)
    this.raw('"').raw(isoSecond(second)).raw('.')
    this.#digits(Math.floor(micros - second * 1e6), 6)
    return this.raw('Z"')
  }

  /** Ends a line. */
  end(): void {
    this.#room(1)[this.#at++] = 0x0a
    if (this.#at > BUFFER_BYTES / 2) this.flush()
  }

  flush(): void {
    for (let written = 0; written < this.#at;) {
      written += writeSync(this.#file, this.#bytes, written, this.#at - written)
    }
    this.#at = 0
  }

  close(): void {
    this.flush()
    closeSync(this.#file)
  }

  #digits(value: number, digits: number): void {
    const bytes = this.#room(digits)
    let rest = value | 0
    for (let at = this.#at + digits - 1; at >= this.#at; at--) {
      const tenth = (rest / 10) | 0
      bytes[at] = 0x30 + rest - tenth * 10
      rest = tenth
    }
    this.#at += digits
  }

  /** The buffer, with room for that many bytes more: a line may be longer than all of it. */
  #room(length: number): Buffer {
    const needed = this.#at + length
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, this.#at)
      this.#bytes = larger
    }
    return this.#bytes
  }
}

let cachedSecond = Number.NaN
let cachedText = ''

/** ISO 8601 up to the seconds, without a zone, from seconds since 1970. */
export function isoSecond(second: number): string {
  if (second === cachedSecond) return cachedText
  cachedSecond = second
  const date = new Date(second * 1000)
  // A damaged capture may carry a time that no calendar has.
  cachedText = (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString().slice(0, -5)
  return cachedText
}
