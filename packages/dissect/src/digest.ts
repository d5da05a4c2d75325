/** Digests that fingerprints are defined with (JA3, HASSH: MD5; JA4, certificates: SHA-256). Not for secrets. */

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
const MD5_FACTORS = [1, 5, 3, 7]
const MD5_OFFSETS = [0, 1, 5, 0]
const MD5_SINES = Int32Array.from({ length: 64 }, (_, at) =>
  Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32),
)

/** One block of either digest at a time; digests are made one after the other, so one is enough for all. */
const BLOCK = new Int32Array(16)

/** MD5 as 32 hexadecimal digits (RFC 1321); text is taken as Latin-1. */
export function md5(input: Uint8Array | string): string {
  const bytes = toBytes(input)
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  const blocks = blocksOf(bytes)
  for (let block = 0; block < blocks; block++) {
    readBlock(bytes, block, block === blocks - 1, true)
    md5Block(state)
  }
  return hexOfWords(state.map(swapped))
}

function md5Block(state: Int32Array): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  for (let step = 0; step < 64; step++) {
    const round = step >> 4
    const index = (MD5_FACTORS[round]! * step + MD5_OFFSETS[round]!) & 15
    const sum = (a + md5Mix(round, b, c, d) + MD5_SINES[step]! + BLOCK[index]!) | 0
    a = d
    d = c
    c = b
    b = (b + rotateLeft(sum, MD5_SHIFTS[round * 4 + (step & 3)]!)) | 0
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
}

function md5Mix(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d)
  if (round === 1) return (d & b) | (~d & c)
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d)
}

// The constants of FIPS 180-4: fractions of the cube and square roots of the first primes.
const PRIMES = firstPrimes(64)
const SHA_ROUNDS = Int32Array.from(PRIMES, (prime) => fractionOf(Math.cbrt(prime)))
const SHA_START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fractionOf(Math.sqrt(prime)))

const SCHEDULE = new Int32Array(64)

/** SHA-256 as 64 hexadecimal digits (FIPS 180-4); text is taken as Latin-1. */
export function sha256(input: Uint8Array | string): string {
  return hexOfWords(sha256Words(toBytes(input)))
}

/** SHA-256 as 32 bytes. */
export function sha256Bytes(bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32)
  const words = sha256Words(bytes)
  for (let at = 0; at < 32; at++) digest[at] = words[at >> 2]! >>> (24 - (at & 3) * 8)
  return digest
}

function sha256Words(bytes: Uint8Array): Int32Array {
  const state = Int32Array.from(SHA_START)
  const blocks = blocksOf(bytes)
  for (let block = 0; block < blocks; block++) {
    readBlock(bytes, block, block === blocks - 1, false)
    for (let at = 0; at < 16; at++) SCHEDULE[at] = BLOCK[at]!
    for (let at = 16; at < 64; at++) SCHEDULE[at] = extended(SCHEDULE, at)
    compress(state, SCHEDULE)
  }
  return state
}

function extended(schedule: Int32Array, at: number): number {
  const early = schedule[at - 15]!
  const late = schedule[at - 2]!
  const mixEarly = rotateLeft(early, 25) ^ rotateLeft(early, 14) ^ (early >>> 3)
  const mixLate = rotateLeft(late, 15) ^ rotateLeft(late, 13) ^ (late >>> 10)
  return (schedule[at - 16]! + mixEarly + schedule[at - 7]! + mixLate) | 0
}

function compress(state: Int32Array, schedule: Int32Array): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let at = 0; at < 64; at++) {
    const mixE = rotateLeft(e, 26) ^ rotateLeft(e, 21) ^ rotateLeft(e, 7)
    const first = (h + mixE + ((e & f) ^ (~e & g)) + SHA_ROUNDS[at]! + schedule[at]!) | 0
    const mixA = rotateLeft(a, 30) ^ rotateLeft(a, 19) ^ rotateLeft(a, 10)
    const second = (mixA + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
  state[5]! += f
  state[6]! += g
  state[7]! += h
}

/** Blocks of 64 bytes that the message fills with its one bit and its length. */
function blocksOf(message: Uint8Array): number {
  return ((message.length + 8) >> 6) + 1
}

/** Reads a block of the message with its one bit, zeros and length in bits, as 32-bit words. */
function readBlock(
  message: Uint8Array,
  block: number,
  isLast: boolean,
  isLittleEndian: boolean,
): void {
  const start = block * 64
  const isWhole = start + 64 <= message.length
  for (let word = 0, at = start; word < 16; word++, at += 4) {
    const a = isWhole ? message[at]! : paddedByte(message, at)
    const b = isWhole ? message[at + 1]! : paddedByte(message, at + 1)
    const c = isWhole ? message[at + 2]! : paddedByte(message, at + 2)
    const d = isWhole ? message[at + 3]! : paddedByte(message, at + 3)
    BLOCK[word] = isLittleEndian
      ? a | (b << 8) | (c << 16) | (d << 24)
      : (a << 24) | (b << 16) | (c << 8) | d
  }
  if (!isLast) return
  BLOCK[isLittleEndian ? 14 : 15] = message.length * 8
  BLOCK[isLittleEndian ? 15 : 14] = Math.floor(message.length / 2 ** 29)
}

function paddedByte(message: Uint8Array, at: number): number {
  if (at < message.length) return message[at]!
  return at === message.length ? 0x80 : 0
}

function toBytes(input: Uint8Array | string): Uint8Array {
  if (typeof input !== 'string') return input
  const bytes = new Uint8Array(input.length)
  for (let at = 0; at < input.length; at++) bytes[at] = input.charCodeAt(at)
  return bytes
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function swapped(value: number): number {
  return (rotateLeft(value, 8) & 0x00ff00ff) | (rotateLeft(value, 24) & 0xff00ff00)
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hexOfWords(words: Int32Array): string {
  let digits = ''
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    digits +=
      HEX[word >>> 24]! + HEX[(word >>> 16) & 255]! + HEX[(word >>> 8) & 255]! + HEX[word & 255]!
  }
  return digits
}

function fractionOf(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32)
}

function firstPrimes(count: number): number[] {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}
