/** Takes frames. All primitives, so that a frame costs no allocation. */
export interface FrameSink {
  /**
   * `bytes` from `offset` holds the `captured` bytes of a frame that was `original` bytes long on the wire.
   * The bytes are only valid during the call. `linkType` is the LINKTYPE_ number, time in microseconds since 1970.
   */
  frame(
    bytes: Uint8Array,
    offset: number,
    captured: number,
    original: number,
    linkType: number,
    timeMicros: number,
  ): void
}

/**
 * Why reading stopped. `cut`: the file ends inside a frame, all before it was used. `unreadable`: no capture,
 * or damaged from `offset` on. `offset` counts bytes of the uncompressed stream.
 */
export interface CaptureProblem {
  readonly kind: 'cut' | 'unreadable'
  readonly offset: number
  readonly reason: string
}

/** Bounds on what a file may make the reader keep. */
export interface CaptureLimits {
  /** Longest frame believed, in bytes. */
  readonly frameBytes: number
  /** Most interfaces remembered of one pcapng section. */
  readonly interfaces: number
}

/** A capture format: parses whole records out of a piece of the stream. */
export interface Format {
  /** Bytes from the start of the next record that `parse` needs to get any further. */
  readonly need: number
  /** Bytes to pass over before the next record: a block that nobody wants. */
  skip: number
  /** Why the record at the returned position cannot be read, once that is so. */
  readonly damage: string | undefined
  /** Parses every whole record of `bytes` from `at` up to `end`; the position of the first one not parsed. */
  parse(bytes: Uint8Array, at: number, end: number): number
}

/** 16 bits of either byte order. */
export function u16(bytes: Uint8Array, at: number, isBig: boolean): number {
  return isBig ? (bytes[at]! << 8) | bytes[at + 1]! : bytes[at]! | (bytes[at + 1]! << 8)
}

/** 32 bits of either byte order. */
export function u32(bytes: Uint8Array, at: number, isBig: boolean): number {
  const value = isBig
    ? (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
    : bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  return value >>> 0
}
