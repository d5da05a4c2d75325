/** A product name, taken apart for comparison. */
export interface ProductName {
  /** Each must be met by one of its alternatives: `MX400-MX850`, `FM20/FM30`, `connex`. */
  readonly slots: readonly Slot[]
  /** Words and numbers in brackets: they may be met, and make the name known by another word. */
  readonly asides: readonly Slot[]
  /** Words such as app and server in it. */
  readonly kinds: readonly string[]
  /** What the name says it leaves out. */
  readonly without: readonly (readonly string[])[]
}

interface Slot {
  readonly words: readonly string[]
  readonly span?: { readonly prefix: string; readonly from: number; readonly to: number }
}

/** Words that say what kind of thing it is, but not which. */
const WEAK = new Set(
  `a aed all an and any app application are as at based bed between by cardiac cardiograph cardiographs certain
  crt d delivery device devices embedded enabled equipment fetal firmware for handheld hardware icd in infuser infusion
  insulin iot large management maternal medical model models module monitor monitors mobile multi new not number of on only
  option or patient platform product products programmer pump pumps recorder release running sc serial series
  server software station such syringe system systems the to type ultrasound unit units used ventilation
  ventilator version versions volume web which wifi wireless with wlan worn`.split(/\s+/),
)
/**
 * Words that say what a product is for. A product that has a name of its own is known without them, so that they
 * need not be met; the model of a device may repeat them.
 */
const DESCRIPTIVE = new Set(
  `air ambulatory analysis analyzer anesthesia automated bedside ciws computed diabetes diagnostic
  electrocardiograph ecg ekg energy glucose hemodialysis holter informatics information maintenance
  microbiology resting solution stress surgical testing therapy tomography utility`.split(/\s+/),
)
/** Words that tell a later or larger sister from the one without them: `Link` and `Link+`, `Inform` and `Inform II`. */
const GENERATION = new Set('ii iii iv lite max mini plus pro xl'.split(' '))
const SMALL = new Set(['of', 'the', 'and', 'for'])

/** `AS` in capitals after a name is a part of it, and no conjunction: `SOMATOM Definition AS`. */
const CAPITAL_AS = /(?<=[A-Za-z] )AS\b(?! [a-z])/g

/** The words of a name: lower case, no accents or signs. */
export function wordsOf(name: string): readonly string[] {
  const plain = (ASCII.test(name) ? name.replaceAll("'", '') : withoutAccents(name))
    .replaceAll('+', ' plus ')
    .replace(CAPITAL_AS, 'a.s')
    .toLowerCase()
  return plain.match(/[a-z0-9]+(?:\.[a-z0-9]+)*/g) ?? []
}

const ASCII = /^[\0-\x7f]*$/

function withoutAccents(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\p{M}®™©'’]/gu, '')
    .replace(/ß/g, 'ss')
}

/** The same words with a short letter group joined to its number: `EC 40` is `ec40`. */
export function joinNumbers(words: readonly string[]): readonly string[] {
  const joined: string[] = []
  for (const word of words) {
    const last = joined.at(-1)
    const isPair = last !== undefined && /^[a-z]{1,3}$/.test(last) && !WEAK.has(last)
    if (isPair && /^\d+[a-z]?$/.test(word)) joined[joined.length - 1] = last + word
    else joined.push(word)
  }
  return joined
}

/** Words of a name that tell it from another, or all of them where none does. */
export function tellingWords(name: string): readonly string[] {
  const words = wordsOf(name)
  const telling = words.filter((word) => !WEAK.has(word))
  return telling.length > 0 ? telling : words
}

/** Says something of which product it is, and not only of what kind. */
export function isTelling(word: string): boolean {
  return !WEAK.has(word)
}

/** A number that names one model among its sisters: `8015`, `mx40`, `670g`. */
export function isModelNumber(word: string): boolean {
  return word.length >= 4 && /\d{2}/.test(word) && !/^\d\.\d/.test(word)
}

