import { bytesOf, type Part } from './frames.ts'

/** An element of DER: its tag, the length of its parts, its parts (ITU-T X.690). */
export function der(tag: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  const length = body.length
  const octets =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : [0x82, (length >> 8) & 0xff, length & 0xff]
  return bytesOf(tag > 0xff ? [tag >> 8, tag & 0xff] : tag, octets, body)
}

/** An OBJECT IDENTIFIER from dotted text. */
export function derOid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left & 0x7f) | 0x80)
    }
    return groups
  })
  return der(0x06, octets)
}
