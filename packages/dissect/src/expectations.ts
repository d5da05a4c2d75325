/** Announced conversations that are waited for at the same time; beyond it the oldest is given up. */
const MOST = 4096
/** Microseconds that an announced conversation is waited for, and after its last match. */
const PATIENCE = 60e6

interface Expected {
  readonly protocol: string
  readonly until: number
}

/** Conversations that others announced (FTP's data, TFTP's transfer): which protocol is to come at which end. */
export class Expectations {
  readonly #ends = new Map<string, Expected>()
  /** Ports at which something was ever expected. */
  readonly #ports = new Uint8Array(65_536)

  /** False while nothing can be expected at this port, so that nobody need ask. */
  mayBeAt(port: number): boolean {
    return this.#ports[port] === 1 && this.#ends.size > 0
  }

  /** Expects a conversation at an end, `key` being its transport, IP address and port. */
  add(key: string, port: number, protocol: string, time: number): void {
    this.#ports[port] = 1
    this.#ends.delete(key)
    this.#ends.set(key, { protocol, until: time + PATIENCE })
    if (this.#ends.size <= MOST) return
    for (const oldest of this.#ends.keys()) {
      this.#ends.delete(oldest)
      break
    }
  }

  /** The protocol that is expected at an end at this time, if any. */
  at(key: string, time: number): string | undefined {
    const expected = this.#ends.get(key)
    if (expected === undefined) return undefined
    if (time <= expected.until) return expected.protocol
    this.#ends.delete(key)
    return undefined
  }
}
