import { sha256 } from './digest.ts'

/** What opens the first packets of QUIC, whose keys anybody can derive. Not for secrets. */

const SUBSTITUTION = substitutionBox()

/** Encrypts blocks of 16 bytes with a 128-bit key (FIPS 197). */
export class BlockCipher {
  /** Eleven round keys of 16 bytes. */
  readonly #keys: Uint8Array

  constructor(key: Uint8Array) {
    this.#keys = expandKey(key)
  }

  /** The 16 bytes of `block`, encrypted. */
  encrypt(block: Uint8Array): Uint8Array {
    let state = Uint8Array.from({ length: 16 }, (_, at) => block[at]! ^ this.#keys[at]!)
    for (let round = 1; round <= 10; round++) {
      const shifted = new Uint8Array(16)
      for (let at = 0; at < 16; at++) shifted[at] = SUBSTITUTION[state[(at * 5) & 15]!]!
      state = round < 10 ? mixColumns(shifted) : shifted
      for (let at = 0; at < 16; at++) state[at]! ^= this.#keys[round * 16 + at]!
    }
    return state
  }

  /** The plaintext of AES-GCM with a nonce of 12 bytes, its tag unchecked (NIST SP 800-38D §7.2). */
  decryptCounter(nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const plain = new Uint8Array(ciphertext.length)
    const counter = new Uint8Array(16)
    counter.set(nonce.subarray(0, 12))
    for (let at = 0; at < ciphertext.length; at += 16) {
      const block = at / 16 + 2
      counter[14] = block >> 8
      counter[15] = block
      const stream = this.encrypt(counter)
      for (let i = 0; i < 16 && at + i < ciphertext.length; i++) {
        plain[at + i] = ciphertext[at + i]! ^ stream[i]!
      }
    }
    return plain
  }
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
  outer.set(bytesOfHex(sha256(inner)), 64)
  return bytesOfHex(sha256(outer))
}

/** HKDF-Expand-Label of TLS 1.3 without a context (RFC 8446 §7.1), for at most 32 bytes. */
export function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = `tls13 ${label}`
  const characters = Array.from(name, (character) => character.charCodeAt(0))
  const info = Uint8Array.of(0, length, name.length, ...characters, 0, 1)
  return hmac(secret, info).subarray(0, length)
}

/** Bytes of hexadecimal digits. */
export function bytesOfHex(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length >> 1 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

function expandKey(key: Uint8Array): Uint8Array {
  const keys = new Uint8Array(176)
  keys.set(key.subarray(0, 16))
  let constant = 1
  for (let at = 16; at < 176; at += 4) {
    const word = keys.slice(at - 4, at)
    if (at % 16 === 0) {
      const first = word[0]!
      for (let i = 0; i < 4; i++) word[i] = SUBSTITUTION[i < 3 ? word[i + 1]! : first]!
      word[0]! ^= constant
      constant = double(constant)
    }
    for (let i = 0; i < 4; i++) keys[at + i] = keys[at - 16 + i]! ^ word[i]!
  }
  return keys
}

function mixColumns(state: Uint8Array): Uint8Array<ArrayBuffer> {
  const mixed = new Uint8Array(16)
  for (let at = 0; at < 16; at++) {
    const column = at & 12
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => state[column + ((at + i) & 3)]!)
    mixed[at] = double(a! ^ b!) ^ b! ^ c! ^ d!
  }
  return mixed
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