/** Letters and digits that no other model of a maker has: `ex1150`, `35700bax2`. */
function isWholeNumber(word: string): boolean {
  return /^[a-z]{2,4}\d{4,}[a-z]?$/.test(word) || /^\d{4,}[a-z]{2,}\d*$/.test(word)
}

/** The names that one product entry holds: `Spot 4400 / Spot 4400 Extended Care` are two, `(PCU)` makes a second. */
export function compileNames(text: string): readonly ProductName[] {
  const [own = '', ...left] = text.split(/,?\s+(?:not including|excluding|except(?: for)?)\s+/i)
  const without = left.flatMap((part) => part.split(/\s+and\s+|,/)).map(exclusionOf)
  const shortened = own.replace(/\s+(?:a|an|used|which|that)\s+\S+ (?:used|to|with)\b.*$/i, '')
  const bare = shortened.replace(/\s+(?:used\s+)?(?:with|on)\s+Windows\b.*$/i, '')
  const parts = bare.split(LISTED_NAMES).flatMap((name) => [name, ...fusedTail(name)])
  return parts.flatMap((name) => compileName(name, without))
}

/** ` / ` is between names, and so is the bar of `Coronary Tools/Stentboost Live`, with words before and behind. */
const LISTED_NAMES = /\s+\/\s+|(?<=\w{4,} [A-Za-z]{4,})\/(?=[A-Z][a-z]{3,} [A-Z])/

/** `Alaris Gateway Workstation Alaris TIVA` begins twice: the second name is one of its own. */
function fusedTail(name: string): readonly string[] {
  const words = name.split(/\s+/)
  const again = words.lastIndexOf(words[0] ?? '')
  return again > 1 && again < words.length - 1 ? [words.slice(again).join(' ')] : []
}

/** `Venue 40 R1-3` leaves out the Venue 40; the revisions only say which there were. */
function exclusionOf(part: string): readonly string[] {
  return tellingWords(part.replace(/\bR\d+(?:-\d+)?\b/g, ''))
}

function compileName(text: string, without: ProductName['without']): readonly ProductName[] {
  const asides = [...text.matchAll(/\(([^()]*)\)?/g)].map((found) => found[1] ?? '')
  const base = text.replace(/\([^()]*\)?\)?/g, ' ')
  const aside = asides.flatMap((one) => slotsOf(one.replace(/^includ(?:ing|es)\s*/i, '')))
  const names = [base, ...asides.flatMap((one) => abbreviate(base, text, one) ?? [])]
  const kinds = wordsOf(base).filter((word) => KINDS.has(word))
  return names.map((name) => ({ slots: openSlots(name), asides: aside, kinds, without }))
}

/** `Point-of-Care Unit (PCU)`: the words that the abbreviation stands for, replaced by it. */
function abbreviate(base: string, text: string, short: string): string | undefined {
  if (!/^[A-Z][A-Za-z]{1,5}$/.test(short) || base.trim() === '') return undefined
  const before = text.slice(0, text.indexOf(`(${short}`))
  const words = before.split(/[\s-]+/).filter((word) => word !== '')
  const letters = short.toUpperCase()
  let at = words.length - 1
  let left = letters.length - 1
  for (; at >= 0 && left >= 0; at--) {
    const word = words[at] ?? ''
    if (word[0]?.toUpperCase() === letters[left]) left--
    else if (!SMALL.has(word.toLowerCase())) return undefined
  }
  if (left >= 0) return undefined
  const after = text.slice(text.indexOf(`(${short}`)).replace(/\([^()]*\)?/g, ' ')
  return `${words.slice(0, at + 1).join(' ')} ${short} ${after}`
}

/** `ELI 150c/BUR 150c`: of a list with bars, letters and number are one. */
const LISTED_NUMBER =
  /(?<![\w-])([A-Z]{2,6}) (\d+[a-z]?)(?=\/)|(?<=\/)([A-Z]{2,6}) (\d+[a-z]?)(?![\w-])/g
