/** The years 1 to 9999: what PostgreSQL, ISO 8601 and JavaScript all write in one way. */
const EARLIEST = -62_135_596_800_000
const LATEST = 253_402_300_799_999

/**
 * Milliseconds since 1970 (a fraction carries microseconds) as the text that PostgreSQL takes. Captures carry any
 * number in place of a time; what no calendar holds becomes its first or last moment.
 */
export function toDatabaseTime(ms: number): string {
  const { whole, micros } = splitTime(fitTime(ms))
  const day = Math.floor(whole / DAY)
  const rest = whole - day * DAY
  const seconds = Math.floor(rest / 1000)
  const minutes = Math.floor(seconds / 60)
  const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`
  return `${dateOf(day)}T${clock}.${three(rest % 1000)}${three(micros)}Z`
}

/** What no calendar holds as its first or last moment. */
export function fitTime(ms: number): number {
  return Number.isNaN(ms) ? EARLIEST : Math.min(LATEST, Math.max(EARLIEST, ms))
}

/** Whole milliseconds and the microseconds behind them. */
export function splitTime(ms: number): { readonly whole: number; readonly micros: number } {
  const whole = Math.floor(ms)
  return { whole, micros: Math.min(999, Math.round((ms - whole) * 1000)) }
}

const DAY = 86_400_000
const two = (number: number) => (number < 10 ? `0${number}` : `${number}`)
const three = (number: number) => (number < 100 ? `0${two(number)}` : `${number}`)

/** Observations come by the thousand, of few days. */
let knownDay = Number.NaN
let knownDate = ''

function dateOf(day: number): string {
  if (day !== knownDay) {
    knownDate = new Date(day * DAY).toISOString().slice(0, 10)
    knownDay = day
  }
  return knownDate
}

/** Reads `2026-11-22 00:52:52.123456+00`; sessions run in UTC. */
export function fromDatabaseTime(text: string): number {
  const date = text.slice(0, 10)
  // Beside these there are years before Christ and `infinity`.
  if (text[10] !== ' ' || !text.endsWith('+00')) return slowlyFromDatabaseTime(text)
  if (date !== readDate) {
    readDay = Date.parse(`${date}T00:00:00Z`)
    readDate = date
  }
  const hours = Number(text.slice(11, 13))
  const minutes = Number(text.slice(14, 16))
  return readDay + ((hours * 60 + minutes) * 60 + Number(text.slice(17, -3))) * 1000
}

/** A time as it is read back after it was written: to the microsecond, inside the years that all can write. */
export function asStoredTime(ms: number): number {
  if (Number.isInteger(ms) && ms === fitTime(ms)) return ms
  return fromDatabaseTime(toDatabaseTime(ms).replace('T', ' ').replace('Z', '+00'))
}

let readDate = ''
let readDay = Number.NaN

function slowlyFromDatabaseTime(text: string): number {
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
