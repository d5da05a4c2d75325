import { useSyncExternalStore } from 'react'
import { CLOCK_MS, sayAgo, sayDate, sayExact } from './words.ts'

let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    // Nobody looked at it meanwhile.
    now = Date.now()
    timer = setInterval(() => {
      now = Date.now()
      for (const one of listeners) one()
    }, CLOCK_MS)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The present, moving on twice a minute, one clock for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** An exact time, where the order of things matters more than how long ago they were; the distance on hover. */
export function Moment({ at }: { readonly at: string }) {
  const moment = useNow()
  return (
    <time dateTime={at} title={sayAgo(at, moment)} style={{ whiteSpace: 'nowrap' }}>
      {sayExact(at)}
    </time>
  )
}

/** A time as people say it, the exact one on hover. */
export function Time({
  at,
  none = 'never',
}: {
  readonly at?: string | undefined
  readonly none?: string
}) {
  const moment = useNow()
  if (at === undefined) return <span className="unknown-text">{none}</span>
  return (
    <time dateTime={at} title={sayExact(at)} style={{ whiteSpace: 'nowrap' }}>
      {sayAgo(at, moment)}
    </time>
  )
}

/** A clock that a plan set: says when it ran out. */
export function Due({ at }: { readonly at?: string | undefined }) {
  const moment = useNow()
  if (at === undefined) return <span className="quiet">no clock</span>
  const isLate = Date.parse(at) < moment
  return (
    <time
      dateTime={at}
      title={sayExact(at)}
      style={isLate ? { color: 'var(--critical-ink)', fontWeight: 600 } : undefined}
    >
      {isLate ? `overdue, was due ${sayAgo(at, moment)}` : `due ${sayAgo(at, moment)}`}
    </time>
  )
}

export function DateOf({
  date,
  none,
}: {
  readonly date?: string | undefined
  readonly none: string
}) {
  if (date === undefined) return <span className="unknown-text">{none}</span>
  return <time dateTime={date}>{sayDate(date)}</time>
}
