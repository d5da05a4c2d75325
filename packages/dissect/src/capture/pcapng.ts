import { type CaptureLimits, type Format, type FrameSink, u16, u32 } from './format.ts'

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const OBSOLETE_PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6
const BYTE_ORDER_MAGIC = 0x1a2b3c4d
/** Room for a packet block's own fields and options beside the frame. */
const BLOCK_EXTRA = 65_536
const TWO_32 = 2 ** 32

/** Bytes of fixed fields each block must have, its frame around them included. */
const FIXED: Readonly<Record<number, number>> = {
  [SECTION]: 28,
  [INTERFACE]: 20,
  [OBSOLETE_PACKET]: 32,
  [SIMPLE_PACKET]: 16,
  [ENHANCED_PACKET]: 32,
}

interface CaptureInterface {
  readonly linkType: number
  readonly snapLength: number
  /** Microseconds per unit, or (where `divisor` > 1) units per microsecond. */
  readonly factor: number
  readonly divisor: number
  readonly offsetMicros: number
}

/** True when the four bytes at `at` start a pcapng section. */
export function isPcapng(bytes: Uint8Array, at: number): boolean {
  return u32(bytes, at, true) === SECTION
}

/** Reads pcapng (draft-ietf-opsawg-pcapng); every block that carries no frame is passed over. */
export class Pcapng implements Format {
  need = 12
  skip = 0
  damage: string | undefined = undefined
  /** Frames of an interface that no block described. */
  orphans = 0
  readonly #sink: FrameSink
  readonly #limits: CaptureLimits
  #isBig = false
  #interfaces: CaptureInterface[] = []
  /** A simple packet has no time of its own: it gets that of the frame before. */
  #lastTime = 0

  constructor(sink: FrameSink, limits: CaptureLimits) {
    this.#sink = sink
    this.#limits = limits
  }

  parse(bytes: Uint8Array, start: number, end: number): number {
    let at = start
    this.need = 12
    while (end - at >= 12) {
      const type = u32(bytes, at, this.#isBig)
      if (type === SECTION && !this.#readByteOrder(bytes, at)) return at
      const length = u32(bytes, at + 4, this.#isBig)
      if (!this.#isPossible(type, length)) return at
      const isWanted = FIXED[type] !== undefined
      if (at + length > end) {
        if (isWanted) this.need = length
        else this.skip = at + length - end
        return isWanted ? at : end
      }
      if (isWanted && !this.#readBlock(type, bytes, at, at + length)) return at
      at += length
    }
    return at
  }

  #isPossible(type: number, length: number): boolean {
    const least = FIXED[type]
    const most = least === undefined ? Infinity : this.#limits.frameBytes + BLOCK_EXTRA
    if (length >= (least ?? 12) && length % 4 === 0 && length <= most) return true
    this.damage = `a block of type ${type} claims to be ${length} bytes long`
    return false
  }

  #readByteOrder(bytes: Uint8Array, at: number): boolean {
    this.#isBig = u32(bytes, at + 8, true) === BYTE_ORDER_MAGIC
    if (u32(bytes, at + 8, this.#isBig) === BYTE_ORDER_MAGIC) return true
    this.damage = 'a section states no byte order'
    return false
  }

  #readBlock(type: number, bytes: Uint8Array, at: number, end: number): boolean {
    if (u32(bytes, end - 4, this.#isBig) !== end - at) {
      this.damage = 'a block states two different lengths'
      return false
    }
    if (type === SECTION) this.#interfaces = []
    else if (type === INTERFACE) this.#readInterface(bytes, at, end - 4)
    else if (type === ENHANCED_PACKET) {
      this.#readPacket(bytes, at, end - 4, u32(bytes, at + 8, this.#isBig))
    } else if (type === OBSOLETE_PACKET) {
      this.#readPacket(bytes, at, end - 4, u16(bytes, at + 8, this.#isBig))
    } else this.#readSimplePacket(bytes, at, end - 4)
    return this.damage === undefined
  }

  #readInterface(bytes: Uint8Array, at: number, end: number): void {
    if (this.#interfaces.length >= this.#limits.interfaces) return
    let resolution = 6
    let offsetSeconds = 0
    for (let option = at + 16; option + 4 <= end;) {
      const code = u16(bytes, option, this.#isBig)
      const length = u16(bytes, option + 2, this.#isBig)
      const value = option + 4
      if (code === 0 || value + length > end) break
      if (code === 9 && length >= 1) resolution = bytes[value]!
      if (code === 14 && length >= 8) offsetSeconds = this.#signed64(bytes, value)
      option = value + ((length + 3) & ~3)
    }
    this.#interfaces.push({
      linkType: u16(bytes, at + 8, this.#isBig),
      snapLength: u32(bytes, at + 12, this.#isBig),
      offsetMicros: offsetSeconds * 1e6,
      ...unitsOf(resolution),
    })
  }

  #signed64(bytes: Uint8Array, at: number): number {
    const high = u32(bytes, this.#isBig ? at : at + 4, this.#isBig) | 0
    return high * TWO_32 + u32(bytes, this.#isBig ? at + 4 : at, this.#isBig)
  }

  #readPacket(bytes: Uint8Array, at: number, end: number, interfaceId: number): void {
    const isBig = this.#isBig
    const from = this.#interfaces[interfaceId]
    const captured = u32(bytes, at + 20, isBig)
    if (captured > end - at - 28) {
      this.damage = `a frame of ${captured} bytes does not fit its block`
      return
    }
    if (from === undefined) {
      this.orphans++
      return
    }
    const high = u32(bytes, at + 12, isBig)
    const time = microsOf(from, high, u32(bytes, at + 16, isBig))
    this.#lastTime = time
    const original = Math.max(captured, u32(bytes, at + 24, isBig))
    this.#sink.frame(bytes, at + 28, captured, original, from.linkType, time)
  }

  #readSimplePacket(bytes: Uint8Array, at: number, end: number): void {
    const from = this.#interfaces[0]
    if (from === undefined) {
      this.orphans++
      return
    }
    const original = u32(bytes, at + 8, this.#isBig)
    const most = from.snapLength === 0 ? original : Math.min(original, from.snapLength)
    const captured = Math.min(most, end - at - 12)
    this.#sink.frame(bytes, at + 12, captured, original, from.linkType, this.#lastTime)
  }
}

/** if_tsresol: a power of ten, or of two when the top bit is set (section 4.2). */
function unitsOf(resolution: number): { readonly factor: number; readonly divisor: number } {
  if (resolution & 0x80) return { factor: 1e6 / 2 ** (resolution & 0x7f), divisor: 1 }
  if (resolution <= 6) return { factor: 10 ** (6 - resolution), divisor: 1 }
  return { factor: 1, divisor: 10 ** (resolution - 6) }
}

function microsOf(from: CaptureInterface, high: number, low: number): number {
  const { divisor } = from
  if (divisor === 1) {
    return Math.floor(high * (TWO_32 * from.factor) + low * from.factor) + from.offsetMicros
  }
  // Long division in two steps: the 64-bit count itself has no room in a double.
  const quotient = Math.floor(high / divisor)
  const rest = (high - quotient * divisor) * TWO_32 + low
  return quotient * TWO_32 + Math.floor(rest / divisor) + from.offsetMicros
}
