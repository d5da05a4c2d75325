const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUE = new Map([...ALPHABET].map((letter, at) => [letter, at]))

/** Bytes of Base64 text (RFC 4648 §4), up to the first letter that is none; at most `most` bytes. */
export function fromBase64(text: string, most = 4096): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of text) {
    const value = VALUE.get(letter)
    if (value === undefined || bytes.length >= most) break
    held = ((held << 6) | value) & 0xfff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return Uint8Array.from(bytes)
}
