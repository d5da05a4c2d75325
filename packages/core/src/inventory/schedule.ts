export const INTERVAL_UNITS = ['day', 'week', 'month', 'year'] as const
export const SCHEDULE_PROGRAMS = ['manufacturer', 'alternate'] as const

/** Preventive maintenance that comes again. Dates are ISO dates. */
export interface Schedule {
  readonly id: string
  /** What is done; an alternate schedule of the same name takes the place of the maker's. */
  readonly name: string
  readonly program: (typeof SCHEDULE_PROGRAMS)[number]
  readonly every: number
  readonly unit: (typeof INTERVAL_UNITS)[number]
  readonly starts: string
  /** Counted from when it was last done, or from the calendar. */
  readonly basis: 'done' | 'calendar'
}

export interface Due {
  readonly lastDone: string | undefined
  /** Undefined while another schedule takes its place. */
  readonly next: string | undefined
  readonly isOverdue: boolean
  readonly replacedBy: string | undefined
}

/** When each schedule is due next, by what was done. */
export function dueDates(
  schedules: readonly Schedule[],
  done: readonly { readonly date: string; readonly scheduleId: string | undefined }[],
  today: string,
): ReadonlyMap<string, Due> {
  const alternates = new Map(
    schedules.filter(({ program }) => program === 'alternate').map((one) => [fold(one.name), one]),
  )
  return new Map(
    schedules.map((schedule) => {
      const other = alternates.get(fold(schedule.name))
      const replacedBy =
        schedule.program === 'manufacturer' && other !== undefined ? other.id : undefined
      const lastDone = done
        .filter(({ scheduleId }) => scheduleId === schedule.id)
        .map(({ date }) => date)
        .toSorted()
        .at(-1)
      const next = replacedBy === undefined ? nextDue(schedule, lastDone) : undefined
      return [
        schedule.id,
        { lastDone, next, isOverdue: next !== undefined && next < today, replacedBy },
      ]
    }),
  )
}

const DAYS = { day: 1, week: 7, month: 30, year: 365 } as const

/** How many days before its date maintenance counts for that date: a quarter of the interval, a month at most. */
export function earlyDays({ every, unit }: Pick<Schedule, 'every' | 'unit'>): number {
  return Math.min(31, Math.floor((every * DAYS[unit]) / 4))
}

function nextDue({ every, unit, starts, basis }: Schedule, lastDone: string | undefined): string {
  if (lastDone === undefined) return starts
  if (basis === 'done') return addInterval(lastDone, every, unit)
  // The first day of the calendar that it was not done for; a little early is done for the day that comes.
  const counted = addInterval(lastDone, earlyDays({ every, unit }), 'day')
  for (let n = 0; n < 5000; n++) {
    const date = addInterval(starts, n * every, unit)
    if (date > counted) return date
  }
  return addInterval(lastDone, every, unit)
}

/** A month after the 31st of January is the last of February, not the third of March. */
function addInterval(date: string, count: number, unit: Schedule['unit']): string {
  const [year = 1970, month = 1, day = 1] = date.split('-').map(Number)
  if (unit === 'day' || unit === 'week') {
    return addDays(date, unit === 'week' ? count * 7 : count)
  }
  const months = month - 1 + (unit === 'year' ? count * 12 : count)
  const last = new Date(Date.UTC(year, months + 1, 0)).getUTCDate()
  return isoDate(new Date(Date.UTC(year, months, Math.min(day, last))))
}

/** The ISO date so many days later, or earlier. */
export function addDays(date: string, days: number): string {
  return isoDate(new Date(Date.parse(date) + days * 86_400_000))
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function fold(name: string): string {
  return name.trim().toLowerCase()
}
