import type { Device } from '../vocabulary.ts'
import { deviceWords } from './advisory-index.ts'
import { withoutGroupedNumbers } from './catalogue.ts'
import type { Entry } from './entry.ts'
import type { Answer } from './range-answer.ts'
import type { Range } from './range.ts'
import {
  isModelNumber,
  isOfOpenNumber,
  isOpenNumber,
  joinNumbers,
  splitNumbers,
  tellingWords,
  withoutSerial,
  wordsOf,
} from './words.ts'

/** A catalogue number or a name stands in the range: the device's own words decide. */
export function answerOfName(
  device: Device,
  version: string | undefined,
  name: string,
  entry: Entry | undefined,
): Answer {
  const own = deviceWords(device)
  if (version !== undefined && plainOf(version) === plainOf(name)) return 'in'
  if (version !== undefined && isOfSameShape(version, name)) return 'out'
  const names = name
    .split(/\s+\/\s+/)
    .flatMap(withLetter)
    .map((one) => joinNumbers(wordsOf(one)))
  const product = numberedWords(entry?.product.product ?? '')
  if (names.some((words) => isNamed(words, own, product))) return 'in'
  const model = wordsOf(device.model)
  if (names.some((words) => words.length > 1 && hasLetters(model, words.join('')))) return 'in'
  if (isOfFamily(own, name)) return 'in'
  // The number in the version's place is that of another model; unless the model tells the listed one itself.
  const isTold = names.some((words) => words.some((word) => model.includes(word)))
  if (version !== undefined && !isTold && isOtherLetter(version, name)) return 'out'
  return hasOtherNumber(device.model, product, numbersOf(entry, names.flat())) ? 'out' : 'maybe'
}

/** `MMT-523(K)` is the MMT-523 and the MMT-523K. */
function withLetter(name: string): readonly string[] {
  const whole = name.replace(/(\d)\(([A-Z])\)/g, '$1$2')
  return whole === name ? [name] : [name.replace(/(\d)\([A-Z]\)/g, '$1'), whole]
}

/** Words next to each other have these letters: `CoaguChek XSPlus meter` those of the `CoaguChek XS Plus`. */
function hasLetters(words: readonly string[], letters: string): boolean {
  return words.some((_, at) => {
    let run = ''
    return words.slice(at).some((word) => (run += word) === letters)
  })
}

/** `A 51300` is A51300. */
function plainOf(text: string): string {
  return text.toLowerCase().replace(/[\s-]+/g, '')
}

/** `750-82xx/xxx-xxx`: each x stands for a digit, and a group of x alone may be left out. */
function isOfFamily(own: readonly string[], name: string): boolean {
  const words = wordsOf(name).filter((word) => !/^x+$/.test(word))
  return (
    words.some(isOpenNumber) &&
    words.every((word) => own.some((one) => one === word || isOfOpenNumber(one, word)))
  )
}

/** Words of all the names that stand in the range. */
function numbersOf(entry: Entry | undefined, own: readonly string[]): readonly string[] {
  const all = entry?.range.clauses.flatMap((one) => (one.kind === 'name' ? wordsOf(one.name) : []))
  return all === undefined || all.length === 0 ? own : joinNumbers(all)
}

/**
 * The device carries the number of a sister: `MMT-1780` where `MMT-1740` is listed. A number of another kind, as that of
 * a bed or a serial number, says nothing.
 */
function hasOtherNumber(
  model: string,
  product: readonly string[],
  wanted: readonly string[],
): boolean {
  const placed = withoutPlace(withoutSerial(model), product)
  const plain = withoutGroupedNumbers(placed).replace(/\bv\s?\d+(?:\.\d+)+\s*$/i, '')
  const numbers = wanted.filter((word) => /\d/.test(word))
  const own = numberedWords(plain)
  // One number of its own that is listed, also by its digits alone as in `PXC00/64/128-U`, and no other one clears it.
  const digits = new Set(numbers.flatMap((word) => word.match(/\d+/)?.[0] ?? []))
  // The S3 of the S3 bed is on every one of them.
  const isOwn = (word: string) => word.length > 3 || !product.includes(word)
  if (own.some((word) => numbers.includes(word) && isOwn(word))) return false
  if (/\d\/\d/.test(plain) && wordsOf(plain).some((word) => digits.has(word))) return false
  const shapes = new Set(numbers.map(shapeOf))
  const isOther = (word: string) => /\d/.test(word) && !product.includes(word)
  if (own.some((word) => isOther(word) && shapes.has(shapeOf(word)))) return true
  // `Omnipod 5` and `Omnipod 19190` where numbers of models are listed; the bed in brackets is none.
  if (!numbers.some(isModelNumber)) return false
  const words = numberedWords(plain.replace(/\([^()]*\)?/g, ' '))
  const isModel = (word: string) => /^\d{1,2}$/.test(word) || isModelNumber(word)
  return words.some(
    (word, at) => isModel(word) && isOther(word) && product.includes(words[at - 1] ?? ''),
  )
}

