/** Sets of bytes longer than this are not remembered. */
const LONGEST = 4096
const SLOTS = 1 << 10
/** Bytes at the end that choose the slot: signatures and checksums stand there. */
const HASHED = 32

interface Slot<Value> {
  readonly bytes: Uint8Array
  readonly value: Value
}

/**
 * Remembers what was made of sets of bytes that come again and again, such as certificates. A fixed number of slots:
 * a newer one takes the place of an older one. All bytes are compared, so that nothing is taken for something else.
 */
export class BytesMemo<Value> {
  readonly #slots: (Slot<Value> | undefined)[] = Array.from({ length: SLOTS }, () => undefined)

  get(bytes: Uint8Array): Value | undefined {
    const slot = this.#slots[slotOf(bytes)]
    return slot !== undefined && isSame(slot.bytes, bytes) ? slot.value : undefined
  }

  set(bytes: Uint8Array, value: Value): void {
    if (bytes.length <= LONGEST) this.#slots[slotOf(bytes)] = { bytes: bytes.slice(), value }
  }
}

/** Remembers what was made of texts; emptied when it is full. */
export class TextMemo<Value> {
  readonly #known = new Map<string, Value>()

  get(text: string, make: () => Value): Value {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    if (this.#known.size >= SLOTS) this.#known.clear()
    const value = make()
    this.#known.set(text, value)
    return value
  }
}

function slotOf(bytes: Uint8Array): number {
  let hash = bytes.length
  for (let at = Math.max(0, bytes.length - HASHED); at < bytes.length; at++) {
    hash = (Math.imul(hash, 31) + bytes[at]!) | 0
  }
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}
