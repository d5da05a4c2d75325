import pg from 'pg'
import { CHANGES_CHANNEL, type Change } from '../store/changes.ts'

type Listener = (change: Change) => void

const RECONNECT_MS = 1000

/** Hears what every process of this database changes, and tells those who watch. */
export class ChangeFeed {
  readonly #connection: pg.ClientConfig
  readonly #listeners = new Set<Listener>()
  #client: pg.Client | undefined
  #isStopped = false

  constructor(connection: pg.ClientConfig) {
    this.#connection = connection
  }

  async start(): Promise<void> {
    const client = new pg.Client({ ...this.#connection, application_name: 'wardkeeper changes' })
    this.#client = client
    client.on('notification', ({ payload }) => this.#tell(payload))
    client.on('error', () => this.#restart(client))
    client.on('end', () => this.#restart(client))
    await client.connect()
    await client.query(`listen ${CHANGES_CHANNEL}`)
  }

  /** Answers with the function that ends the watch. */
  watch(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  get watchers(): number {
    return this.#listeners.size
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#listeners.clear()
    await this.#client?.end()
  }

  #tell(payload: string | undefined): void {
    if (payload === undefined) return
    const change = JSON.parse(payload) as Change
    for (const listener of this.#listeners) listener(change)
  }

  #restart(client: pg.Client): void {
    if (this.#isStopped || this.#client !== client) return
    this.#client = undefined
    setTimeout(() => {
      if (!this.#isStopped) this.start().catch(() => this.#client && this.#restart(this.#client))
    }, RECONNECT_MS).unref()
  }
}
