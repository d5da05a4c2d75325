import type { NumberRange } from './facts.ts'

/** Whether a serial or lot number is in one of the ranges; `maybe` where it counts in another way than they do. */
export function answerOfNumber(
  number: string | undefined,
  ranges: readonly NumberRange[],
): 'in' | 'out' | 'maybe' {
  if (number === undefined || number.trim() === '') return 'maybe'
  const own = tidy(number)
  const answers = ranges.map((range) => answerOf(own, range))
  if (answers.includes('in')) return 'in'
  return answers.includes('maybe') ? 'maybe' : 'out'
}

function tidy(number: string): string {
  return number
    .toUpperCase()
    .replace(/[\s.]+/g, '')
    .replace(/^(?:SN|S\/N):?/, '')
}

function answerOf(own: string, { from, to }: NumberRange): 'in' | 'out' | 'maybe' {
  const [low, high] = [from, to].map((one) => (one === undefined ? undefined : tidy(one)))
  if (low !== undefined && low === high) return low === own ? 'in' : sameOrMaybe(own, low)
  const answers = [compare(own, low), compare(high, own)]
  if (answers.includes(undefined)) return 'maybe'
  return answers.every((order) => order !== undefined && order >= 0) ? 'in' : 'out'
}

/**
 * A leading zero that a spreadsheet ate, a hyphen or the letters in front that one of the two leaves out must not
 * clear a device.
 */
function sameOrMaybe(own: string, other: string): 'out' | 'maybe' {
  const [one, two] = [bareOf(own), bareOf(other)]
  return one === two || (one !== '' && isLettered(two, one)) || isLettered(one, two)
    ? 'maybe'
    : 'out'
}

function bareOf(number: string): string {
  return number.replace(/[^A-Z0-9]/g, '').replace(/^0+/, '')
}

/** The other number with letters in front and nothing else: `DE12345` of `12345`. */
function isLettered(long: string, short: string): boolean {
  return (
    /^\d/.test(short) && long.endsWith(short) && /^[A-Z]+0*$/.test(long.slice(0, -short.length))
  )
}

/** Order of two numbers with the same letters in front and behind; undefined for others. An open end is always met. */
function compare(one: string | undefined, other: string | undefined): number | undefined {
  if (one === undefined || other === undefined) return 1
  const [a, b] = [partsOf(one), partsOf(other)]
  if (a === undefined || b === undefined) return undefined
  if (a.before !== b.before || a.after !== b.after) return undefined
  const length = Math.max(a.digits.length, b.digits.length)
  const [x, y] = [a.digits.padStart(length, '0'), b.digits.padStart(length, '0')]
  return x === y ? 0 : x < y ? -1 : 1
}

/** The last run of digits, and what stands around it. Read from the end: a pattern would try every beginning. */
function partsOf(number: string) {
  let end = number.length
  while (end > 0 && !isDigit(number.charCodeAt(end - 1))) end--
  let start = end
  while (start > 0 && isDigit(number.charCodeAt(start - 1))) start--
  if (start === end) return undefined
  return {
    before: number.slice(0, start),
    digits: number.slice(start, end),
    after: number.slice(end),
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
