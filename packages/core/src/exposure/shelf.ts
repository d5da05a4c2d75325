import type { ModelWords } from './likeness.ts'
import type { ProductName } from './product-name.ts'
import { isShortForm, modelOf } from './likeness.ts'
import { isAddition, isModelNumber, isOpenNumber, isShortNumber, isTelling } from './words.ts'

/** What stands on a shelf: something with product names. */
export interface Shelved {
  readonly order: number
  readonly names: readonly ProductName[]
  readonly listed: readonly ProductName[]
  readonly makerWords: ReadonlySet<string>
}

/** The products of one maker by the words of their names, so that a model is held only against likely ones. */
export interface Shelf<Item extends Shelved> {
  /** Everything that can be like the model, and little else, in the order in which it was put there. */
  pick(model: ModelWords, maker: ReadonlySet<string>): readonly Item[]
  /** The model as the products here spell it: `Intelli Space` in one word, `HScribe` in two; undefined where it is. */
  respell(model: ModelWords, maker: ReadonlySet<string>): ModelWords | undefined
  /** The model with words apart that other products here write as one: `ViewForum` of the `View Forum 2003`. */
  takeApart(model: ModelWords): ModelWords | undefined
}

/** Puts products on a shelf. */
export function stock<Item extends Shelved>(items: readonly Item[]): Shelf<Item> {
  const byWord = new Map<string, Item[]>()
  for (const item of items) {
    for (const word of wordsOfItem(item)) put(byWord, word, item)
  }
  const pairs = pairsOf(items)
  const whole = wholeNames(items)
  const long = [...byWord.keys()].filter(isLong)
  const slips = new Map(long.map((word) => [slipOf(word), [word]]))
  const near = new Map(long.flatMap((word) => shortenedOf(word).map((one) => [one, word] as const)))
  const byRarest = new Map<string, Item[]>()
  const bySister = new Map<string, Item[]>()
  const byInitials = new Map<string, Item[]>()
  for (const item of items) for (const short of shortOf(item)) put(byInitials, short, item)
  const families = new Set([...byWord.keys()].flatMap((word) => FAMILY.exec(word)?.[1] ?? []))
  const always: Item[] = []
  for (const item of items) {
    for (const word of sistersOf(item)) put(bySister, word, item)
    for (const name of [...item.names, ...item.listed]) {
      const key = rarestSlot(name, item.makerWords, byWord)
      if (key === undefined) always.push(item)
      else for (const word of key) put(byRarest, word, item)
    }
  }
  return {
    pick(model, maker) {
      const found = new Set(always)
      const add = (some: readonly Item[] = []) => some.forEach((item) => found.add(item))
      const { apart, joined, split } = model
      const readings = split === undefined ? [apart, joined] : [apart, joined, split]
      for (const word of [...readings.flat(), ...maker]) {
        add(byRarest.get(word))
        add(bySister.get(word))
        const prefix = /^([a-z]{0,6})\d/.exec(word)?.[1]
        if (prefix !== undefined) add(byRarest.get(`${prefix}#`))
      }
      for (const words of readings) {
        const telling = words.filter((word) => isTelling(word) && !maker.has(word))
        const long = telling.filter((word) => !isShortForm(word))
        for (const word of telling.filter(isModelNumber)) add(byWord.get(word))
        add(byWord.get(telling.join('')))
        const sure = telling.filter((word) => !isAddition(word) && !families.has(word))
        if (telling.every((word) => byWord.has(word))) add(fewest(telling, byWord))
        else if (sure.length > 0 && sure.every((word) => byWord.has(word)))
          add(fewest(sure, byWord))
        for (const word of sure.filter(({ length }) => length > 2)) add(byInitials.get(word))
        if (long.length < telling.length && long.every((word) => byWord.has(word))) {
          add(fewest(long, byWord))
        }
      }
      return [...found].sort((a, b) => a.order - b.order)
    },
    respell({ apart }, maker) {
      const telling = apart.filter((word) => isTelling(word) && !maker.has(word))
      const name = whole.get(telling.join(''))
      if (name !== undefined && name.join(' ') !== telling.join(' ')) return modelOf(name)
      const isKnown = (word: string) => byWord.has(word)
      const fused = fuse(apart, isKnown)
      const own = fused.flatMap((word) =>
        isKnown(word)
          ? [word]
          : (pairs.get(word) ??
            slips.get(slipOf(word)) ??
            slipNear(word, near) ??
            cut(word, isKnown)),
      )
      return own.join(' ') === apart.join(' ') ? undefined : modelOf(own)
    },
    takeApart({ apart }) {
      const isKnown = (word: string) => byWord.has(word)
      const own = apart.flatMap((word) => {
        const modality = MODALITY.exec(word)?.slice(1)
        if (modality !== undefined) return modality
        return isLong(word) ? (pairs.get(word) ?? cut(word, isKnown)) : [word]
      })
      return own.length === apart.length ? undefined : modelOf(own)
    },
  }
}

/** `CT680`: the kind before the number may be left out, as in `Optima 680`. */
const MODALITY = /^(ct|nm)(\d{3,}[a-z]?)$/

/** A word without one of its inner letters, each in turn. */
function shortenedOf(word: string): readonly string[] {
  return Array.from(word)
    .map((_, at) => word.slice(0, at) + word.slice(at + 1))
    .slice(1, -1)
}

