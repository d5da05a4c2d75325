/** The years 1 to 9999: what PostgreSQL, ISO 8601 and JavaScript all write in one way. */
const EARLIEST = -62_135_596_800_000
const LATEST = 253_402_300_799_999

/**
 * Milliseconds since 1970 (a fraction carries microseconds) as the text that PostgreSQL takes. Captures carry any
 * number in place of a time; what no calendar holds becomes its first or last moment.
 */
export function toDatabaseTime(ms: number): string {
  const inside = Number.isNaN(ms) ? EARLIEST : Math.min(LATEST, Math.max(EARLIEST, ms))
  const whole = Math.floor(inside)
  const micros = Math.min(999, Math.round((inside - whole) * 1000))
  return new Date(whole).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`)
}

/** Reads `2026-11-22 00:52:52.123456+00`; sessions run in UTC. */
export function fromDatabaseTime(text: string): number {
  const [seconds = '', fraction = ''] = text.replace('+00', '').split('.')
  return Date.parse(`${seconds.replace(' ', 'T')}Z`) + Number(fraction.padEnd(6, '0')) / 1000
}

export function toDatabaseTimeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : toDatabaseTime(ms)
}

/** PostgreSQL text cannot hold NUL, and UTF-8 no half of a surrogate pair; the wire can send both. */
export function toDatabaseText(text: string): string {
  if (!text.includes('\0') && text.isWellFormed()) return text
  return text.replaceAll('\0', '').toWellFormed()
}

/** An entry of an index holds about 2700 bytes, and a letter takes up to four. */
const INDEXED_LETTERS = 400

/** The same, cut to what fits into an index. */
export function toIndexedText(text: string): string {
  if (text.length <= INDEXED_LETTERS) return toDatabaseText(text)
  return toDatabaseText(toDatabaseText(text).slice(0, INDEXED_LETTERS))
}
