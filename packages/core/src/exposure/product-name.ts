import { CAPITAL_AS, isTelling, joinModalities, tellingWords, wordsOf } from './words.ts'

/** A product name, taken apart for comparison. */
export interface ProductName {
  /** Each must be met by one of its alternatives: `MX400-MX850`, `FM20/FM30`, `connex`. */
  readonly slots: readonly Slot[]
  /** Words and numbers in brackets: they may be met, and make the name known by another word. */
  readonly asides: readonly Slot[]
  /** Slots and asides. */
  readonly all: readonly Slot[]
  /** Words such as app and server in it. */
  readonly kinds: readonly string[]
  /** What alone it is, where the name says so: `(WLAN only)`. */
  readonly only: readonly string[]
  /** What the name says it leaves out. */
  readonly without: readonly (readonly string[])[]
  /** The letters that its words begin with, where there are three and more. */
  readonly initials: string
  /** The kind that tells the only word of the name from others of its family: `CareLink Monitor`. */
  readonly kindAlone?: string
  /** Words of the system that it is a kit of. */
  readonly system?: ReadonlySet<string>
}

export interface Slot {
  readonly words: readonly string[]
  readonly span?: { readonly prefix: string; readonly from: number; readonly to: number }
}

const SMALL = new Set(['of', 'the', 'and', 'for'])
/** Words that say of software and machines what they are; another such word names another thing. */
const KINDS = new Set('app application server software workstation'.split(' '))

/** The names that one product entry holds: `Spot 4400 / Spot 4400 Extended Care` are two, `(PCU)` makes a second. */
export function compileNames(text: string): readonly ProductName[] {
  const [own = '', ...left] = text.split(/,?\s+(?:not including|excluding|except(?: for)?)\s+/i)
  const without = left.flatMap((part) => part.split(/\s+and\s+|,/)).map(exclusionOf)
  const shortened = own.replace(/\s+(?:a|an|used|which|that)\s+\S+ (?:used|to|with)\b.*$/i, '')
  const bare = shortened.replace(/\s+(?:used\s+)?(?:with|on)\s+Windows\b.*$/i, '')
  const parts = splitNames(bare).flatMap((name) => [name, ...fusedTail(name)])
  return parts.flatMap((name) => compileName(name, without))
}

/** ` / ` is between names, and so is the bar of `Coronary Tools/Stentboost Live`, with words before and behind. */
const LISTED_NAMES =
  /\s+\/\s+|(?<=\(\d{5,}\))\s+and\s+(?=[A-Z][^()]*\(\d{5,}\))|(?<=\w{4,} [A-Za-z]{4,})\/(?=[A-Z][a-z]{3,} [A-Z]|[A-Z]\w+\.[a-z])/

/** The bar of `Fetal/Maternal Monitors FM20` is between words of kind, and no list. */
function splitNames(text: string): readonly string[] {
  const parts = text.split(LISTED_NAMES)
  const isList = parts.every((part) =>
    wordsOf(part).some((word) => /[a-z]/.test(word) && isTelling(word)),
  )
  const ends = parts.slice(0, -1).map((part) => wordsOf(part).at(-1) ?? '')
  // `Workplaces/Symbia.net`: what has a dot inside is a name of its own.
  const isApart = /\s\/\s|\)\s+and\s|\/[A-Z]\w+\.[a-z]/.test(text)
  return isList && (isApart || ends.every(isTelling)) ? parts : [text]
}

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
  const only = asides.flatMap((one) => wordsOf(/^(.+) only$/i.exec(one)?.[1] ?? ''))
  return names.map((name) => {
    const initials = initialsOf(name)
    const slots = openSlots(name)
    const kindAlone = kindOfOne(name, slots)
    const read = { slots, asides: aside, all: [...slots, ...aside], kinds, only, without, initials }
    return kindAlone === undefined ? read : { ...read, kindAlone }
  })
}

function kindOfOne(name: string, slots: readonly Slot[]): string | undefined {
  const [slot] = slots
  if (slots.length < 3 && /\bapp$/i.test(name.trim())) return 'app'
  const isWord = slots.length === 1 && slot?.span === undefined && slot?.words.every(isLetters)
  return isWord === true ? /\b(monitor)s?$/i.exec(name.trim())?.[1]?.toLowerCase() : undefined
}

function isLetters(word: string): boolean {
  return /^[a-z]+$/.test(word)
}

