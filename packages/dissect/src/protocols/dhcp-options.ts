import type { Cursor } from '../cursor.ts'

const PAD = 0
const OVERLOAD = 52
const END = 255
/** More than any client sends; a bound on what a hostile message may cost. */
const MOST_OPTIONS = 128

/** Options of one message: their codes as they came, and the value of each code. */
export interface DhcpOptions {
  readonly order: readonly number[]
  /** Values of a code that came more than once are one after the other (RFC 3396). */
  readonly values: ReadonlyMap<number, Uint8Array>
}

/**
 * Reads the options after the cookie, then those in the file and server name fields where option 52 says so
 * (RFC 2132 §9.3). An option that is cut short ends the reading.
 */
export function dhcpOptions(main: Cursor, [file, name]: readonly Cursor[]): DhcpOptions {
  const order: number[] = []
  const values = new Map<number, Uint8Array>()
  readOptions(main, order, values)
  const overload = values.get(OVERLOAD)?.[0] ?? 0
  if (file && (overload & 1) === 1) readOptions(file, order, values)
  if (name && (overload & 2) === 2) readOptions(name, order, values)
  return { order, values }
}

function readOptions(list: Cursor, order: number[], values: Map<number, Uint8Array>): void {
  while (list.remaining > 0 && order.length < MOST_OPTIONS) {
    const code = list.u8()
    if (code === PAD) continue
    if (code === END) return
    const value = list.view(list.u8())
    if (!list.ok) return
    order.push(code)
    const before = values.get(code)
    values.set(code, before === undefined ? value : joined(before, value))
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const both = new Uint8Array(head.length + tail.length)
  both.set(head)
  both.set(tail, head.length)
  return both
}
