import { bytesOf, type Part } from '../frames.ts'

/** An element with its length in the shortest form (X.690 §8.1.3). */
export function element(tag: number, ...value: readonly Part[]): Uint8Array {
  const body = bytesOf(...value)
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff]
  return bytesOf(tag, length, body)
}

export const sequence = (...value: readonly Part[]): Uint8Array => element(0x30, ...value)
export const integer = (value: number): Uint8Array => element(2, value)
export const octets = (value: Part): Uint8Array => element(4, value)

export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const arcs = [first * 40 + second, ...rest].flatMap((arc) => {
    const septets = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      septets.unshift((left & 0x7f) | 0x80)
    }
    return septets
  })
  return element(6, arcs)
}