/** `CM Series` holds all whose number has these letters, `LH 700 Series` the LH 750, `2000 Series` the 2010. */
const SERIES =
  /(?<![\w-])(?:([A-Z]{2,6})|([A-Z]{0,5})[ -]?(\d{0,2}[1-9])(0{2,3}))(?=(?:-[A-Z])? (?:\w+ )?(?:series|family)\b)/gi

function seriesOf(whole: string, letters = '', prefix = '', digit = '', zeros = ''): string {
  if (letters !== '')
    return letters === letters.toUpperCase() ? `${letters}0-${letters}9999` : whole
  return `${prefix}${digit}${zeros}-${prefix}${digit}${zeros.replaceAll('0', '9')}`
}

/** `Ultrasound CX` holds the CX30 and the CX50: letters alone begin the number of a model. */
const ALONE = /\b[A-Z]{2,3}$/

function openSlots(name: string): readonly Slot[] {
  const slots = slotsOf(name)
  return slots.length === 1 && ALONE.test(name.trim()) ? slots.map(openPrefix) : slots
}

function openPrefix({ words, span }: Slot): Slot {
  const [prefix = ''] = words
  if (span !== undefined || !/^[a-z]{2,3}$/.test(prefix)) return { words, ...(span && { span }) }
  return { words, span: { prefix, from: 0, to: 9999 } }
}

function slotsOf(text: string): readonly Slot[] {
  const slots: Slot[] = []
  const whole = text.replace(CAPITAL_AS, 'a.s')
  const joined = whole.replace(/\s*\/\s*/g, '/').replace(LISTED_NUMBER, '$1$3$2$4')
  for (const piece of joined.replace(SERIES, seriesOf).split(/[\s,;]+/)) {
    for (const slot of slotsOfPiece(piece)) addSlot(slots, slot)
  }
  const telling = slots.filter(({ words, span }) => span || words.some((word) => !WEAK.has(word)))
  return telling.length > 0 ? telling : slots
}

/** Sisters named one after the other (`TC10 TC20 TC30`) are alternatives; `EC 40` is one word. */
function addSlot(slots: Slot[], slot: Slot): void {
  const last = slots.at(-1)
  const word = slot.words.length === 1 ? slot.words[0] : undefined
  const before = last?.words.at(-1)
  if (last === undefined || word === undefined || before === undefined) return void slots.push(slot)
  if (/^[a-z]{1,3}$/.test(before) && last.words.length === 1 && /^\d+[a-z]?$/.test(word)) {
    if (!WEAK.has(before)) return void slots.splice(-1, 1, { words: [before + word] })
  }
  const prefix = prefixOf(before)
  if (prefix !== undefined && prefix === prefixOf(word)) {
    return void slots.splice(-1, 1, { words: [...last.words, word] })
  }
  slots.push(slot)
}

function prefixOf(word: string): string | undefined {
  return /^([a-z]{1,3})\d+[a-z]?$/.exec(word)?.[1]
}

function isSeries(from: number, to: number): boolean {
  return from % 100 === 0 && /^[1-9]9{2,3}$/.test(String(to)) && to < from * 2
}

const SPAN = /^([a-z]{0,6})(\d{1,4})-\1?(\d{2,4})$/i

function slotsOfPiece(piece: string): readonly Slot[] {
  const span = SPAN.exec(piece)
  const [from, to] = [Number(span?.[2]), Number(span?.[3])]
  if (span?.[1] !== undefined && from < to) {
    const prefix = span[1].toLowerCase()
    // A series is also called by its own name: the `CM Series`, the `LH 700`.
    const words = from === 0 ? [prefix] : isSeries(from, to) ? [`${prefix}${from}`] : []
    return [{ words, span: { prefix, from, to } }]
  }
  if (!piece.includes('/')) return wordsOf(piece).map((word) => ({ words: [word] }))
  const parts = piece
    .split('/')
    .map(wordsOf)
    .filter((words) => words.length > 0)
  const isChoice =
    parts.some((words) => words.some((word) => /\d/.test(word) || word.length > 4)) ||
    areSisters(parts.flat())
  if (!isChoice) return parts.flat().map((word) => ({ words: [word] }))
  return [{ words: spreadPrefix(parts.flat()) }]
}

