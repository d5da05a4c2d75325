const WINDOW_MS = 60_000
const LIMIT_PER_NAME = 5
const LIMIT_PER_ADDRESS = 30
/** A flood of invented names must not fill the memory. */
const MOST_KEYS = 10_000

/** Counts sign-ins by name and by address until they succeed. */
export class Attempts {
  readonly #failures = new Map<string, { count: number; until: number }>()

  /**
   * False when there were too many. Counted before the password is looked at: that takes a while, in which
   * hundreds of guesses could come at once.
   */
  tryOne(username: string, address: string, now: number): boolean {
    const keys = [`name ${username}`, `address ${address}`] as const
    if (this.#countOf(keys[0], now) >= LIMIT_PER_NAME) return false
    if (this.#countOf(keys[1], now) >= LIMIT_PER_ADDRESS) return false
    for (const key of keys) {
      const count = this.#countOf(key, now) + 1
      const until = count === 1 ? now + WINDOW_MS : (this.#failures.get(key)?.until ?? now)
      this.#failures.delete(key)
      this.#failures.set(key, { count, until })
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= MOST_KEYS) break
      this.#failures.delete(key)
    }
    return true
  }

  /** The right password: what was counted for it is taken back. */
  succeed(username: string, address: string): void {
    this.#failures.delete(`name ${username}`)
    const shared = this.#failures.get(`address ${address}`)
    if (shared !== undefined) shared.count = Math.max(0, shared.count - 1)
  }

  #countOf(key: string, now: number): number {
    const found = this.#failures.get(key)
    if (found === undefined) return 0
    if (found.until > now) return found.count
    this.#failures.delete(key)
    return 0
  }
}
