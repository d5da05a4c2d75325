import { memoized } from '../identity/memo.ts'

/** Words that say what kind of thing it is, but not which. */
const WEAK = new Set(
  `a aed all an and any app application are as at based bed between by cardiac cardiograph cardiographs certain
  crt d delivery device devices embedded enabled equipment family fetal firmware for handheld hardware icd in infuser infusion
  insulin iot large machine machines management maternal medical model models module monitor monitors mobile multi new not number of on only
  option or patient platform product products programmer pump pumps recorder release running sc scanner scanners serial series
  server software station such suite syringe system systems the to type ultrasound unit units used ventilation
  ventilator version versions volume web which wifi wireless with wlan worn`.split(/\s+/),
)
/**
 * Words that say what a product is for. A product that has a name of its own is known without them, so that they
 * need not be met; the model of a device may repeat them.
 */
export const DESCRIPTIVE = new Set(
  `air ambulatory analysis analyzer anesthesia automated bedside blood ciws computed culture diabetes diagnostic
  electrocardiograph ecg ekg energy glucose hemodialysis holter imaging informatics information maintenance
  microbiology resting solution stress surgical testing therapy tomography utility`.split(/\s+/),
)
/** What a device's name may add of its kind, that no product's name needs to have. */
const ADDITIONS = new Set(
  `bay clinic cycler defibrillator department dept dialysis floor fluoroscopy generator hematology icu immunoassay lab mammography
  monitoring neurostimulator nicu pacemaker radiography room suite theatre transmitter ward xray`.split(
    /\s+/,
  ),
)
/** The same, beside a word that nothing else is called: `Enterprise Imaging`. */
const PURPOSES = new Set('analyzer automated imaging solution testing'.split(' '))

/** Says of a device what everything of its kind is, or which version: `Proponent pacemaker`, `Xcelera R1.2`. */
export function isAddition(word: string): boolean {
  return isKindOfDevice(word) || isVersionWord(word)
}

/** A word of its purpose says so only beside one that nothing else is called. */
export function isKindOfDevice(word: string, beside?: readonly string[]): boolean {
  if (ADDITIONS.has(word)) return true
  const isDistinct = beside?.some((one) => one.length > 7 || /\d/.test(one)) ?? true
  return isDistinct && PURPOSES.has(word)
}

export function isVersionWord(word: string): boolean {
  return /^[vr]?\d+\.\d[\d.x]*[a-su-z]?$/.test(word)
}

/** Words that tell a later or larger sister from the one without them: `Link` and `Link+`, `Inform` and `Inform II`, `Omnipod` and `Omnipod DASH`. */
export const GENERATION = new Set('dash ii iii iv lite max mini plus pro xl'.split(' '))

/** `AS` in capitals after a name is a part of it, and no conjunction: `SOMATOM Definition AS`. */
export const CAPITAL_AS = /(?<=[A-Za-z] )AS\b(?! [a-z])/g

/** The words of a name: lower case, no accents or signs. Few models are held against very many products. */
export const wordsOf: (name: string) => readonly string[] = memoized(readWords)

function readWords(name: string): readonly string[] {
  const plain = (ASCII.test(name) ? name.replaceAll("'", '') : withoutAccents(name))
    .replaceAll('+', ' plus ')
    .replace(/\bwi-fi\b/gi, 'wifi')
    .replace(/\bx-rays?\b/gi, 'xray')
    .replace(MODALITIES, '$1$2')
    .replace(LETTER_DOT, '$1')
    .replace(CAPITAL_AS, 'a.s')
    .toLowerCase()
  const words = plain.match(/[a-z0-9]+(?:\.[a-z0-9]+)*/g) ?? []
  return words.some((word) => SPELLINGS.has(word))
    ? words.map((word) => SPELLINGS.get(word) ?? word)
    : words
}

/** `Ac.T` and `Q.zen` are one word each. */
const LETTER_DOT = /(?<![A-Za-z.])(?!a\.s\b)([A-Za-z]{1,2})\.(?=[A-Za-z])/g
/** Kinds of things in the plural, and what is spelt in two ways. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ...`analyzer application console controller cytometer desktop gateway instrument module pacemaker printer reader server
  viewer workplace workstation`
    .split(/\s+/)
    .map((word) => [`${word}s`, word] as const),
  ['analyser', 'analyzer'],
  ['analysers', 'analyzer'],
  ['anaesthesia', 'anesthesia'],
  ['foetal', 'fetal'],
  ['haematology', 'hematology'],
  ['haemodialysis', 'hemodialysis'],
])

/** `PET/CT` is one thing: a CT is none. */
const MODALITIES = /\b(PET|SPECT)\s?[/-]\s?(CT|MRI?)\b/gi

export function joinModalities(text: string): string {
  return text.replace(MODALITIES, '$1$2')
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

const TIGHT = /^([a-z]{3,})(\d[\da-z.]*)$/

/** The same words with a name apart from the number behind it, where one is written without a blank: `optima520`. */
export function splitNumbers(words: readonly string[]): readonly string[] | undefined {
  if (!words.some((word) => TIGHT.test(word))) return undefined
  return words.flatMap((word) => TIGHT.exec(word)?.slice(1) ?? [word])
}

const SERIAL = /\b(?:s\/?n|serial(?: (?:no|number))?)\b[.:#\s]*\S*\d\S*/gi

/** The model without a serial number that somebody wrote behind it. */
export function withoutSerial(model: string): string {
  return model.replace(SERIAL, ' ')
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

/** A number too short to name a model where it is not listed beside its sisters: `554`, `x2`. */
export function isShortNumber(word: string): boolean {
  return /^(?:\d{3}[a-z]?|[a-z]{1,3}\d{1,3}[a-z]{0,2})$/.test(word)
}

const NINE = '9'.charCodeAt(0)

/** `5x0` stands for 500 to 590, `22xx` for 2200 to 2299. */
const OPEN_NUMBER = /^(?:\d+x+\d+|\d{2,}x+)$/

export function isOpenNumber(word: string): boolean {
  return word.charCodeAt(0) <= NINE && word.includes('x') && OPEN_NUMBER.test(word)
}

/** Is the word one of those that an open number stands for? */
export function isOfOpenNumber(word: string, open: string): boolean {
  if (word.length !== open.length) return false
  return Array.from(word).every((digit, at) =>
    open[at] === 'x' ? /\d/.test(digit) : open[at] === digit,
  )
}

/** Letters and digits that no other model of a maker has: `ex1150`, `35700bax2`. */
export function isWholeNumber(word: string): boolean {
  return /^[a-z]{2,4}\d{4,}[a-z]?$/.test(word) || /^\d{4,}[a-z]{2,}\d*$/.test(word)
}