/** `FCN/FCJ` are two of a kind, `PET/CT` is one thing. */
function areSisters(words: readonly string[]): boolean {
  const [first = ''] = words
  return (
    first.length > 2 && words.every((word) => word.length > 2 && word.startsWith(first.slice(0, 2)))
  )
}

/** `MX800/700/600` means MX800, MX700 and MX600. */
function spreadPrefix(words: readonly string[]): readonly string[] {
  let prefix = ''
  return words.map((word) => {
    prefix = prefixOf(word) ?? (/^\d/.test(word) ? prefix : '')
    return /^\d/.test(word) ? prefix + word : word
  })
}

export interface Likeness {
  /** `same`: the product, or one of its family; `vague`: the device's name leaves open which one. */
  readonly kind: 'same' | 'vague' | 'other'
  /** Words in common. */
  readonly shared: number
}

const OTHER: Likeness = { kind: 'other', shared: 0 }

/** How many words of a model the remarks in brackets of a name have, as `FACSMelody` of `(HP Z2, FACSMelody)`. */
export function countAsides({ apart }: ModelWords, { asides }: ProductName): number {
  return apart.filter((word) => isMetBy(word, asides)).length
}

/** The name without its remarks, to tell whether two names are of one product. */
export function baseOf({ slots }: ProductName): string {
  return slots.map(({ words, span }) => words.join('/') + (span?.prefix ?? '')).join(' ')
}

/** A device's model as words, read once: with short letter groups apart from their numbers, and joined. */
export interface ModelWords {
  readonly apart: readonly string[]
  readonly joined: readonly string[]
  readonly isSoftware: boolean
}

/** What users write short and advisories in full. */
const SPELT_OUT: Readonly<Record<string, readonly string[]>> = { pcu: ['pc', 'unit'] }

export function readModel(model: string): ModelWords {
  const apart = wordsOf(model).flatMap((word) => [word, ...(SPELT_OUT[word] ?? [])])
  return { apart, joined: joinNumbers(apart), isSoftware: apart.includes('software') }
}

/** How a device's model stands to a product; `maker` holds words of the maker's names. */
export function likenessOf(
  { apart, joined, isSoftware }: ModelWords,
  name: ProductName,
  maker: ReadonlySet<string>,
): Likeness {
  const one = likenessOfWords(apart, name, maker, isSoftware)
  if (one.kind === 'same') return one
  const other = likenessOfWords(joined, name, maker, isSoftware)
  return other.kind === 'other' ? one : other
}

function likenessOfWords(
  model: readonly string[],
  name: ProductName,
  maker: ReadonlySet<string>,
  isSoftware: boolean,
): Likeness {
  if (
    name.without.some((words) => words.length > 0 && words.every((word) => model.includes(word)))
  ) {
    return OTHER
  }
  const telling = model.filter((word) => !WEAK.has(word) && !maker.has(word))
  const needed = withoutPurpose(withoutMaker(name.slots, maker))
  const met = needed.filter((slot) => model.some((word) => meets(word, slot)))
  const all = [...name.slots, ...name.asides]
  if (model.some((word) => GENERATION.has(word) && !isMetBy(word, all))) return OTHER
  if (met.length === needed.length && met.length > 0) return { kind: 'same', shared: met.length }
  const common = telling.filter((word) => isMetBy(word, all))
  const shared = common.length
  const isNumbered = common.some(isModelNumber)
  const hasMore = shared > 1 || met.length > 1
  // Two programs of one numbered instrument have the number in common, and versions of their own.
  if (isNumbered && hasMore && !isSoftware) return { kind: 'same', shared }
  if (common.some(isWholeNumber) && !isSoftware) return { kind: 'same', shared }
  const isInside = telling.length > 0 && shared === telling.length
  if (!isInside) return isAbbreviated(telling, name) ? { kind: 'same', shared: 1 } : OTHER
  if (isNumbered || telling.every((word) => isMetBy(word, name.asides)))
    return { kind: 'same', shared }
  const open = needed.filter((slot) => !met.includes(slot))
  // `Inform II` is another than the Inform; the plus of a further name inside says nothing.
  const isOtherSister = needed.some(
    (slot, at) =>
      open.includes(slot) &&
      slot.words.some((word) => GENERATION.has(word)) &&
      met.includes(needed[at - 1] ?? slot),
  )
  return isOtherSister ? OTHER : { kind: 'vague', shared }
}

