/** Longest line that is read, in bytes; what goes beyond it is passed over up to the next line. */
const LONGEST_LINE = 1 << 20
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Takes a line's text (without its end), or undefined for one that was too long. */
export type TakeLine = (text: string | undefined) => void

/** Cuts a stream of bytes into lines of UTF-8 text. Holds at most one line. */
export class LineCutter {
  readonly #take: TakeLine
  #held: Buffer[] = []
  #length = 0
  #isTooLong = false

  constructor(take: TakeLine) {
    this.#take = take
  }

  push(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let from = 0
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      this.#hold(chunk.subarray(from, at))
      this.#finish()
      from = at + 1
    }
    // The chunk's memory is used again: what stays is copied.
    if (from < chunk.length) this.#hold(Buffer.from(chunk.subarray(from)))
  }

  /** The last line, where no line feed ends it. */
  end(): void {
    if (this.#length > 0 || this.#isTooLong) this.#finish()
  }

  #hold(piece: Buffer): void {
    if (this.#isTooLong) return
    this.#length += piece.length
    if (this.#length <= LONGEST_LINE) {
      this.#held.push(piece)
      return
    }
    this.#isTooLong = true
    this.#held = []
  }

  #finish(): void {
    const held = this.#held
    const line = held.length === 1 ? held[0]! : Buffer.concat(held)
    const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length
    this.#take(this.#isTooLong ? undefined : line.toString('utf8', 0, end))
    this.#held = []
    this.#length = 0
    this.#isTooLong = false
  }
}
