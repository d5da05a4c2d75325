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

/** How many things of these types changed after `since` (milliseconds since 1970); `id` narrows it to one. */
export function useChangesSince(types: readonly EventType[], since: number, id?: string): number {
  const seen = useSyncExternalStore(liveChanges.subscribe, liveChanges.snapshot)
  const times = types.flatMap((type) => {
    const ids = seen.get(type)
    if (!ids) return []
    return id === undefined ? [...ids.values()] : [ids.get(id) ?? 0]
  })
  return times.filter((time) => time > since).length
}

/** A page about one thing follows it by itself: nothing above or below moves. */
export function useFollow(
  types: readonly EventType[],
  id: string | undefined,
  query: { readonly dataUpdatedAt: number; readonly refetch: () => Promise<unknown> },
): void {
  const changes = useChangesSince(types, query.dataUpdatedAt, id)
  const { refetch } = query
  useEffect(() => {
    if (changes > 0) void refetch()
  }, [changes, refetch])
}

/** Keeps the stream of changes open while somebody is signed in. */
export function useLiveStream(): void {
  useEffect(() => liveChanges.connect(), [])
}
