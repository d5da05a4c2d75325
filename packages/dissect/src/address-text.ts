import { ipText, ipv4Text, macText } from './address.ts'

const IP_SLOTS = 1 << 16
const MAC_SLOTS = 1 << 14

/**
 * Text of addresses, made when first asked for and kept in a fixed number of slots: a newer address takes the place
 * of an older one.
 */
export class AddressText {
  readonly #ipWords = new Int32Array(IP_SLOTS * 4)
  readonly #ips: (string | undefined)[] = empty(IP_SLOTS)
  readonly #macWords = new Int32Array(MAC_SLOTS * 2)
  readonly #macs: (string | undefined)[] = empty(MAC_SLOTS)

  /** Canonical text of the address in these four words (RFC 5952). */
  ip(word0: number, word1: number, word2: number, word3: number): string {
    const mixed = Math.imul(word3 ^ Math.imul(word1 ^ Math.imul(word0, 31), 31) ^ word2, 0x9e3779b1)
    const slot = (mixed ^ (mixed >>> 15)) & (IP_SLOTS - 1)
    const words = this.#ipWords
    const at = slot * 4
    const known = this.#ips[slot]
    if (
      known !== undefined &&
      words[at + 3] === word3 &&
      words[at + 2] === word2 &&
      words[at + 1] === word1 &&
      words[at] === word0
    ) {
      return known
    }
    words[at] = word0
    words[at + 1] = word1
    words[at + 2] = word2
    words[at + 3] = word3
    const text = wordsText(word0, word1, word2, word3)
    this.#ips[slot] = text
    return text
  }

  /** `aa:bb:cc:dd:ee:ff` of a MAC: its upper 16 and lower 32 bits. */
  mac(high: number, low: number): string {
    const mixed = Math.imul(low ^ (high << 7), 0x9e3779b1)
    const slot = (mixed ^ (mixed >>> 15)) & (MAC_SLOTS - 1)
    const at = slot * 2
    const known = this.#macs[slot]
    if (known !== undefined && this.#macWords[at] === high && this.#macWords[at + 1] === low) {
      return known
    }
    this.#macWords[at] = high
    this.#macWords[at + 1] = low
    const text = macText(high, low)
    this.#macs[slot] = text
    return text
  }
}

function empty(length: number): (string | undefined)[] {
  return Array.from<string | undefined>({ length })
}

function wordsText(word0: number, word1: number, word2: number, word3: number): string {
  if (word0 === 0 && word1 === 0 && word2 === 0xffff) return ipv4Text(word3)
  const bytes = [word0, word1, word2, word3].flatMap((word) => [
    word >>> 24,
    word >>> 16,
    word >>> 8,
    word,
  ])
  return ipText(Uint8Array.from(bytes))
}