/** Words that say of software and machines what they are; another such word names another thing. */
const KINDS = new Set('app application server software workstation'.split(' '))

/** Which of a model's words a name has, and whether all of the name is met. */
export function metWords(
  { apart, joined }: ModelWords,
  name: ProductName,
  maker: ReadonlySet<string>,
): { readonly met: ReadonlySet<string>; readonly isWhole: boolean; readonly isOtherKind: boolean } {
  const words = new Set([...apart, ...joined])
  const all = [...name.slots, ...name.asides]
  const met = new Set([...words].filter((word) => !WEAK.has(word) && isMetBy(word, all)))
  const needed = withoutPurpose(withoutMaker(name.slots, maker))
  return {
    met,
    isWhole: needed.every((slot) => [...words].some((word) => meets(word, slot))),
    isOtherKind: name.kinds.some((kind) => !words.has(kind)),
  }
}

function isMetBy(word: string, slots: readonly Slot[]): boolean {
  return slots.some((slot) => meets(word, slot))
}

/** `PIC iX` and `(PICiX)` are one. */
function isAbbreviated(telling: readonly string[], { asides }: ProductName): boolean {
  const short = telling.join('')
  return short.length > 2 && asides.some(({ words }) => words.includes(short))
}

/** The maker's own name in a product name need not be met, as long as enough is left to tell it. */
function withoutMaker(slots: readonly Slot[], maker: ReadonlySet<string>): readonly Slot[] {
  const rest = slots.filter(({ words, span }) => span || !words.every((word) => maker.has(word)))
  return rest.length > 0 ? rest : slots
}

/** Slots that say what it is for need not be met where enough is left to tell it. */
function withoutPurpose(slots: readonly Slot[]): readonly Slot[] {
  const own = slots.filter(
    ({ words, span }) => span || !words.every((word) => DESCRIPTIVE.has(word)),
  )
  return own.some(isDistinct) ? own : slots
}

/** A word long enough, or a number, that tells a product by itself. */
function isDistinct({ words, span }: Slot): boolean {
  return span !== undefined || words.some((word) => word.length > 3 || /\d/.test(word))
}

function meets(word: string, { words, span }: Slot): boolean {
  if (words.includes(word)) return true
  if (span !== undefined) return isInSpan(word, span)
  return words.some((one) => OPEN_NUMBER.test(one) && isLike(word, one))
}

/** `5x0` stands for 500 to 590. */
export const OPEN_NUMBER = /^\d+x\d+$/

function isLike(word: string, open: string): boolean {
  const at = open.indexOf('x')
  const digit = word[at] ?? ''
  return word.length === open.length && /\d/.test(digit) && open.replace('x', digit) === word
}

function isInSpan(word: string, { prefix, from, to }: NonNullable<Slot['span']>): boolean {
  if (!word.startsWith(prefix)) return false
  const number = /^(\d+)[a-z]?$/.exec(word.slice(prefix.length))?.[1]
  return number !== undefined && Number(number) >= from && Number(number) <= to
}
