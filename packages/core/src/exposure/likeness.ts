import type { ProductName, Slot } from './product-name.ts'
import {
  DESCRIPTIVE,
  GENERATION,
  isAddition,
  isKindOfDevice,
  isVersionWord,
  isModelNumber,
  isOfOpenNumber,
  isOpenNumber,
  isShortNumber,
  isTelling,
  isWholeNumber,
  joinNumbers,
  splitNumbers,
  wordsOf,
} from './words.ts'

export interface Likeness {
  /** `same`: the product, or one of its family; `vague`: the device's name leaves open which one. */
  readonly kind: 'same' | 'vague' | 'other'
  /** Words in common. */
  readonly shared: number
}

const OTHER: Likeness = { kind: 'other', shared: 0 }

/** How many words of a model the remarks in brackets of a name have, as `FACSMelody` of `(HP Z2, FACSMelody)`. */
export function countAsides({ apart, split }: ModelWords, { asides }: ProductName): number {
  return (split ?? apart).filter((word) => isMetBy(word, asides)).length
}

/** The name without its remarks, to tell whether two names are of one product. */
export function baseOf({ slots }: ProductName): string {
  return slots.map(({ words, span }) => words.join('/') + (span?.prefix ?? '')).join(' ')
}

/** A device's model as words, read once: with short letter groups apart from their numbers, and joined. */
export interface ModelWords {
  readonly apart: readonly string[]
  readonly joined: readonly string[]
  /** `Medfusion4000` as two words; undefined where no name is written so. */
  readonly split: readonly string[] | undefined
  readonly isSoftware: boolean
}

/** What users write short and advisories in full. */
const SPELT_OUT: Readonly<Record<string, readonly string[]>> = {
  dts: ['datacaptor', 'terminal', 'server'],
  iscv: ['intellispace', 'cardiovascular'],
  pb: ['puritan', 'bennett'],
  pcu: ['pc', 'unit'],
  pic: ['patient', 'information', 'center'],
  ruo: ['research', 'use', 'only'],
  tps: ['treatment', 'planning', 'system'],
}

export function isShortForm(word: string): boolean {
  return SPELT_OUT[word] !== undefined
}

export function readModel(model: string): ModelWords {
  const words = wordsOf(model).flatMap(
    (word) => SHORT_BEFORE_NUMBER.exec(word)?.slice(1).filter(Boolean) ?? [word],
  )
  const read = teslaBehind(words.map((word) => (word === 'dxl' ? 'dxi' : word)))
  return modelOf([...read, ...read.flatMap((word) => SPELT_OUT[word] ?? [])])
}

/** `3T MRI` is an MRI 3T. */
function teslaBehind(words: readonly string[]): readonly string[] {
  const at = words.findIndex(
    (word, place) => TESLA.test(word) && /^mri?$/.test(words[place + 1] ?? ''),
  )
  const [tesla, kind] = words.slice(at, at + 2)
  if (at < 0 || tesla === undefined || kind === undefined) return words
  return words.toSpliced(at, 2, kind, tesla)
}

const TESLA = /^\d(?:\.\d{1,2})?t$/

/** `PB980` is a PB 980, `PICiX` a PIC iX. */
const SHORT_BEFORE_NUMBER = /^(?:(pb)(5[46]0|7[46]0|840|980)|(pic)(ix))$/

/** A model of these words. */
export function modelOf(apart: readonly string[]): ModelWords {
  const isSoftware = apart.includes('software')
  return { apart, joined: joinNumbers(apart), split: splitNumbers(apart), isSoftware }
}

/** How a device's model stands to a product; `maker` holds words of the maker's names. */
export function likenessOf(
  { apart, joined, split, isSoftware }: ModelWords,
  name: ProductName,
  maker: ReadonlySet<string>,
  aliases: ReadonlySet<string> = NONE,
): Likeness {
  const read = (words: readonly string[]) =>
    likenessOfWords(words, name, { maker, aliases, isSoftware })
  const one = read(apart)
  if (one.kind === 'same') return one
  const other = read(joined)
  // `IGS 320` are two words in one: more in common than the 320 alone.
  if (other.kind === 'same')
    return other.shared > 1 ? { ...other, shared: other.shared + 1 } : other
  const best = other.kind === 'other' ? one : other
  if (split === undefined) return best
  const third = read(split)
  return third.kind === 'other' ? best : third
}

