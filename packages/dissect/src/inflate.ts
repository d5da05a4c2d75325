/** Code lengths are at most 15 bits (RFC 1951 §3.2.7). */
const LONGEST_CODE = 15
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
]
const LENGTH_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12_289, 16_385, 24_577,
]
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
const END_OF_BLOCK = 256

/** A Huffman code: how many codes there are of each length, and the symbols in the order of their codes. */
interface Code {
  readonly counts: Uint16Array
  readonly symbols: Uint16Array
}

/** Bits from the lowest on; past the end they are zero and `ok` turns false. */
interface Bits {
  readonly bytes: Uint8Array
  /** Next bit. */
  at: number
  ok: boolean
}

/**
 * What gzip data (RFC 1952) begin with, at most `most` bytes of it; undefined when they are no gzip. Data that are cut
 * or broken give what stands before that place.
 */
export function gunzip(bytes: Uint8Array, most: number): Uint8Array | undefined {
  const [first, second, method, flags = 0] = bytes
  if (first !== 0x1f || second !== 0x8b || method !== 8) return undefined
  let at = 10
  if ((flags & 4) !== 0) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8))
  // Name and comment each end in a zero.
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue
    const zero = bytes.indexOf(0, at)
    if (zero < 0) return undefined
    at = zero + 1
  }
  if ((flags & 2) !== 0) at += 2
  return inflate(bytes.subarray(at), most)
}

/** Undoes DEFLATE (RFC 1951) up to `most` bytes; what is cut or broken ends the output. */
export function inflate(bytes: Uint8Array, most: number): Uint8Array {
  const bits: Bits = { bytes, at: 0, ok: true }
  const out: number[] = []
  for (let isLast = false; !isLast && bits.ok && out.length < most;) {
    isLast = take(bits, 1) === 1
    const kind = take(bits, 2)
    if (kind === 0) copyStored(bits, out, most)
    else if (kind === 1) readBlock(bits, out, most, FIXED_LITERALS, FIXED_DISTANCES)
    else if (kind === 2) readDynamic(bits, out, most)
    else break
  }
  return Uint8Array.from(out)
}

function take(bits: Bits, count: number): number {
  let value = 0
  for (let bit = 0; bit < count; bit++) {
    const byte = bits.bytes[bits.at >>> 3]
    if (byte === undefined) {
      bits.ok = false
      return 0
    }
    value |= ((byte >>> (bits.at & 7)) & 1) << bit
    bits.at++
  }
  return value
}

/** A block that is not compressed (§3.2.4). */
function copyStored(bits: Bits, out: number[], most: number): void {
  bits.at = (bits.at + 7) & ~7
  const length = take(bits, 16)
  take(bits, 16)
  const start = bits.at >>> 3
  const piece = bits.bytes.subarray(start, start + Math.min(length, most - out.length))
  for (const byte of piece) out.push(byte)
  bits.at += length * 8
  if (bits.at > bits.bytes.length * 8) bits.ok = false
}

/** A block with codes of its own (§3.2.7). */
function readDynamic(bits: Bits, out: number[], most: number): void {
  const literals = take(bits, 5) + 257
  const distances = take(bits, 5) + 1
  const order = take(bits, 4) + 4
  const lengths = new Uint8Array(19)
  for (const place of CODE_ORDER.slice(0, order)) lengths[place] = take(bits, 3)
  const code = codeOf(lengths)
  const all = new Uint8Array(320)
  for (let at = 0; at < literals + distances && bits.ok;) {
    const symbol = readSymbol(bits, code)
    if (symbol < 16) all[at++] = symbol
    else {
      const value = symbol === 16 ? (all[at - 1] ?? 0) : 0
      const extra = [2, 3, 7][symbol - 16]!
      const times = take(bits, extra) + (symbol === 18 ? 11 : 3)
      all.fill(value, at, at + times)
      at += times
    }
  }
  if (!bits.ok) return
  readBlock(
    bits,
    out,
    most,
    codeOf(all.subarray(0, literals)),
    codeOf(all.subarray(literals, literals + distances)),
  )
}

function readBlock(bits: Bits, out: number[], most: number, literals: Code, distances: Code): void {
  while (bits.ok && out.length < most) {
    const symbol = readSymbol(bits, literals)
    if (symbol < END_OF_BLOCK) {
      out.push(symbol)
    } else if (symbol === END_OF_BLOCK) return
    else repeat(bits, out, most, symbol - 257, distances)
  }
}

/** A piece of what was put out before, again (§3.2.5). */
function repeat(bits: Bits, out: number[], most: number, which: number, distances: Code): void {
  const length = (LENGTH_BASE[which] ?? 0) + take(bits, LENGTH_BITS[which] ?? 0)
  const far = readSymbol(bits, distances)
  const distance = (DISTANCE_BASE[far] ?? 0) + take(bits, DISTANCE_BITS[far] ?? 0)
  if (!bits.ok || distance === 0 || distance > out.length || length === 0) {
    bits.ok = false
    return
  }
  for (let left = Math.min(length, most - out.length); left > 0; left--) {
    out.push(out[out.length - distance]!)
  }
}

/** Canonical codes: those of one length are numbers in a row (§3.2.2). */
function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(LONGEST_CODE + 1)
  for (const length of lengths) counts[length]!++
  counts[0] = 0
  const next = new Uint16Array(LONGEST_CODE + 2)
  for (let length = 1; length <= LONGEST_CODE; length++) {
    next[length + 1] = next[length]! + counts[length]!
  }
  const symbols = new Uint16Array(lengths.length)
  for (const [symbol, length] of lengths.entries()) {
    if (length > 0) symbols[next[length]!++] = symbol
  }
  return { counts, symbols }
}

/** The next symbol; a code that does not exist breaks the data. */
function readSymbol(bits: Bits, { counts, symbols }: Code): number {
  let code = 0
  let first = 0
  let index = 0
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code |= take(bits, 1)
    if (!bits.ok) return END_OF_BLOCK
    const count = counts[length]!
    if (code - first < count) return symbols[index + code - first]!
    index += count
    first = (first + count) << 1
    code <<= 1
  }
  bits.ok = false
  return END_OF_BLOCK
}

const FIXED_LITERALS = codeOf(
  Uint8Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)),
)
const FIXED_DISTANCES = codeOf(new Uint8Array(30).fill(5))
