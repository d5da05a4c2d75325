import type { CaptureLimits, CaptureProblem, Format, FrameSink } from './format.ts'
import { describeBytes } from './kind.ts'
import { isPcap, Pcap } from './pcap.ts'
import { isPcapng, Pcapng } from './pcapng.ts'

const LIMITS: CaptureLimits = { frameBytes: 1 << 20, interfaces: 4096 }
/** Enough of a file's start to say what it is. */
const SNIFF = 64

/**
 * Reads pcap and pcapng, pushed in pieces split anywhere. A frame that lies whole inside a piece is handed on
 * without a copy; only the remainder of a piece is kept.
 */
export class CaptureReader {
  /** Why reading stopped early; undefined while all is well. After it, further bytes are ignored. */
  problem: CaptureProblem | undefined = undefined
  readonly #sink: FrameSink
  readonly #limits: CaptureLimits
  #format: Format | undefined = undefined
  #carry = new Uint8Array(2048)
  #carried = 0
  /** Bytes of the stream before `#carry`. */
  #passed = 0

  constructor(sink: FrameSink, limits: Partial<CaptureLimits> = {}) {
    this.#sink = sink
    this.#limits = { ...LIMITS, ...limits }
  }

  /** Takes the next bytes of the stream. They are not kept after the call. */
  push(bytes: Uint8Array): void {
    if (this.problem !== undefined) return
    // Node's Buffer has another shape than Uint8Array: one shape only keeps the decoder's reads fast.
    const piece = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    const format = this.#format ?? this.#recognise(piece, false)
    if (format === undefined) return
    const start = this.#finishCarried(format, piece, 0)
    if (start < piece.length) this.#parseWhole(format, piece, start)
  }

  /** Says that the stream is over; what was wrong with it, if anything. */
  end(): CaptureProblem | undefined {
    if (this.problem !== undefined) return this.problem
    const format = this.#format ?? this.#recognise(new Uint8Array(0), true)
    if (format !== undefined && (this.#carried > 0 || format.skip > 0)) {
      const missing = format.skip > 0 ? format.skip : format.need - this.#carried
      this.#stop('cut', this.#passed, `it ends inside a record, at least ${missing} bytes short`)
    }
    return this.problem
  }

  /** Until the first bytes tell the format they are gathered in `#carry`. */
  #recognise(piece: Uint8Array, isAll: boolean): Format | undefined {
    const start = new Uint8Array(Math.min(SNIFF, this.#carried + piece.length))
    start.set(this.#carry.subarray(0, this.#carried))
    start.set(piece.subarray(0, start.length - this.#carried), this.#carried)
    const hasMagic = start.length >= 4
    if (hasMagic && isPcap(start, 0)) this.#format = new Pcap(this.#sink, this.#limits)
    else if (hasMagic && isPcapng(start, 0)) this.#format = new Pcapng(this.#sink, this.#limits)
    else if (start.length < SNIFF && !isAll) this.#keep(piece, 0, piece.length)
    else this.#stop('unreadable', 0, `no pcap or pcapng file: ${describeBytes(start)}`)
    return this.#format
  }

  /** Completes the record that earlier pieces began; where in `piece` the next one starts. */
  #finishCarried(format: Format, piece: Uint8Array, start: number): number {
    let at = start
    while (this.#carried > 0 && this.problem === undefined) {
      const wanted = Math.min(format.need - this.#carried, piece.length - at)
      this.#keep(piece, at, at + wanted)
      at += wanted
      if (this.#carried < format.need) return piece.length
      const used = format.parse(this.#carry, 0, this.#carried)
      this.#carry.copyWithin(0, used, this.#carried)
      this.#carried -= used
      this.#passed += used
      if (format.damage !== undefined) this.#stop('unreadable', this.#passed, format.damage)
    }
    return at
  }

  #parseWhole(format: Format, piece: Uint8Array, start: number): void {
    let at = start
    while (at < piece.length && this.problem === undefined) {
      if (format.skip > 0) {
        const passed = Math.min(format.skip, piece.length - at)
        format.skip -= passed
        at += passed
        continue
      }
      const next = format.parse(piece, at, piece.length)
      at = next
      if (format.damage !== undefined) {
        this.#stop('unreadable', this.#passed + at - start, format.damage)
      } else if (next < piece.length) break
    }
    this.#passed += at - start
    if (this.problem === undefined) this.#keep(piece, at, piece.length)
  }

  #keep(piece: Uint8Array, start: number, end: number): void {
    const length = this.#carried + end - start
    if (length > this.#carry.length) {
      const larger = new Uint8Array(Math.max(length, this.#carry.length * 2))
      larger.set(this.#carry.subarray(0, this.#carried))
      this.#carry = larger
    }
    this.#carry.set(piece.subarray(start, end), this.#carried)
    this.#carried = length
  }

  #stop(kind: CaptureProblem['kind'], offset: number, reason: string): void {
    this.problem = { kind, offset, reason }
  }
}
