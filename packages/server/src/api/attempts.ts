const WINDOW_MS = 60_000
const LIMIT_PER_NAME = 5
const LIMIT_PER_ADDRESS = 30
/** A flood of invented names must not fill the memory. */
const MOST_KEYS = 10_000

/** Counts failed sign-ins by name and by address; a right password is not counted. */
export class Attempts {
  readonly #failures = new Map<string, { count: number; until: number }>()

  isTooMany(username: string, address: string, now: number): boolean {
    return (
      this.#countOf(`name ${username}`, now) >= LIMIT_PER_NAME ||
      this.#countOf(`address ${address}`, now) >= LIMIT_PER_ADDRESS
    )
  }

  fail(username: string, address: string, now: number): void {
    for (const key of [`name ${username}`, `address ${address}`]) {
      const count = this.#countOf(key, now) + 1
      const until = count === 1 ? now + WINDOW_MS : (this.#failures.get(key)?.until ?? now)
      this.#failures.delete(key)
      this.#failures.set(key, { count, until })
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= MOST_KEYS) break
      this.#failures.delete(key)
    }
  }

  succeed(username: string): void {
    this.#failures.delete(`name ${username}`)
  }

  #countOf(key: string, now: number): number {
    const found = this.#failures.get(key)
    if (found === undefined) return 0
    if (found.until > now) return found.count
    this.#failures.delete(key)
    return 0
  }
}
