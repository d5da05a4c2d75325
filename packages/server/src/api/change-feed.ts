import { randomBytes } from 'node:crypto'
import { EVENT_TYPES } from '@wardkeeper/contract'
import pg from 'pg'
import { CHANGES_CHANNEL, type Change } from '../store/changes.ts'

/** `id` says where in the feed it stands, for `since`. */
type Listener = (change: Change, id: string) => void

/** So many changes are remembered for those whose connection broke. */
const REMEMBERED = 2000
const RECONNECT_MS = 1000

/** Said when something may have been missed: everybody loads again. */
export const ANYTHING: readonly Change[] = EVENT_TYPES.map((type) => ({
  type,
  siteId: '*',
  ids: ['*'],
}))

/** Hears what every process of this database changes, and tells those who watch. */
export class ChangeFeed {
  readonly #connection: pg.ClientConfig
  readonly #listeners = new Set<Listener>()
  #client: pg.Client | undefined
  #isStopped = false
  /** Ids of another run of the program are not ids of this one. */
  readonly #run = randomBytes(6).toString('hex')
  #count = 0
  #recent: { readonly change: Change; readonly id: string }[] = []

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

  /** What came after the change with this id; undefined when that is not remembered any more. */
  since(id: string): readonly { readonly change: Change; readonly id: string }[] | undefined {
    const at = this.#recent.findIndex((one) => one.id === id)
    return at < 0 ? undefined : this.#recent.slice(at + 1)
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
    this.#pass(JSON.parse(payload) as Change)
  }

  #pass(change: Change): void {
    const id = `${this.#run}.${++this.#count}`
    this.#recent.push({ change, id })
    if (this.#recent.length > 2 * REMEMBERED) this.#recent = this.#recent.slice(-REMEMBERED)
    for (const listener of this.#listeners) listener(change, id)
  }

  #restart(client: pg.Client): void {
    if (this.#isStopped || this.#client !== client) return
    this.#client = undefined
    setTimeout(() => {
      if (this.#isStopped) return
      this.start().then(
        () => ANYTHING.forEach((change) => this.#pass(change)),
        () => this.#client && this.#restart(this.#client),
      )
    }, RECONNECT_MS).unref()
  }
}
