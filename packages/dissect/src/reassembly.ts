/** Bounds on what reassembly may keep, in bytes. */
export interface ReassemblyLimits {
  /** Of one direction while nobody has asked for more. */
  readonly streamBytes: number
  /** Longest message that a dissector may ask for. */
  readonly messageBytes: number
  /** Of all streams together. */
  readonly totalBytes: number
}

/** Segments that came too early and are kept, for one direction. */
const MAX_LATER = 8

interface Segment {
  readonly seq: number
  readonly bytes: Uint8Array
  readonly wireBytes: number
}

/** One direction of a TCP connection whose content is still wanted. */
export class Stream {
  /** Sequence number of the next byte. */
  next = 0
  isStarted = false
  /** Bytes at the front of the buffer that must be there before it is worth asking again. */
  wanted = 0
  /** Bytes of a message too long to keep that still have to pass. */
  skip = 0
  /** True after a loss: whether a message starts here has to be looked at first. */
  isLost = false
  buffer: Uint8Array | undefined = undefined
  length = 0
  later: Segment[] | undefined = undefined
}

/** Reads messages off the front of a stream; the position of the first byte it has not used. */
export interface StreamConsumer {
  consume(stream: Stream, bytes: Uint8Array, start: number, end: number): number
}

export interface ReassemblyCounters {
  retransmittedSegments: number
  earlySegments: number
  gaps: number
  lostBytes: number
  reassemblyDrops: number
}

/**
 * Puts TCP segments in order. A segment in order is handed on where it lies; only what a message still lacks is
 * copied and kept.
 */
export class Reassembler {
  /** Bytes kept at present. */
  held = 0
  readonly #consumer: StreamConsumer
  readonly #limits: ReassemblyLimits
  readonly #counters: ReassemblyCounters

  constructor(consumer: StreamConsumer, limits: ReassemblyLimits, counters: ReassemblyCounters) {
    this.#consumer = consumer
    this.#limits = limits
    this.#counters = counters
  }

  /** Takes a segment: its captured bytes, and the number that it had on the wire. */
  offer(
    stream: Stream,
    seq: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireBytes: number,
  ): void {
    const ahead = (seq - stream.next) | 0
    if (ahead > 0) this.#keepForLater(stream, { seq, bytes: bytes.slice(start, end), wireBytes })
    else if (ahead + wireBytes <= 0) this.#counters.retransmittedSegments++
    else {
      this.#deliver(stream, seq, bytes, Math.min(start - ahead, end), end, wireBytes)
      // What the snap length cut off is as lost as what never came.
      const uncaptured = wireBytes - (end - start)
      if (uncaptured > 0) this.#lose(stream, uncaptured)
    }
    if (stream.later !== undefined) this.#drain(stream)
  }

  /** Reads on behind the gaps: nothing more will come to fill them. */
  flush(stream: Stream): void {
    while (stream.later !== undefined) {
      this.#jump(stream)
      this.#drain(stream)
    }
  }

  /** Gives back all that the stream keeps. */
  release(stream: Stream): void {
    this.#dropLater(stream)
    this.#dropBuffer(stream)
  }

  #deliver(
    stream: Stream,
    seq: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireBytes: number,
  ): void {
    stream.next = (seq + wireBytes) | 0
    const passed = Math.min(stream.skip, end - start)
    stream.skip -= passed
    const from = start + passed
    if (from >= end) return
    if (stream.length === 0) {
      const used = this.#consumer.consume(stream, bytes, from, end)
      if (used < end) this.#keep(stream, bytes, used, end)
      return
    }
    this.#keep(stream, bytes, from, end)
    if (stream.length === 0 || stream.length < stream.wanted) return
    const buffer = stream.buffer!
    const used = this.#consumer.consume(stream, buffer, 0, stream.length)
    if (used >= stream.length) this.#dropBuffer(stream)
    else {
      buffer.copyWithin(0, used, stream.length)
      stream.length -= used
    }
  }

  #keep(stream: Stream, bytes: Uint8Array, start: number, end: number): void {
    const length = stream.length + end - start
    if (length > Math.max(this.#limits.streamBytes, stream.wanted)) {
      this.#counters.reassemblyDrops++
      this.#dropBuffer(stream)
      stream.isLost = true
      return
    }
    if (stream.buffer === undefined || stream.buffer.length < length) {
      const larger = new Uint8Array(roomFor(Math.max(length, stream.wanted)))
      if (stream.buffer !== undefined) larger.set(stream.buffer.subarray(0, stream.length))
      this.held += larger.length - (stream.buffer?.length ?? 0)
      stream.buffer = larger
    }
    copy(bytes, start, end, stream.buffer, stream.length)
    stream.length = length
  }

  #keepForLater(stream: Stream, segment: Segment): void {
    this.#counters.earlySegments++
    stream.later ??= []
    stream.later.push(segment)
    this.held += segment.bytes.length
    if (stream.later.length > MAX_LATER) this.#jump(stream)
  }

  /** Gives up the gap in front of the earliest segment kept. */
  #jump(stream: Stream): void {
    let nearest = 0x7fffffff
    for (const { seq } of stream.later ?? []) nearest = Math.min(nearest, (seq - stream.next) | 0)
    if (nearest <= 0) return
    this.#lose(stream, nearest)
    stream.next = (stream.next + nearest) | 0
  }

  #lose(stream: Stream, bytes: number): void {
    this.#counters.gaps++
    this.#counters.lostBytes += bytes
    if (bytes <= stream.skip) {
      stream.skip -= bytes
      return
    }
    stream.skip = 0
    stream.isLost = true
    this.#dropBuffer(stream)
  }

  #drain(stream: Stream): void {
    for (;;) {
      const { later } = stream
      if (later === undefined) return
      const at = later.findIndex(({ seq }) => ((seq - stream.next) | 0) <= 0)
      if (at < 0) return
      const [{ seq, bytes, wireBytes }] = later.splice(at, 1) as [Segment]
      this.held -= bytes.length
      if (later.length === 0) stream.later = undefined
      const behind = (stream.next - seq) | 0
      if (behind < wireBytes) {
        this.#deliver(stream, seq, bytes, Math.min(behind, bytes.length), bytes.length, wireBytes)
        if (wireBytes > bytes.length) this.#lose(stream, wireBytes - bytes.length)
      }
    }
  }

  #dropLater(stream: Stream): void {
    for (const { bytes } of stream.later ?? []) this.held -= bytes.length
    stream.later = undefined
  }

  #dropBuffer(stream: Stream): void {
    this.held -= stream.buffer?.length ?? 0
    stream.buffer = undefined
    stream.length = 0
    stream.wanted = 0
  }
}

function roomFor(length: number): number {
  return Math.max(1024, 2 ** Math.ceil(Math.log2(length)))
}

function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > 64) to.set(from.subarray(start, end), at)
  else for (let index = start; index < end; index++) to[at + index - start] = from[index]!
}