const NONE: ReadonlySet<string> = new Set()

/** What is a thing to hold and no program. */
const MACHINE = /(?:pump|meter|monitor|sensor|transmitter)s?$/

/** Words that are not the product's own: of the maker's name, and of companies that it bought. */
interface Context {
  readonly maker: ReadonlySet<string>
  readonly aliases: ReadonlySet<string>
  readonly isSoftware: boolean
}

function likenessOfWords(
  model: readonly string[],
  name: ProductName,
  { maker, aliases, isSoftware }: Context,
): Likeness {
  if (
    name.without.some((words) => words.length > 0 && words.every((word) => model.includes(word)))
  ) {
    return OTHER
  }
  const telling = model.filter((word) => isTelling(word) && !maker.has(word))
  const needed = withoutPurpose(withoutMaker(name.slots, maker))
  const met = needed.filter((slot) => model.some((word) => meets(word, slot)))
  const { all } = name
  if (isLaterSister(model, all, name.system)) return OTHER
  if (met.length === needed.length && met.length > 0) {
    // `Imaging Products` is no name that a device of another name could have.
    const isGeneric = needed.every(
      ({ words, span }) => !span && words.every((word) => DESCRIPTIVE.has(word)),
    )
    const isStrange = (word: string) => !isMetBy(word, all) && !isAddition(word)
    if (isGeneric && telling.some((word) => !isMetBy(word, all))) return OTHER
    // `CareLink Heart` is no `CareLink Monitor`, and a `mylife YpsoPump` no `mylife App`.
    const kind = needed.length === 1 ? name.kindAlone : undefined
    const isOtherKind =
      kind === 'app' ? model.some((word) => MACHINE.test(word)) : telling.some(isStrange)
    if (kind !== undefined && !model.includes(kind) && isOtherKind) return OTHER
    // The MX40 on another radio than the `(WLAN only)`.
    const isOther = name.only.length > 0 && !name.only.some((word) => model.includes(word))
    const hasMore = telling.some((word) => !isMetBy(word, all))
    return { kind: isOther && hasMore ? 'vague' : 'same', shared: met.length }
  }
  const common = telling.filter((word) => isMetBy(word, all))
  const shared = common.length
  const isNumbered = common.some((word) => isModelNumber(word) || isSisterNumber(word, all))
  // Of `Pyxis` and a number only the number is the product's own.
  const isBare = common.filter(isModelNumber).every((word) => /^\d+$/.test(word))
  const isOwn = (word: string) => !isBare || !aliases.has(word)
  const ownSlots = met.filter(({ words, span }) => span !== undefined || words.some(isOwn))
  const hasMore = common.filter(isOwn).length > 1 || ownSlots.length > 1
  // Two programs of one numbered instrument have the number in common, and versions of their own.
  if (isNumbered && hasMore && !isSoftware) return { kind: 'same', shared }
  if (common.some(isWholeNumber) && !isSoftware) return { kind: 'same', shared }
  const isInside =
    shared > 0 &&
    telling.every(
      (word) =>
        common.includes(word) ||
        isInitial(word, name) ||
        isSpeltOut(word, common, all) ||
        isKindOfDevice(word, common) ||
        (isVersionWord(word) && !hasVersion(all)) ||
        isFamily(word, all),
    )
  if (!isInside) return likenessOfShort(telling, name)
  if (isNumbered || telling.every((word) => isMetBy(word, name.asides)))
    return { kind: 'same', shared }
  if (isNumberedTail(telling, needed)) return { kind: 'same', shared }
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

/** Which of a model's words a name has, and whether all of the name is met. */
export function metWords(
  { apart, joined, split = [] }: ModelWords,
  name: ProductName,
  maker: ReadonlySet<string>,
): {
  readonly met: ReadonlySet<string>
  readonly isWhole: boolean
  readonly isOtherKind: boolean
  readonly isOwnKind: boolean
} {
  const words = new Set([...apart, ...joined, ...split])
  const { all } = name
  const whole = [...words].filter((word) => isTelling(word) && isMetBy(word, all))
  // Who has `core128` has the `core` of a sister, too.
  const met = new Set([...whole, ...(splitNumbers(whole) ?? [])])
  const needed = withoutPurpose(withoutMaker(name.slots, maker))
  return {
    met,
    isWhole: needed.every((slot) => [...words].some((word) => meets(word, slot))),
    isOtherKind: name.kinds.some((kind) => !words.has(kind)),
    isOwnKind: name.kinds.some((kind) => words.has(kind)),
  }
}

/** `Neuron 2` of the `SmartLinx Neuron 2`: only the brand before it is left out. */
function isNumberedTail(telling: readonly string[], needed: readonly Slot[]): boolean {
  const tail = needed.slice(1)
  const [name = ''] = telling
  return (
    tail.length === 2 &&
    telling.length === 2 &&
    name.length > 4 &&
    !isAddition(name) &&
    /^\d{1,2}$/.test(telling[1] ?? '') &&
    tail.every((slot, at) => meets(telling[at] ?? '', slot))
  )
}

/** One of the numbers that a name lists: `554` of `Veo 554/754`, `x2` of `MP2/X2/MP30`. */
function isSisterNumber(word: string, all: readonly Slot[]): boolean {
  return isShortNumber(word) && all.some(({ words }) => words.length > 1 && words.includes(word))
}

/** All of the name is met, and all that the model has to tell. */
export function isAllMet(
  model: ModelWords,
  name: ProductName,
  maker: ReadonlySet<string>,
): boolean {
  const { met, isWhole } = metWords(model, name, maker)
  return (
    isWhole && model.apart.every((word) => met.has(word) || maker.has(word) || !isTelling(word))
  )
}

/** A short word whose long form is met, or the other way round: `pcu` of `PC unit`, `pc` where `PCU` is met. */
function isSpeltOut(word: string, common: readonly string[], all: readonly Slot[]): boolean {
  const isMet = (part: string) => !isTelling(part) || common.includes(part)
  if (SPELT_OUT[word]?.every(isMet) === true) return true
  return Object.entries(SPELT_OUT).some(
    ([short, parts]) => parts.includes(word) && isMetBy(short, all),
  )
}

/** `Link+` and `Inform II` of the Link and the Inform; the plus of `InoqulA+ PerformA` is not that of PerformA. */
function isLaterSister(
  model: readonly string[],
  all: readonly Slot[],
  system?: ReadonlySet<string>,
): boolean {
  return model.some((word, at) => {
    if (!GENERATION.has(word) || isMetBy(word, all) || system?.has(word) === true) return false
    const before = model.slice(0, at).findLast(isTelling)
    return before === undefined || isMetBy(before, all)
  })
}

function hasVersion(all: readonly Slot[]): boolean {
  return all.some(({ words }) => words.some(isVersionWord))
}

/** The letters of a family whose number is left out: `Merlin PCS` of the `Merlin PCS 3650`. */
function isFamily(word: string, all: readonly Slot[]): boolean {
  if (!/^[a-z]{2,3}$/.test(word)) return false
  const rest = (one: string) => (one.startsWith(word) ? one.slice(word.length) : '')
  return all.some(({ words }) => words.some((one) => /^\d/.test(rest(one))))
}

/** `P&R` of `Processing and Review`: letters that words of the name begin with. */
function isInitial(word: string, { slots }: ProductName): boolean {
  return word.length === 1 && slots.some(({ words }) => words.some((one) => one.startsWith(word)))
}

function isMetBy(word: string, slots: readonly Slot[]): boolean {
  return slots.some((slot) => meets(word, slot))
}

function likenessOfShort(telling: readonly string[], name: ProductName): Likeness {
  if (isAbbreviated(telling, name)) return { kind: 'same', shared: 1 }
  const own = telling.filter((word) => !isAddition(word) && word !== 'workstation')
  const [short = ''] = own
  const isInitials = own.length === 1 && short.length > 2 && name.initials.startsWith(short)
  return isInitials ? { kind: 'vague', shared: 1 } : OTHER
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

const NINE = '9'.charCodeAt(0)

function meets(word: string, { words, span }: Slot): boolean {
  if (words.includes(word)) return true
  if (span !== undefined) return isInSpan(word, span)
  // Most words are no numbers, and most names have no open ones.
  if (word.charCodeAt(0) > NINE) return false
  return words.some((one) => isOpenNumber(one) && isOfOpenNumber(word, one))
}

function isInSpan(word: string, { prefix, from, to }: NonNullable<Slot['span']>): boolean {
  if (!word.startsWith(prefix)) return false
  const number = /^(\d+)[a-z]?$/.exec(word.slice(prefix.length))?.[1]
  return number !== undefined && Number(number) >= from && Number(number) <= to
}
