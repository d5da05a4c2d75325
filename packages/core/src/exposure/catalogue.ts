/** Catalogue and model numbers of a product, for comparison. */
export interface Codes {
  readonly all: ReadonlySet<string>
  readonly shapes: ReadonlySet<string>
}

export function compileCodes(catalogues: readonly string[]): Codes {
  const all = new Set(catalogues.flatMap(codesOf))
  return { all, shapes: new Set([...all].map(shapeOf)) }
}

/** `1006 9028 000` is the number 1006-9028-000, written with blanks. */
const SPACED = /(?<![\w.-])\d{3,5}(?: \d{3,6}){2,3}(?![\w.-])/g
/** `U-226` is the number U226. */
const HYPHENED = /^([A-Z]{1,4})-(\d{3,}[A-Z]?)$/

/** The words of a text that can be numbers of a catalogue: `1006-9305-000`, `M3535A`, `SAM 001`, `U-226`. */
export function codesOf(text: string): readonly string[] {
  const joined = text.toUpperCase().replace(SPACED, (found) => found.replaceAll(' ', '-'))
  const words = joined.match(/[A-Z0-9]+(?:[-/][A-Z0-9]+)*/g) ?? []
  const apart = words.flatMap((word, at) => {
    const next = words[at + 1] ?? ''
    return /^[A-Z]{2,4}$/.test(word) && /^\d{3,}$/.test(next) ? [word + next] : []
  })
  const plain = words.flatMap((word) => HYPHENED.exec(word)?.slice(1).join('') ?? [])
  return [...words, ...apart, ...plain].filter((word) => word.length >= 4 && /\d\d/.test(word))
}

/**
 * Other ways to read a number, which confirm one that is listed but tell of no other: `KXO 80G` is the KXO-80G,
 * `PCA-9000A/2` begins with PCA-9000A.
 */
export function looseCodesOf(text: string): readonly string[] {
  const whole = text.toUpperCase()
  const joined = [...whole.matchAll(/(?<![\w-])([A-Z]{2,4}) (\d{2,}[A-Z]{0,2})(?![\w-])/g)].flatMap(
    ([, letters = '', digits = '']) => [letters + digits, `${letters}-${digits}`],
  )
  const barred = whole.match(/[A-Z0-9]+(?:-[A-Z0-9]+)*(?=\/)/g) ?? []
  return [...joined, ...barred].filter((code) => code.length >= 5 && /\d\d/.test(code))
}

/** A number of several groups: no model of a name. */
export function withoutGroupedNumbers(text: string): string {
  return text.replace(SPACED, ' ').replace(/(?<![\w.-])\d{3,5}(?:-\d{3,6}){2,3}(?![\w.-])/g, ' ')
}

/**
 * The catalogue number is of a kind that is listed, and is none of those: numbers of other kinds that the name has in common
 * say nothing. One of its own kind in the name does, as then the two contradict each other.
 */
export function isOtherNumber(catalogue: string, model: string, codes: Codes | undefined): boolean {
  if (catalogue === '' || codes === undefined) return false
  const own = codesOf(catalogue)
  const kinds = new Set(own.map(shapeOf))
  const named = codesOf(model).filter((code) => kinds.has(shapeOf(code)))
  return fitOf([...own, ...named], codes) === 'other'
}

/**
 * Whether a device is meant by its number. `other`: it carries a number of the same kind that is not listed, so
 * that the sister with the listed one is meant; `silent`: it carries no number of that kind but those of its name.
 */
export function fitOf(
  own: readonly string[],
  { all, shapes }: Codes,
  nameOf: () => ReadonlySet<string> = () => NONE,
): 'hit' | 'other' | 'silent' {
  if (own.some((code) => all.has(code))) return 'hit'
  const alike = own.filter((code) => shapes.has(shapeOf(code)))
  if (alike.length === 0) return 'silent'
  const name = nameOf()
  const strange = alike.filter((code) => !name.has(code.toLowerCase()))
  if (strange.length === 0) return 'silent'
  // `ELI280` begins numbers such as `ELI280-CAA`.
  const isBegun = strange.every((code) => [...all].some((one) => one.startsWith(`${code}-`)))
  return isBegun ? 'silent' : 'other'
}

const NONE: ReadonlySet<string> = new Set()

/** A text has one of the numbers. */
export function isListed(text: string, { all }: Codes): boolean {
  return [...codesOf(text), ...looseCodesOf(text)].some((code) => all.has(code))
}

function shapeOf(code: string): string {
  return code.replace(/\d/g, '9').replace(/[A-Z]/g, 'A')
}

/** The device identifier of a UDI: of `(01)00802526579707(21)123` and of the bare 14 digits (GS1 General Specifications). */
export function deviceIdentifierOf(udi: string): string {
  const bracketed = /\(01\)\s*(\d{14})/.exec(udi)?.[1]
  const plain = udi.trim().toUpperCase()
  return bracketed ?? /^01(\d{14})(?:1[0-9]|2[01])/.exec(plain)?.[1] ?? plain
}
