import type { Fact, FactSubject } from './dissector.ts'

/** Longest value of a fact, in UTF-16 code units. */
export const LONGEST_VALUE = 256

// Control characters, and those that turn or hide text on a screen (bidirectional marks, zero width, BOM).
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g

/** Text off the wire as a value may show it: no control characters, trimmed, at most 256 long. */
export function printable(text: string): string {
  if (isPlain(text)) return text
  const value = text
    .slice(0, LONGEST_VALUE * 2)
    .replace(UNPRINTABLE, ' ')
    .trim()
  return value.length <= LONGEST_VALUE ? value : value.slice(0, LONGEST_VALUE).trim()
}

/** True for short ASCII with nothing to take away: nearly every text there is. */
function isPlain(text: string): boolean {
  const { length } = text
  if (length === 0 || length > LONGEST_VALUE) return false
  if (text.charCodeAt(0) === 0x20 || text.charCodeAt(length - 1) === 0x20) return false
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

/** The text by itself: one cut out of a larger keeps all of that in memory. */
export function detached(text: string): string {
  return Array.from(text).join('')
}

/** The fact, or none when nothing printable is left of its text. */
export function factOf(subject: FactSubject, field: string, text: string | undefined): Fact[] {
  const value = text === undefined ? '' : printable(text)
  return value === '' ? [] : [{ subject, field, value }]
}

/** Adds the fact, unless nothing printable is left of its text. */
export function addFact(
  facts: Fact[],
  subject: FactSubject,
  field: string,
  text: string | undefined,
): void {
  const value = text === undefined ? '' : printable(text)
  if (value !== '') facts.push({ subject, field, value })
}
