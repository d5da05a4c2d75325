/**
 * Reads big-endian fields of a message. Past the end every read returns zero or an empty value and `ok`
 * turns false for good, so a dissector reads straight on and asks `ok` once.
 */
export class Cursor {
  readonly bytes: Uint8Array
  /** Absolute position in `bytes` of the next byte to read. */
  position: number
  /** Absolute position one past the last readable byte. */
  readonly end: number
  /** False once any read went past the end. It never turns true again. */
  ok = true

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.bytes = bytes
    this.position = start
    this.end = Math.max(start, Math.min(end, bytes.length))
  }

  /** Bytes left to read; zero after a failure. */
  get remaining(): number {
    return this.ok ? this.end - this.position : 0
  }

  u8(): number {
    return this.#claim(1) ? this.bytes[this.position++]! : 0
  }

  u16(): number {
    if (!this.#claim(2)) return 0
    const at = this.position
    this.position = at + 2
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!
  }

  u24(): number {
    if (!this.#claim(3)) return 0
    const at = this.position
    this.position = at + 3
    return (this.bytes[at]! << 16) | (this.bytes[at + 1]! << 8) | this.bytes[at + 2]!
  }

  u32(): number {
    if (!this.#claim(4)) return 0
    const at = this.position
    this.position = at + 4
    const { bytes } = this
    return (
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
    )
  }

  /** Little-endian 16 bits. */
  u16le(): number {
    if (!this.#claim(2)) return 0
    const at = this.position
    this.position = at + 2
    return this.bytes[at]! | (this.bytes[at + 1]! << 8)
  }

  /** Little-endian 32 bits. */
  u32le(): number {
    if (!this.#claim(4)) return 0
    const at = this.position
    this.position = at + 4
    const { bytes } = this
    return (
      (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
    )
  }

  /** The byte `ahead` places further on, or zero past the end; consumes nothing and never fails. */
  peek(ahead = 0): number {
    const at = this.position + ahead
    return this.ok && ahead >= 0 && at < this.end ? this.bytes[at]! : 0
  }

  skip(length: number): this {
    if (this.#claim(length)) this.position += length
    return this
  }

  /** The next `length` bytes as a cursor of their own; an already failed cursor when there are fewer. */
  take(length: number): Cursor {
    const start = this.position
    if (!this.#claim(length)) {
      const failed = new Cursor(this.bytes, this.end, this.end)
      failed.ok = false
      return failed
    }
    this.position = start + length
    return new Cursor(this.bytes, start, start + length)
  }

  /** A view (not a copy) of the next `length` bytes; empty when there are fewer. */
  view(length: number): Uint8Array {
    if (!this.#claim(length)) return this.bytes.subarray(0, 0)
    const start = this.position
    this.position = start + length
    return this.bytes.subarray(start, start + length)
  }

  /** The next `length` bytes as Latin-1 text, cut at the first NUL, surrounding white space removed. */
  text(length: number): string {
    if (!this.#claim(length)) return ''
    const start = this.position
    this.position = start + length
    return trimmedText(this.bytes, start, start + length)
  }

  /** The next `length` bytes as UTF-8 text; bytes that are not UTF-8 become U+FFFD (RFC 3629). */
  utf8(length: number): string {
    if (!this.#claim(length)) return ''
    const start = this.position
    const end = start + length
    this.position = end
    if (isAscii(this.bytes, start, end)) return characters(this.bytes, start, end)
    return utf8(this.bytes.subarray(start, end))
  }

  /** Text up to and without the next LF (a CR before it is dropped); fails when there is no LF. */
  line(): string {
    for (let at = this.position; this.ok && at < this.end; at++) {
      if (this.bytes[at] !== 0x0a) continue
      const stop = at > this.position && this.bytes[at - 1] === 0x0d ? at - 1 : at
      const value = characters(this.bytes, this.position, stop)
      this.position = at + 1
      return value
    }
    this.ok = false
    return ''
  }

  /** True when the next bytes are these characters (ASCII); consumes nothing and never fails. */
  startsWith(ascii: string): boolean {
    if (this.remaining < ascii.length) return false
    for (let index = 0; index < ascii.length; index++) {
      if (this.bytes[this.position + index] !== ascii.charCodeAt(index)) return false
    }
    return true
  }

  #claim(length: number): boolean {
    if (this.ok && length >= 0 && this.position + length <= this.end) return true
    this.ok = false
    return false
  }
}

/** Latin-1 text of the bytes, cut at the first NUL, surrounding white space removed. */
export function latin1(bytes: Uint8Array): string {
  return trimmedText(bytes, 0, bytes.length)
}

function trimmedText(bytes: Uint8Array, start: number, end: number): string {
  let stop = start
  while (stop < end && bytes[stop] !== 0) stop++
  let first = start
  while (first < stop && isBlank(bytes[first]!)) first++
  while (stop > first && isBlank(bytes[stop - 1]!)) stop--
  return characters(bytes, first, stop)
}

/** White space of Latin-1 as `trim` knows it. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xa0
}

/** Texts up to this long are looked for among those already made: most of them come again and again. */
const LONGEST_KEPT = 48
const KEPT = 1 << 13
const kept: string[] = Array.from({ length: KEPT }, () => '')

/** Latin-1 text of the bytes from `start` up to `end`. */
export function characters(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start
  if (length <= 0) return ''
  if (length > LONGEST_KEPT)
    return length > 100 ? longText(bytes, start, end) : made(bytes, start, end)
  let hash = length
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0
  hash ^= hash >>> 15
  const slot = hash & (KEPT - 1)
  const known = kept[slot]!
  if (known.length === length && isText(known, bytes, start)) return known
  const text = made(bytes, start, end)
  kept[slot] = text
  return text
}

function isText(text: string, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) !== bytes[start + at]) return false
  }
  return true
}

function longText(bytes: Uint8Array, start: number, end: number): string {
  let value = ''
  // In pieces: one call with every byte as an argument would overflow the stack on a long field.
  for (let at = start; at < end; at += 4096) {
    const piece: unknown = bytes.subarray(at, Math.min(at + 4096, end))
    value += String.fromCharCode.apply(null, piece as number[])
  }
  return value
}

/** Most texts are short: eight at a time is quicker than a view of the bytes. */
function made(bytes: Uint8Array, start: number, end: number): string {
  let value = ''
  let at = start
  for (; at + 8 <= end; at += 8) {
    value += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
    )
  }
  for (; at < end; at++) value += String.fromCharCode(bytes[at]!)
  return value
}

/** UTF-8 text of the bytes (RFC 3629); what is not UTF-8 becomes U+FFFD. */
export function utf8(bytes: Uint8Array): string {
  if (isAscii(bytes, 0, bytes.length)) return characters(bytes, 0, bytes.length)
  let value = ''
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!
    const extra =
      first < 0x80
        ? 0
        : first >= 0xc2 && first < 0xe0
          ? 1
          : first >= 0xe0 && first < 0xf0
            ? 2
            : first >= 0xf0 && first < 0xf5
              ? 3
              : -1
    let code = extra < 0 ? 0xfffd : extra === 0 ? first : first & (0x3f >> extra)
    let used = 1
    for (; used <= extra; used++) {
      const next = bytes[at + used]
      if (next === undefined || (next & 0xc0) !== 0x80) {
        code = 0xfffd
        break
      }
      code = (code << 6) | (next & 0x3f)
    }
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = 0xfffd
    value += String.fromCodePoint(code)
    at += used
  }
  return value
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! >= 0x80) return false
  return true
}
