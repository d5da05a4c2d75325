import type { Stored } from '../store/outbox.ts'

/** Publishers wait while messages of more letters than these wait; up to here they are kept for the delivery. */
const MOST_LETTERS = 16_000_000

/** Messages that were published here and wait, so that they need not be fetched, and the publishers that wait for room. */
export class AtHand {
  readonly #limit: number
  readonly #texts = new Map<number, string>()
  #letters = 0
  #room: (() => void)[] = []

  /** Publishers wait while so many messages wait, too. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** JSON of messages by `seq`. */
  get texts(): ReadonlyMap<number, string> {
    return this.#texts
  }

  keep({ seq, text }: Stored): void {
    // While a stage cannot go on, publishers are let in now and then all the same.
    if (this.#letters >= 2 * MOST_LETTERS) return
    this.#texts.set(seq, text)
    this.#letters += text.length
  }

  letGo(position: number): void {
    for (const [seq, text] of this.#texts) {
      if (seq > position) continue
      this.#texts.delete(seq)
      this.#letters -= text.length
    }
  }

  async waitForRoom(): Promise<void> {
    if (this.#isFull()) await new Promise<void>((resolve) => this.#room.push(resolve))
  }

  letInWhereRoom(): void {
    if (!this.#isFull()) this.letIn()
  }

  /** Lets all in that wait, room or not. */
  letIn(): void {
    for (const resolve of this.#room.splice(0)) resolve()
  }

  #isFull(): boolean {
    return this.#texts.size >= this.#limit || this.#letters >= MOST_LETTERS
  }
}
