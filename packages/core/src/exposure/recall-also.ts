import { nameOfRecalled } from './recall-name.ts'
import { readable } from './recall-words.ts'
import { isTelling, tellingWords, wordsOf } from './words.ts'

/** `(AKA REGIUS IM, RIM)`, `also called the UltraFlo and EKOS Infusion System in ...`. */
const CALLED =
  /\b(?:also (?:called|known as)|aka|a\.k\.a\.?)\s+(?:the\s+)?([^().;]+?)(?=\s+in\s|[().;]|$)/gi
/** `(component of AlignRT Plus)` */
const PART = /\bcomponent of (?:the )?([A-Z][\w.+-]*(?: [A-Z][\w.+-]*){0,3})/g
/** `for the i2000 Processing Module and the c8000 Processing Module` */
const MADE_FOR =
  /\bfor the ([A-Z][\w.-]*(?: (?:[A-Z]|[a-z]\d)[\w-]*){0,4})(?: and the ([A-Z][\w.-]*(?: (?:[A-Z]|[a-z]\d)[\w-]*){0,4}))?/g
/** `Genesis RSP and NPS` */
const PAIR = /\b([A-Z][a-z]{3,}) ([A-Z]{2,4}) and ([A-Z]{2,4})\b/g
/** A row of a table: `ARTIS Q.zen floor 10848353`. */
const ROW = /([A-Z][A-Za-z]+(?: [\w.-]+){1,4}?)\s+\d{8}\b/g
/** `Model 7311` and `Model Number: 88-5`: too short to be met as numbers of a catalogue. */
const SHORT_NUMBER = /\bModels?(?: ?(?:Numbers?|Nos?\.?|#))?[\s:#]+(\d{4}|\d{2}-\d)(?![\w-])/g
/** Where the names end and a sentence begins. */
const END = /\.\s|;|\b(?:is|are|was) |\b[Ii]ntended\b|\bUsage\b|\bThese\b|\bThis\b/
/** Every word begins with a capital or a number. */
const CAPITALS = /^(?:[A-Z\d]\S*(?:\s+|$))+$/
/** Addresses, firms, and what only tells the kind. */
const NO_NAME =
  /\b(?:Inc|Corp|Corporation|LLC|Ltd|Healthcare|Parkway|Road|Street|Suite|USA|Illinois|Rx|Sterile|Model|REF|Part|Catalog|Version|Software|Single|Number)\b|^(?:[A-Z]{2}(?: \d{5})?|PACS|SPECT|PET|MRI)$/i

/** Other names that a recall gives for what it recalls, or for what has it inside: a device called so may be one. */
export function otherNamesOfRecalled(
  description: string,
  products: readonly string[],
): readonly string[] {
  const text = readable(description).replace(/\s+/g, ' ')
  const called = [...text.matchAll(CALLED)].flatMap((found) => (found[1] ?? '').split(LIST))
  const head = text.split(END)[0] ?? ''
  const hosts = [...head.matchAll(PART), ...head.matchAll(MADE_FOR)].flatMap((found) =>
    found.slice(1).flatMap((one: string | undefined) => one ?? []),
  )
  const rows = [...text.matchAll(ROW)].map((found) => found[1] ?? '')
  const numbers = [...text.slice(0, 200).matchAll(SHORT_NUMBER)].map((found) => found[1] ?? '')
  const more = products.length > 2 ? [] : listed(head)
  const names = [...called, ...rows, ...more].map((one) => nameOfRecalled(one.trim()).name)
  const pairs = [...head.matchAll(PAIR)].flatMap(([, name = '', one = '', other = '']) => [
    `${name} ${one}`,
    `${name} ${other}`,
  ])
  const short = called.filter((name) => /^[A-Z]{3}$/.test(name))
  const own = [...names, ...hosts].filter((name) => isOwnName(name) && isFurther(name, products))
  return [...new Set([...own, ...short, ...numbers, ...pairs])]
}

/** Another name than those that the products have, and not several of them in a row. */
function isFurther(name: string, products: readonly string[]): boolean {
  const words = wordsOf(name)
  const known = products.map(wordsOf)
  const isPart = known.some((product) => words.every((word) => product.includes(word)))
  const isRow = known.filter((product) => product.every((word) => words.includes(word))).length > 1
  return !isPart && !isRow
}

const LIST = /,\s+|\s+(?:&|and)\s+/

/** `Alpha Solo & Beta CR 1000, Gamma CR SP 100, image digitizer`: what follows the first name and is one too. */
function listed(head: string): readonly string[] {
  const parts = head
    .replace(/\([^()]*\)?/g, ' ')
    .split(/,\s+|:\s+|\s+(?:&|and)\s+/)
    .map((part) => part.trim())
  const names = parts.filter((part) => CAPITALS.test(part) && !NO_NAME.test(part))
  const isList = names.length > 3 && names.length === parts.length
  return names
    .slice(parts[0] === names[0] ? 1 : 0)
    .filter((part) => isList || /\d|[A-Z]{2}/.test(part))
}

/** A word that tells it from others of its kind, which is no version and no number of a catalogue. */
function isOwnName(name: string): boolean {
  if (/^(?:Without|With|Series)\b/.test(name) || /^\S*\d\S*$/.test(name)) return false
  return tellingWords(name).some((word) => isTelling(word) && word.length > 3 && !isKind(word))
}

function isKind(word: string): boolean {
  return /^(?:\d[\d.]*|console|module|workstation|station)$/.test(word)
}
