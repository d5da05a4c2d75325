import { sha256Bytes } from './digest.ts'

/** What opens the first packets of QUIC, whose keys anybody can derive. Not for secrets. */

const SUBSTITUTION = substitutionBox()
/** The S-box and the column mix of a whole column in one step, for the first byte of a column (FIPS 197 §5.1.3). */
const COLUMNS = Int32Array.from(SUBSTITUTION, (value) => {
  const twice = double(value)
  return (twice << 24) | (value << 16) | (value << 8) | (twice ^ value)
})

/** Encrypts blocks of 16 bytes with a 128-bit key (FIPS 197). */
export class BlockCipher {
  /** Eleven round keys of four words. */
  readonly #keys: Int32Array

  constructor(key: Uint8Array) {
    this.#keys = expandKey(key)
  }

  /** The 16 bytes of `block`, encrypted. */
  encrypt(block: Uint8Array): Uint8Array {
    const words = Int32Array.of(
      wordAt(block, 0),
      wordAt(block, 4),
      wordAt(block, 8),
      wordAt(block, 12),
    )
    this.#encryptWords(words)
    return Uint8Array.from({ length: 16 }, (_, at) => words[at >> 2]! >>> (24 - (at & 3) * 8))
  }

  /** The plaintext of AES-GCM with a nonce of 12 bytes, its tag unchecked (NIST SP 800-38D §7.2). */
  decryptCounter(nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const plain = new Uint8Array(ciphertext.length)
    const words = new Int32Array(4)
    const [first, second, third] = [wordAt(nonce, 0), wordAt(nonce, 4), wordAt(nonce, 8)]
    for (let at = 0; at < ciphertext.length; at += 16) {
      words[0] = first
      words[1] = second
      words[2] = third
      words[3] = at / 16 + 2
      this.#encryptWords(words)
      const end = Math.min(16, ciphertext.length - at)
      for (let i = 0; i < end; i++) {
        plain[at + i] = ciphertext[at + i]! ^ (words[i >> 2]! >>> (24 - (i & 3) * 8))
      }
    }
    return plain
  }

  #encryptWords(words: Int32Array): void {
    const keys = this.#keys
    let a = words[0]! ^ keys[0]!
    let b = words[1]! ^ keys[1]!
    let c = words[2]! ^ keys[2]!
    let d = words[3]! ^ keys[3]!
    for (let at = 4; at < 40; at += 4) {
      const nextA = mixed(a, b, c, d) ^ keys[at]!
      const nextB = mixed(b, c, d, a) ^ keys[at + 1]!
      const nextC = mixed(c, d, a, b) ^ keys[at + 2]!
      d = mixed(d, a, b, c) ^ keys[at + 3]!
      a = nextA
      b = nextB
      c = nextC
    }
    words[0] = substituted(a, b, c, d) ^ keys[40]!
    words[1] = substituted(b, c, d, a) ^ keys[41]!
    words[2] = substituted(c, d, a, b) ^ keys[42]!
    words[3] = substituted(d, a, b, c) ^ keys[43]!
  }
}

/** A column after the S-box, the shift of rows and the mix of columns; bytes come from four columns. */
function mixed(a: number, b: number, c: number, d: number): number {
  const second = COLUMNS[(b >>> 16) & 255]!
  const third = COLUMNS[(c >>> 8) & 255]!
  const fourth = COLUMNS[d & 255]!
  return (
    COLUMNS[a >>> 24]! ^
    ((second >>> 8) | (second << 24)) ^
    ((third >>> 16) | (third << 16)) ^
    ((fourth >>> 24) | (fourth << 8))
  )
}

/** A column of the last round, which mixes nothing. */
function substituted(a: number, b: number, c: number, d: number): number {
  return (
    (SUBSTITUTION[a >>> 24]! << 24) |
    (SUBSTITUTION[(b >>> 16) & 255]! << 16) |
    (SUBSTITUTION[(c >>> 8) & 255]! << 8) |
    SUBSTITUTION[d & 255]!
  )
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

/** HMAC with SHA-256 (RFC 2104); the key is at most 64 bytes. */
export function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const inner = new Uint8Array(64 + message.length).fill(0x36, 0, 64)
  const outer = new Uint8Array(96).fill(0x5c, 0, 64)
  for (let at = 0; at < key.length && at < 64; at++) {
    inner[at]! ^= key[at]!
    outer[at]! ^= key[at]!
  }
  inner.set(message, 64)
  outer.set(sha256Bytes(inner), 64)
  return sha256Bytes(outer)
}

/** HKDF-Expand-Label of TLS 1.3 without a context (RFC 8446 §7.1), for at most 32 bytes. */
export function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = `tls13 ${label}`
  const info = new Uint8Array(name.length + 5)
  info[1] = length
  info[2] = name.length
  for (let at = 0; at < name.length; at++) info[at + 3] = name.charCodeAt(at)
  info[name.length + 4] = 1
  return hmac(secret, info).subarray(0, length)
}

/** Bytes of hexadecimal digits. */
export function bytesOfHex(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length >> 1 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

function expandKey(key: Uint8Array): Int32Array {
  const keys = new Int32Array(44)
  for (let word = 0; word < 4; word++) keys[word] = wordAt(key, word * 4)
  let constant = 1
  for (let at = 4; at < 44; at++) {
    let word = keys[at - 1]!
    if (at % 4 === 0) {
      const turned = (word << 8) | (word >>> 24)
      word = substituted(turned, turned, turned, turned) ^ (constant << 24)
      constant = double(constant)
    }
    keys[at] = keys[at - 4]! ^ word
  }
  return keys
}

/** Times two in the field of FIPS 197 §4.2. */
function double(value: number): number {
  return ((value << 1) ^ (value & 0x80 ? 0x11b : 0)) & 0xff
}

/** The S-box (FIPS 197 §5.1.1): inverses in the field, by powers of the generator 3, then an affine map. */
function substitutionBox(): Uint8Array {
  const powers = new Uint8Array(255)
  for (let exponent = 0, value = 1; exponent < 255; exponent++) {
    powers[exponent] = value
    value ^= double(value)
  }
  const box = new Uint8Array(256).fill(0x63, 0, 1)
  for (let exponent = 0; exponent < 255; exponent++) {
    const inverse = powers[(255 - exponent) % 255]!
    const spread = inverse * 0x101
    const mixed = spread ^ (spread >> 4) ^ (spread >> 5) ^ (spread >> 6) ^ (spread >> 7)
    box[powers[exponent]!] = (mixed ^ 0x63) & 0xff
  }
  return box
}
