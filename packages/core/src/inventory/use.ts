const HOUR_MS = 3_600_000
const HOURS_OF_WEEK = 168

/** What one hour of the week shows of a device. */
export interface UseCell {
  /** 0 is Monday, 0 to 1 o'clock, in the time of the site. */
  readonly hour: number
  /** Such hours in which a sensor looked; 0: nothing is known. */
  readonly looked: number
  /** Such hours in which the device sent or received. */
  readonly active: number
  /** Bytes in an hour that was looked at, on average. */
  readonly bytes: number
}

export interface HourOfTraffic {
  /** Start of the hour, milliseconds since 1970. */
  readonly hour: number
  readonly bytes: number
}

/** A time in which a sensor heard, both ends milliseconds since 1970. */
export interface LookedAt {
  readonly from: number
  readonly until: number
}

/**
 * Use by hour of the week. An hour in which no sensor looked says nothing: it counts neither as use nor as rest.
 * `offset`: milliseconds of the site's clock ahead of UTC at a moment.
 */
export function useByHour(
  traffic: readonly HourOfTraffic[],
  looked: readonly LookedAt[],
  window: LookedAt,
  offset: (at: number) => number,
): readonly UseCell[] {
  const cells = Array.from({ length: HOURS_OF_WEEK }, () => ({ looked: 0, active: 0, bytes: 0 }))
  const bytesOf = new Map<number, number>()
  for (const { hour, bytes } of traffic) bytesOf.set(hour, (bytesOf.get(hour) ?? 0) + bytes)
  const first = Math.floor(window.from / HOUR_MS) * HOUR_MS
  for (let hour = first; hour < window.until; hour += HOUR_MS) {
    const bytes = bytesOf.get(hour)
    const isLooked =
      bytes !== undefined || looked.some(({ from, until }) => from < hour + HOUR_MS && until > hour)
    if (!isLooked) continue
    const cell = cells[hourOfWeek(hour + offset(hour))]
    if (cell === undefined) continue
    cell.looked++
    if (bytes === undefined) continue
    cell.active++
    cell.bytes += bytes
  }
  return cells.map(({ looked: times, active, bytes }, hour) => ({
    hour,
    looked: times,
    active,
    bytes: times === 0 ? 0 : Math.round(bytes / times),
  }))
}

/** 1970-01-01 was a Thursday: its first hour is the 72nd of a week that begins on Monday. */
function hourOfWeek(local: number): number {
  const hour = Math.floor(local / HOUR_MS) + 72
  return ((hour % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK
}
