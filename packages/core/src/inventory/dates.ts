/** Which of two numbers before the year is the day. */
export const DATE_ORDERS = ['auto', 'day-first', 'month-first'] as const
export type DateOrder = (typeof DATE_ORDERS)[number]

/** What a column shows: `unclear` when every date fits both ways, `mixed` when it holds both. */
export type FoundOrder = 'day-first' | 'month-first' | 'unclear' | 'mixed' | 'none'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const NUMBERS = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T,].*)?$/

/** Reads the order of day and month off a whole column: one date with a number above twelve settles it. */
export function findDateOrder(cells: Iterable<string>): FoundOrder {
  let isDayFirst = false
  let isMonthFirst = false
  let isAny = false
  for (const cell of cells) {
    const found = NUMBERS.exec(cell)
    if (!found || found[2] === '.') continue
    isAny = true
    if (Number(found[1]) > 12) isDayFirst = true
    else if (Number(found[3]) > 12) isMonthFirst = true
  }
  if (isDayFirst && isMonthFirst) return 'mixed'
  if (isDayFirst) return 'day-first'
  if (isMonthFirst) return 'month-first'
  return isAny ? 'unclear' : 'none'
}

/** A date as ISO text. Undefined when it is none, or when day and month cannot be told apart under `order`. */
export function readDate(cell: string, order: FoundOrder): string | undefined {
  return readIso(cell) ?? readSerialDay(cell) ?? readNumbers(cell, order) ?? readWords(cell)
}

function readIso(cell: string): string | undefined {
  const found = /^(\d{4})([-/.]?)(\d{2})\2(\d{2})(?:[T ].*)?$/.exec(cell)
  return found ? isoOf(Number(found[1]), Number(found[3]), Number(found[4])) : undefined
}

/** Days since 1899-12-30, as spreadsheets count them; from 1954 to 2119, so that no year is taken for one. */
function readSerialDay(cell: string): string | undefined {
  const found = /^(\d{5})(?:[.,]\d+)?$/.exec(cell)
  const days = Number(found?.[1] ?? 0)
  if (days < 20_000 || days > 80_000) return undefined
  return new Date(Date.UTC(1899, 11, 30) + days * 86_400_000).toISOString().slice(0, 10)
}

function readNumbers(cell: string, order: FoundOrder): string | undefined {
  const found = NUMBERS.exec(cell)
  if (!found) return undefined
  const [first, second, year] = [Number(found[1]), Number(found[3]), fullYear(found[4] ?? '')]
  if (found[2] === '.' || first > 12) return isoOf(year, second, first)
  if (second > 12) return isoOf(year, first, second)
  if (first === second) return isoOf(year, first, second)
  if (order === 'day-first') return isoOf(year, second, first)
  return order === 'month-first' ? isoOf(year, first, second) : undefined
}

/** `3 Jan 2024`, `03-JAN-24`, `January 3, 2024`. */
function readWords(cell: string): string | undefined {
  const dayFirst = /^(\d{1,2})[ .-]+(\p{L}{3,9})\.?[ ,.-]+(\d{4}|\d{2})(?:[ T,].*)?$/u.exec(cell)
  const monthFirst =
    /^(\p{L}{3,9})\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?,?[ -]+(\d{4})(?:[ T,].*)?$/u.exec(cell)
  const [day, word, year] = dayFirst
    ? [dayFirst[1], dayFirst[2], dayFirst[3]]
    : [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]]
  const month = MONTHS.indexOf((word ?? '').slice(0, 3).toLowerCase()) + 1
  return month === 0 ? undefined : isoOf(fullYear(year ?? ''), month, Number(day))
}

function fullYear(text: string): number {
  const year = Number(text)
  if (text.length > 2) return year
  return year < 70 ? 2000 + year : 1900 + year
}

function isoOf(year: number, month: number, day: number): string | undefined {
  const time = Date.UTC(year, month - 1, day)
  const iso = Number.isNaN(time) || year < 1900 || year > 2200 ? '' : new Date(time).toISOString()
  const isReal = Number(iso.slice(5, 7)) === month && Number(iso.slice(8, 10)) === day
  return isReal ? iso.slice(0, 10) : undefined
}
