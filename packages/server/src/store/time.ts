/** Milliseconds since 1970 (a fraction carries microseconds) as the text that PostgreSQL takes. */
export function toDatabaseTime(ms: number): string {
  const whole = Math.floor(ms)
  const micros = Math.min(999, Math.round((ms - whole) * 1000))
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
  return text.replaceAll('\0', '').toWellFormed()
}