/** The word here that has one inner letter more or less: `Espirit` and `Esprit`, `Archtect`. */
function slipNear(word: string, near: ReadonlyMap<string, string>): readonly string[] | undefined {
  if (!isLong(word)) return undefined
  const longer = near.get(word)
  return longer === undefined ? undefined : [longer]
}

/** A word without its doubled letters, which are what people miscount: `Millennium`. */
function slipOf(word: string): string {
  return isLong(word) ? word.replace(/(.)\1+/g, '$1') : word
}

function isLong(word: string): boolean {
  return word.length > 6 && /^[a-z]+$/.test(word)
}

/** Two or three words next to each other that are one in a name. */
function fuse(words: readonly string[], isKnown: (word: string) => boolean): readonly string[] {
  const done: string[] = []
  for (let at = 0; at < words.length; at++) {
    const count = [3, 2].find((some) => {
      const whole = words.slice(at, at + some).join('')
      return at + some <= words.length && whole.length > 3 && isKnown(whole)
    })
    done.push(words.slice(at, at + (count ?? 1)).join(''))
    at += (count ?? 1) - 1
  }
  return done
}

/** `intellivuemx40` as a word of a name and the rest of one. */
function cut(word: string, isKnown: (word: string) => boolean): readonly string[] {
  for (let at = word.length - 2; at > 3; at--) {
    const [head, tail] = [word.slice(0, at), word.slice(at)]
    // `mx4000` is no `mx40`.
    if (!isKnown(head) || (/\d$/.test(head) && /^\d/.test(tail))) continue
    if (isKnown(tail) || !isTelling(tail) || /^[a-z]{0,3}\d+[a-z]?$/.test(tail)) return [head, tail]
  }
  return [word]
}

/** Words that stand next to each other in names, by the word that they make together. */
function pairsOf(items: readonly Shelved[]): ReadonlyMap<string, readonly [string, string]> {
  const pairs = new Map<string, readonly [string, string]>()
  for (const { slots } of items.flatMap(({ names, listed }) => [...names, ...listed])) {
    for (const [at, { words }] of slots.entries()) {
      const [one, other] = [words[0], slots[at + 1]?.words[0]]
      if (one === undefined || other === undefined || one.length + other.length < 4) continue
      pairs.set(one + other, [one, other])
    }
  }
  return pairs
}

/** Names of several words by their letters and digits: `PWS-01BT` is the PWS-01-BT. */
function wholeNames(items: readonly Shelved[]): ReadonlyMap<string, readonly string[]> {
  const whole = new Map<string, readonly string[]>()
  for (const { names, listed, makerWords } of items) {
    for (const { slots } of [...names, ...listed]) {
      if (slots.some(({ words, span }) => words.length !== 1 || span !== undefined)) continue
      const own = slots.flatMap(({ words }) => words).filter((word) => !makerWords.has(word))
      const letters = own.join('')
      if (own.length > 1 && letters.length > 4) whole.set(letters, own)
    }
  }
  return whole
}

function put<Item>(map: Map<string, Item[]>, word: string, item: Item): void {
  const list = map.get(word)
  if (list === undefined) map.set(word, [item])
  else if (list.at(-1) !== item) list.push(item)
}

function wordsOfItem({ names, listed }: Shelved): ReadonlySet<string> {
  const slots = [...names, ...listed].flatMap(({ all }) => all)
  return new Set(slots.flatMap(({ words }) => words))
}

/** The letters of a number: `pcs` of `pcs3650`. */
const FAMILY = /^([a-z]{2,3})\d/

/** Three letters and more that the words of a name begin with. */
function shortOf({ names }: Shelved): ReadonlySet<string> {
  const all = names.map(({ initials }) => initials).filter((text) => text !== '')
  return new Set(all.flatMap((text) => [3, 4, 5].map((count) => text.slice(0, count))))
}

/** Short numbers that a name lists beside each other: `MP2/X2/MP30`. */
function sistersOf({ names }: Shelved): ReadonlySet<string> {
  const slots = names.flatMap(({ all }) => all)
  const lists = slots.filter(({ words }) => words.length > 1)
  return new Set(lists.flatMap(({ words }) => words.filter(isShortNumber)))
}

/**
 * A name is met only when each of its slots is, so the one with the fewest namesakes is enough to find it by. A
 * span is found by its letters: `mx#` for MX400-MX850.
 */
function rarestSlot<Item>(
  { slots, all }: ProductName,
  maker: ReadonlySet<string>,
  byWord: ReadonlyMap<string, readonly Item[]>,
): readonly string[] | undefined {
  if (all.some(({ words }) => words.some((word) => isOpenNumber(word)))) return undefined
  const spans = all.flatMap(({ span, words }) =>
    span === undefined ? [] : [`${span.prefix}#`, ...words],
  )
  if (spans.length > 0) return spans
  const own = slots.filter(({ words }) => !words.every((word) => maker.has(word)))
  const count = (words: readonly string[]) =>
    words.reduce((sum, word) => sum + (byWord.get(word)?.length ?? 0), 0)
  const sorted = (own.length > 0 ? own : slots).map(({ words }) => words)
  return sorted.reduce<readonly string[] | undefined>(
    (best, words) => (best === undefined || count(words) < count(best) ? words : best),
    undefined,
  )
}

function fewest<Item>(
  words: readonly string[],
  byWord: ReadonlyMap<string, readonly Item[]>,
): readonly Item[] {
  const lists = words.flatMap((word) => {
    const list = byWord.get(word)
    return list === undefined ? [] : [list]
  })
  return lists.reduce((best, list) => (list.length < best.length ? list : best), lists[0] ?? [])
}
