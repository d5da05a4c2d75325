const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** A day, as an ISO date. */
type Day = string

/** The day that a text names, in any of the forms advisories and labels use; undefined when it names none. */
export function findDay(text: string): Day | undefined {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text)
  if (iso) return dayOf(iso[1], iso[2], iso[3])
  const american = /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/.exec(text)
  if (american) return dayOf(american[3], american[1], american[2])
  const european = /\b(\d{1,2})[-. ]+([a-z]{3,9})[-.,]?\s*(\d{4})\b/i.exec(text)
  const other = monthOf(european?.[2])
  if (european && other !== undefined) return dayOf(european[3], String(other), european[1])
  const named = /\b([a-z]{3,9})[-.\s]+(?:(\d{1,2}),?\s+)?(\d{4})\b/i.exec(text)
  const month = monthOf(named?.[1])
  return named && month !== undefined ? dayOf(named[3], String(month), named[2] ?? '1') : undefined
}

/** The days that a text may mean: one, or those of a month that it names alone (`08/2017`, `2017-08`, `Aug 2017`). */
export function findDays(text: string): { readonly from: Day; readonly to: Day } | undefined {
  const [, month, year] = /(?<![\d/])(\d{1,2})\/((?:19|20)\d\d)\b/.exec(text) ?? []
  const [, isoYear, isoMonth] = /\b((?:19|20)\d\d)-(\d{2})\b(?!-)/.exec(text) ?? []
  const [ofYear, ofMonth] = [year ?? isoYear, month ?? isoMonth]
  const numbered = ofYear === undefined ? undefined : dayOf(ofYear, ofMonth, '1')
  const named = /(?<![\d.-] ?)\b([a-z]{3,9})[-. ]+\d{4}\b/i.exec(text)?.[1]
  const isMonth =
    monthOf(named) !== undefined && !/\b\d{1,2}[-. ]+[a-z]{3,9}[-.,]?\s*\d{4}/i.test(text)
  const day = numbered ?? findDay(text)
  if (day === undefined) return undefined
  const to = numbered !== undefined || isMonth ? endOfMonth(day) : day
  return to === undefined ? undefined : { from: day, to }
}

/** The first and the last day of `between 2016-August 2018` or `between 26-June-2017 through 07-August 2018`. */
export function findSpan(text: string): { readonly from: Day; readonly to: Day } | undefined {
  const [, first, last] = SPAN_OF_WORDS.exec(text) ?? SPAN.exec(text) ?? []
  if (first === undefined || last === undefined) return undefined
  const from = findDay(first) ?? (/^\d{4}$/.test(first) ? `${first}-01-01` : undefined)
  const to = /^[a-z]+\.? \d{4}$/i.test(last.trim()) ? endOfMonth(findDay(last)) : findDay(last)
  return from === undefined || to === undefined ? undefined : { from, to }
}

const SPAN_OF_WORDS =
  /\bbetween\s+([\w ,./-]{4,20}?)\s+(?:to|through|and)\s+(?=\d|[A-Z][a-z])([^)]{6,20})/
const SPAN = /\bbetween\s+([^)]{4,20}?)\s*[-–]\s*(?=\d|[A-Z][a-z])([^)]{6,20})/

function endOfMonth(day: Day | undefined): Day | undefined {
  if (day === undefined) return undefined
  const [year, month] = day.split('-').map(Number)
  return new Date(Date.UTC(year ?? 0, month ?? 0, 0)).toISOString().slice(0, 10)
}

/** True for a text that names a month, with or without day and year. */
export function isDated(text: string): boolean {
  if (findDay(text) !== undefined) return true
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  return /\d/.test(text) && words.some((word) => monthOf(word) !== undefined && word.length > 2)
}

function monthOf(word: string | undefined): number | undefined {
  if (word === undefined || word.length < 3) return undefined
  const lower = word.toLowerCase()
  const index = MONTHS.findIndex((month) => lower.startsWith(month))
  return index >= 0 && isMonthName(lower, index) ? index + 1 : undefined
}

const LONG =
  'january february march april may june july august september october november december'.split(' ')

function isMonthName(word: string, index: number): boolean {
  return word.length === 3 || word === 'sept' || LONG[index] === word
}

function dayOf(year = '', month = '', day = ''): Day | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return Number.isNaN(Date.parse(text)) ? undefined : text
}
