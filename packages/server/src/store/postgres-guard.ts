import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres.ts'

const LOOK_EVERY_MS = 1000
/** A server that ends so often in a row will not stay. */
const MOST_RESTARTS = 5
const CALM_MS = 10 * 60_000

export interface GuardOptions extends EmbeddedPostgresOptions {
  /** Told when the server cannot be kept running; nothing works any more. */
  readonly onLoss: (error: Error) => void
}

/** Starts the embedded PostgreSQL, and starts it again when it ends by itself: killed, out of memory, disk full. */
export class PostgresGuard {
  readonly #options: GuardOptions
  readonly #timer: NodeJS.Timeout
  #server: EmbeddedPostgres
  #restart: Promise<void> | undefined
  #restarts: number[] = []

  private constructor(server: EmbeddedPostgres, options: GuardOptions) {
    this.#server = server
    this.#options = options
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  static async start(options: GuardOptions): Promise<PostgresGuard> {
    return new PostgresGuard(await startEmbeddedPostgres(options), options)
  }

  get server(): EmbeddedPostgres {
    return this.#server
  }

  /** Looks after it no more; the server goes on. */
  async leave(): Promise<void> {
    clearInterval(this.#timer)
    await this.#restart
  }

  #look(): void {
    if (this.#restart !== undefined || this.#server.isAlive()) return
    this.#restart = this.#again().finally(() => (this.#restart = undefined))
  }

  async #again(): Promise<void> {
    const { log, onLoss } = this.#options
    const now = Date.now()
    this.#restarts = [...this.#restarts.filter((time) => time > now - CALM_MS), now]
    try {
      if (this.#restarts.length > MOST_RESTARTS) {
        throw new Error('PostgreSQL ends again and again; see postgres.log in the data folder.')
      }
      log?.('PostgreSQL ended by itself; starting it again.')
      const { host } = this.#server
      this.#server = await startEmbeddedPostgres(this.#options)
      if (this.#server.host !== host) throw new Error('PostgreSQL is elsewhere now: start again.')
    } catch (error) {
      clearInterval(this.#timer)
      onLoss(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
