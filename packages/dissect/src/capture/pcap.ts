import { type CaptureLimits, type Format, type FrameSink, u32 } from './format.ts'

const FILE_HEADER = 24
const MICROSECONDS = 0xa1b2c3d4
const NANOSECONDS = 0xa1b23c4d
/** Alexey Kuznetzov's variant: microseconds, and eight more bytes in front of each frame. */
const MODIFIED = 0xa1b2cd34

/** True when the four bytes at `at` start a pcap file. */
export function isPcap(bytes: Uint8Array, at: number): boolean {
  return isMagic(u32(bytes, at, true)) || isMagic(u32(bytes, at, false))
}

function isMagic(value: number): boolean {
  return value === MICROSECONDS || value === NANOSECONDS || value === MODIFIED
}

/** Reads pcap (draft-ietf-opsawg-pcap): both byte orders, micro- and nanoseconds, and the modified variant. */
export class Pcap implements Format {
  need = FILE_HEADER
  skip = 0
  damage: string | undefined = undefined
  readonly #sink: FrameSink
  readonly #limits: CaptureLimits
  #hasHeader = false
  #isBig = false
  #divisor = 1
  #recordHeader = 16
  #linkType = 0

  constructor(sink: FrameSink, limits: CaptureLimits) {
    this.#sink = sink
    this.#limits = limits
  }

  parse(bytes: Uint8Array, start: number, end: number): number {
    let at = start
    if (!this.#hasHeader) {
      if (end - at < FILE_HEADER) return at
      this.#readHeader(bytes, at)
      at += FILE_HEADER
    }
    return this.#readRecords(bytes, at, end)
  }

  #readHeader(bytes: Uint8Array, at: number): void {
    this.#isBig = isMagic(u32(bytes, at, true))
    const magic = u32(bytes, at, this.#isBig)
    this.#divisor = magic === NANOSECONDS ? 1000 : 1
    this.#recordHeader = magic === MODIFIED ? 24 : 16
    // The upper half tells of a frame check sequence, which lengths in the headers already exclude.
    this.#linkType = u32(bytes, at + 20, this.#isBig) & 0xffff
    this.#hasHeader = true
    this.need = this.#recordHeader
  }

  #readRecords(bytes: Uint8Array, start: number, end: number): number {
    const isBig = this.#isBig
    const header = this.#recordHeader
    let at = start
    while (end - at >= header) {
      const captured = u32(bytes, at + 8, isBig)
      if (captured > this.#limits.frameBytes) {
        this.damage = `a frame claims to be ${captured} bytes long`
        return at
      }
      const next = at + header + captured
      if (next > end) {
        this.need = header + captured
        return at
      }
      const seconds = u32(bytes, at, isBig)
      const fraction = Math.floor(u32(bytes, at + 4, isBig) / this.#divisor)
      const original = Math.max(captured, u32(bytes, at + 12, isBig))
      const time = seconds * 1e6 + fraction
      this.#sink.frame(bytes, at + header, captured, original, this.#linkType, time)
      at = next
    }
    this.need = header
    return at
  }
}
