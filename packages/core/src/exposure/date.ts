const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** A day, as an ISO date. */
type Day = string

/** The day that a text names, in any of the forms advisories and labels use; undefined when it names none. */
export function findDay(text: string): Day | undefined {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text)
  if (iso) return dayOf(iso[1], iso[2], iso[3])
  const american = /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/.exec(text)
  if (american) return dayOf(american[3], american[1], american[2])
  const named = /\b([a-z]{3,9})\.?\s+(?:(\d{1,2}),?\s+)?(\d{4})\b/i.exec(text)
  const month = monthOf(named?.[1])
  return named && month !== undefined ? dayOf(named[3], String(month), named[2] ?? '1') : undefined
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
