import type { Cursor } from '../cursor.ts'

/** Bytes of a NetBIOS name in its DNS label: two letters for each of 16 (RFC 1001 §14.1). */
const ENCODED_LENGTH = 32
const A = 0x41

/** A NetBIOS name: 15 characters and the suffix that says what the name is for. */
export interface NetbiosName {
  readonly name: string
  readonly suffix: number
}

/** True when a label of an encoded NetBIOS name begins `ahead` bytes further on; consumes nothing. */
export function isNetbiosName(message: Cursor, ahead: number): boolean {
  if (message.peek(ahead) !== ENCODED_LENGTH || message.remaining < ahead + 34) return false
  for (let at = 1; at <= ENCODED_LENGTH; at++) {
    const letter = message.peek(ahead + at)
    if (letter < A || letter > A + 15) return false
  }
  return true
}

/** Decodes the first label of a name; nothing when it is not an encoded NetBIOS name. */
export function decodeNetbios(label: string | undefined): NetbiosName | undefined {
  if (label === undefined || !/^[A-P]{32}$/.test(label)) return undefined
  let text = ''
  for (let at = 0; at < ENCODED_LENGTH; at += 2) {
    const high = label.charCodeAt(at) - A
    text += String.fromCharCode((high << 4) | (label.charCodeAt(at + 1) - A))
  }
  return netbiosName(text)
}

/** Splits 16 characters into name and suffix. */
export function netbiosName(text: string): NetbiosName {
  const name = text.slice(0, 15).split('\u0000', 1)[0] ?? ''
  return { name: name.trimEnd(), suffix: text.charCodeAt(15) & 0xff }
}
