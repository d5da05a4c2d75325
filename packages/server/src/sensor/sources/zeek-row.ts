import { microsOf } from './text.ts'

/**
 * One entry of a Zeek log, the same for both formats. In tab separated logs values are escaped (`\x2c`) and lists
 * are comma separated; in JSON they are typed.
 */
export class ZeekRow {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #isEscaped: boolean

  constructor(values: Readonly<Record<string, unknown>>, isEscaped: boolean) {
    this.#values = values
    this.#isEscaped = isEscaped
  }

  has(name: string): boolean {
    return this.#get(name) !== undefined
  }

  /** Text of a field; undefined when it is unset. Of a list, its first element. */
  text(name: string): string | undefined {
    const value = this.#get(name)
    if (typeof value === 'string') return this.#isEscaped ? unescape(value) : value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    return Array.isArray(value) ? this.list(name)[0] : undefined
  }

  list(name: string): string[] {
    const value = this.#get(name)
    if (Array.isArray(value)) {
      return value
        .filter((item) => typeof item === 'string' || typeof item === 'number')
        .map(String)
    }
    if (typeof value !== 'string' || value === '') return []
    return this.#isEscaped ? value.split(',').map(unescape) : [value]
  }

  number(name: string): number | undefined {
    const value = this.#get(name)
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined
  }

  isTrue(name: string): boolean {
    const value = this.#get(name)
    return value === true || value === 'T' || value === 'true'
  }

  /** Microseconds since 1970 of a time: seconds since 1970, or ISO 8601. */
  micros(name: string): number | undefined {
    const seconds = this.number(name)
    if (seconds === undefined) return microsOf(this.text(name))
    return Math.abs(seconds) < 1e11 ? Math.round(seconds * 1e6) : undefined
  }

  #get(name: string): unknown {
    const value = this.#values[name]
    // Shippers that cannot keep a dot in a name write an underscore.
    return value === undefined && name.includes('.')
      ? this.#values[name.replaceAll('.', '_')]
      : (value ?? undefined)
  }
}

function unescape(text: string): string {
  if (!text.includes('\\x')) return text
  return text.replaceAll(/\\x([\da-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}
