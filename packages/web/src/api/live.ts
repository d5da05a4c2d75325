import { EVENTS_PATH, EVENT_TYPES, type EventType } from '@wardkeeper/contract'
import { useEffect, useSyncExternalStore } from 'react'

type Seen = ReadonlyMap<EventType, ReadonlyMap<string, number>>

const ANNOUNCE_EVERY_MS = 1000
const REMEMBER_AT_MOST = 10_000

/**
 * What changed on the server since it was last asked. Lists announce a number and wait; they never move by themselves.
 * Announced at most once a second, because a capture that is being read changes thousands of devices.
 */
class LiveChanges {
  #source: EventSource | undefined
  #seen: Seen = new Map()
  #incoming = new Map<EventType, Map<string, number>>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #listeners = new Set<() => void>()

  connect(): () => void {
    const source = new EventSource(EVENTS_PATH)
    for (const type of EVENT_TYPES) {
      source.addEventListener(type, (event: MessageEvent<string>) => this.#note(type, event.data))
    }
    this.#source = source
    return () => {
      source.close()
      this.#source = undefined
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): Seen => this.#seen

  /** True while the stream is open; undefined before it was opened. */
  get isOpen(): boolean | undefined {
    return this.#source && this.#source.readyState === EventSource.OPEN
  }

  forget(): void {
    this.#incoming.clear()
    this.#publish(new Map())
  }

  #note(type: EventType, data: string): void {
    const id = idOf(data)
    const ids = this.#incoming.get(type) ?? new Map<string, number>(this.#seen.get(type) ?? [])
    if (ids.size < REMEMBER_AT_MOST || ids.has(id)) ids.set(id, Date.now())
    this.#incoming.set(type, ids)
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#publish(new Map([...this.#seen, ...this.#incoming]))
      this.#incoming.clear()
    }, ANNOUNCE_EVERY_MS)
  }

  #publish(seen: Seen): void {
    this.#seen = seen
    for (const listener of this.#listeners) listener()
  }
}

function idOf(data: string): string {
  try {
    const body: unknown = JSON.parse(data)
    if (typeof body === 'object' && body !== null && 'id' in body) return String(body.id)
  } catch {
    // A line that is not JSON still says that something of this type changed.
  }
  return ''
}

export const liveChanges = new LiveChanges()

interface Followed {
  /** When the answer was asked for, in milliseconds since 1970. */
  readonly dataUpdatedAt: number
  readonly refetch: (options?: { readonly cancelRefetch?: boolean }) => Promise<unknown>
}

/** How many things of these types changed since the answer was asked for; `id` narrows it to one. */
export function useChangesSince(
  types: readonly EventType[],
  { dataUpdatedAt }: Pick<Followed, 'dataUpdatedAt'>,
  id?: string,
): number {
  const seen = useSyncExternalStore(liveChanges.subscribe, liveChanges.snapshot)
  const times = types.flatMap((type) => {
    const ids = seen.get(type)
    if (!ids) return []
    return id === undefined ? [...ids.values()] : [ids.get(id) ?? 0]
  })
  return times.filter((time) => time > dataUpdatedAt).length
}

/** Asks again after something changed, of `id` alone where it is given: for pages on which nothing moves by it. */
export function useFollow(
  types: readonly EventType[],
  query: Followed,
  { id, delayMs = 0 }: { readonly id?: string | undefined; readonly delayMs?: number } = {},
): void {
  const isBehind = useChangesSince(types, query, id) > 0
  const { dataUpdatedAt, refetch } = query
  useEffect(() => {
    if (!isBehind) return undefined
    // Who is on the way is waited for: what it does not tell yet is asked for after it.
    const timer = setTimeout(() => void refetch({ cancelRefetch: false }), delayMs)
    return () => clearTimeout(timer)
  }, [isBehind, dataUpdatedAt, refetch, delayMs])
}

/** Keeps the stream of changes open while somebody is signed in. */
export function useLiveStream(): void {
  useEffect(() => liveChanges.connect(), [])
}