/** `ebw` of `Extended Brilliance Workspace`. */
function initialsOf(name: string): string {
  const words = name.match(/(?<![\w-])[A-Za-z][a-z]{2,}(?![\w-])/g) ?? []
  return words.length < 3 || words.length > 5
    ? ''
    : words
        .map((word) => word[0])
        .join('')
        .toLowerCase()
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
  /(?<![\w-])(?:([A-Z]{2,3})(?= series\b)|([A-Z]{0,5})[ -]?(\d{0,2}[1-9])(0{2,3}))(?=(?:-[A-Z])? (?:\w+ )?(?:series|family)\b)/gi

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
  const whole = joinModalities(text).replace(CAPITAL_AS, 'a.s')
  const joined = whole.replace(/\s*\/\s*/g, '/').replace(LISTED_NUMBER, '$1$3$2$4')
  for (const piece of joined.replace(SERIES, seriesOf).split(/[\s,;]+/)) {
    for (const slot of slotsOfPiece(piece)) addSlot(slots, slot)
  }
  const telling = slots.filter(({ words, span }) => span || words.some((word) => isTelling(word)))
  return telling.length > 0 ? telling : slots
}

/** Sisters named one after the other (`TC10 TC20 TC30`) are alternatives; `EC 40` is one word. */
function addSlot(slots: Slot[], slot: Slot): void {
  const last = slots.at(-1)
  const word = slot.words.length === 1 ? slot.words[0] : undefined
  const before = last?.words.at(-1)
  if (last === undefined || word === undefined || before === undefined) return void slots.push(slot)
  if (/^[a-z]{1,3}$/.test(before) && last.words.length === 1 && /^\d+[a-z]?$/.test(word)) {
    if (isTelling(before)) return void slots.splice(-1, 1, { words: [before + word] })
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

/** `MX400-MX850`, `MX400-850` and `700-1500` hold what lies between; `S7-1200` and `750-880` are single numbers. */
const SPANS: readonly RegExp[] = [
  /^([a-z]{1,6})(\d{1,4})-\1(\d{2,4})$/i,
  /^([a-z]{1,6})(?=(\d+)-(\d+)$)(?:\d\d-\d\d|\d{3}-\d{3}|\d{4}-\d{4})$/i,
  /^()(\d{1,2}00)-(\d{1,2}00)$/,
  /^()(0|\d{1,3}0)-(\d{1,3}9)$/,
]

function spanOf(piece: string): Slot['span'] {
  const found = SPANS.map((shape) => shape.exec(piece)).find((one) => one !== null)
  const [, prefix = '', first, last] = found ?? []
  const [from, to] = [Number(first), Number(last)]
  return from < to ? { prefix: prefix.toLowerCase(), from, to } : undefined
}

/** `FX3U-48MT/ES` and `750-8207/025-001` are one number each, with all of its parts. */
const ORDER_NUMBER = /^\w*\d\w*-\d\w*\//

function slotsOfPiece(piece: string): readonly Slot[] {
  const span = spanOf(piece)
  if (span !== undefined) {
    const { prefix, from, to } = span
    // A series is also called by its own name: the `CM Series`, the `LH 700`.
    const words = from === 0 ? [prefix] : isSeries(from, to) ? [`${prefix}${from}`] : []
    return [{ words, span }]
  }
  if (!piece.includes('/') || ORDER_NUMBER.test(piece)) {
    return wordsOf(piece.replace(/\bx{2,}\b/g, '')).map((word) => ({ words: [word] }))
  }
  const parts = piece
    .split('/')
    .map(wordsOf)
    .filter((words) => words.length > 0)
  // `SPECT/CT` and `PET/CT` are one thing each.
  const isShort = /^[A-Z]{2,5}(?:\/[A-Z]{2,5})+$/.test(piece)
  const isChoice =
    parts.some((words) => words.some((word) => /\d/.test(word) || (word.length > 4 && !isShort))) ||
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

/** `MX800/700/600` means MX800, MX700 and MX600; `M8001A/10A` the M8001A and the M8010A. */
function spreadPrefix(words: readonly string[]): readonly string[] {
  let prefix = ''
  let digits = ''
  return words.map((word) => {
    const isNumber = /^\d/.test(word)
    prefix = prefixOf(word) ?? (isNumber ? prefix : '')
    const own = /\d+/.exec(word)?.[0] ?? ''
    if (!isNumber || digits.length < 4 || own.length > 2) digits = own
    else return prefix + digits.slice(0, -own.length) + word
    return isNumber ? prefix + word : word
  })
}