/** Where a thing stands, or what the hospital numbers it by. */
const PLACE =
  /(?<![\w-])(room|rm|bed|bay|ward|floor|level|unit|icu|nicu|picu|or|er|ed|lab|suite|tag|asset|inv|inventory|no|nr|id)[.:]?\s*#?\s*\d[\w-]*|#\s*\d[\w-]*/gi

/** `room 4101` is no model; the word before the number may be of the product's own name: `MedSurg Bed 3001`. */
function withoutPlace(model: string, product: readonly string[]): string {
  return model.replace(PLACE, (found, word?: string) =>
    word !== undefined && product.includes(word.toLowerCase()) ? found : ' ',
  )
}

/** `650c` and `620` are of one kind, and so are `mmt1780` and `mmt1740k`. */
function shapeOf(word: string): string {
  return word
    .replace(/(?<=\d)[a-z]{1,2}$/, '')
    .replace(/\d/g, '9')
    .replace(/[a-z]/g, 'a')
}

/** Words with numbers apart from the name before them and joined to a letter group. */
function numberedWords(name: string): readonly string[] {
  const words = wordsOf(name)
  return joinNumbers(splitNumbers(words) ?? words)
}

/** `2490G` is another model than `2490C`; an x is an open place. */
function isOtherLetter(version: string, name: string): boolean {
  const [own, wanted] = [version, name].map((text) => /^(\d{3,})[a-wyz]$/i.exec(text.trim())?.[1])
  return own !== undefined && own === wanted && plainOf(version) !== plainOf(name)
}

/** `R152` beside `R140`: what looks like the name of a model counts releases. */
function isOfSameShape(version: string, name: string): boolean {
  const [one, other] = [version, name].map((text) => /^([A-Z]+)\d+$/i.exec(text.trim()))
  return one !== undefined && one?.[1]?.toLowerCase() === other?.[1]?.toLowerCase() && one !== null
}

export function isNamed(
  words: readonly string[],
  own: readonly string[],
  product: readonly string[] = [],
): boolean {
  const numbers = words.filter(isModelNumber)
  if (numbers.some((word) => own.includes(word))) return true
  const short = words.filter((word) => /\d/.test(word))
  if (numbers.length === 0 && short.length > 0) return short.every((word) => own.includes(word))
  // `882300 Gemini 16 Slice` is another than the device that carries 882410.
  if (numbers.some((number) => own.some((word) => shapeOf(word) === shapeOf(number)))) return false
  const rest = tellingWords(words.join(' ')).filter((word) => !numbers.includes(word))
  // Words that the product's name has anyway tell nothing: `3002 S3` of the S3 bed is told by its number.
  const isTelling = numbers.length === 0 || rest.some((word) => !product.includes(word))
  return isTelling && rest.length > 0 && rest.every((word) => own.includes(word))
}

/** `653 MCE 3.x` of a VxWorks 653 is told by the rest, when the model has the number already. */
export function toldBy(device: Device, clause: Range['clauses'][number]): Range['clauses'][number] {
  const text =
    clause.kind === 'branch' ? clause.prefix : clause.kind === 'exact' ? clause.version : ''
  const [, first, rest] = /^(\d{3,})\s+(\S.*)$/.exec(text) ?? []
  if (first === undefined || rest === undefined || !deviceWords(device).includes(first))
    return clause
  return clause.kind === 'branch'
    ? { ...clause, prefix: rest }
    : { ...clause, kind: 'exact', version: rest }
}
