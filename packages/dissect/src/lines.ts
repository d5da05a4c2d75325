import { characters, type Cursor } from './cursor.ts'

/**
 * Length of the first line of a stream, its LF included: zero while there is none, negative when the line would be
 * longer than `most` octets.
 */
export function lineLength(stream: Cursor, most = 4096): number {
  const start = stream.position
  const window = stream.bytes.subarray(start, Math.min(stream.end, start + most))
  const feed = window.indexOf(0x0a)
  if (feed >= 0) return feed + 1
  return window.length < most ? 0 : -1
}

/** The first line of a message as Latin-1, without its line end, at most `most` octets of it. Consumes nothing. */
export function firstLine(message: Cursor, most = 512): string {
  const start = message.position
  const stop = Math.min(message.end, start + most)
  let end = start
  while (end < stop && message.bytes[end] !== 0x0a) end++
  const isReturn = end > start && message.bytes[end - 1] === 0x0d
  return characters(message.bytes, start, isReturn ? end - 1 : end)
}

/** True when the bytes can be text: no control characters but tab, CR, LF and, at most, ESC and BEL. */
export function isText(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 ? !TEXT_CONTROLS.has(byte) : byte === 0x7f) return false
  }
  return bytes.length > 0
}

const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x07, 0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x1b])

/** Every letter of ASCII, large and small: what the first line of a text protocol may begin with. */
export const LETTERS: readonly number[] = [
  ...Array.from({ length: 26 }, (_, at) => 0x41 + at),
  ...Array.from({ length: 26 }, (_, at) => 0x61 + at),
]

/** Every digit of ASCII. */
export const DIGITS: readonly number[] = Array.from({ length: 10 }, (_, at) => 0x30 + at)
