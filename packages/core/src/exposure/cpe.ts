import type { CpeMatch } from './facts.ts'
import type { Clause } from './range.ts'
import { isTelling, wordsOf } from './words.ts'

/** The parts of a CPE 2.3 name that matching uses (NISTIR 7695 §6.2), without escapes. */
export interface CpeName {
  readonly part: string
  readonly vendor: string
  readonly product: string
  readonly version: string
  readonly update: string
}

/** Reads a CPE 2.3 formatted string; undefined for what is none. */
export function parseCpe(text: string): CpeName | undefined {
  if (!text.startsWith('cpe:2.3:')) return undefined
  const [part = '', vendor = '', product = '', version = '*', update = '*'] = fieldsOf(text)
  return vendor === '' || product === '' ? undefined : { part, vendor, product, version, update }
}

/** The first fields; most names have no escapes, and those need no search for them. */
function fieldsOf(text: string): readonly string[] {
  if (!text.includes('\\')) return text.slice(8).split(':', 5)
  return text
    .slice(8)
    .split(/(?<!\\):/, 5)
    .map(withoutEscapes)
}

/** A field as it is meant: a backslash stands before a character that would else be a wildcard or end the field. */
export function withoutEscapes(field: string): string {
  return field.includes('\\') ? field.replace(/\\(.)/g, '$1') : field
}

/** Where the field that begins at `from` ends: at a colon that no backslash stands before, or at the end. */
export function endOfField(text: string, from: number): number {
  let at = text.indexOf(':', from)
  while (at > 0 && text.charCodeAt(at - 1) === 0x5c) at = text.indexOf(':', at + 1)
  return at < 0 ? text.length : at
}

/** What a version has to be for a CPE match: the bounds, or the version in the name itself. */
export function clauseOfCpe(
  { version, update }: Pick<CpeName, 'version' | 'update'>,
  bounds: Omit<CpeMatch, 'criteria' | 'vulnerable'>,
): Clause {
  const { startIncluding, startExcluding, endIncluding, endExcluding } = bounds
  const from = startIncluding ?? startExcluding
  const to = endIncluding ?? endExcluding
  if (from === undefined && to === undefined) {
    if (version === '*') return { kind: 'all' }
    if (version === '-') return { kind: 'unclear', text: 'no version' }
    const suffix = update === '*' || update === '-' ? '' : ` ${update}`
    return { kind: 'exact', version: `${version}${suffix}` }
  }
  const lower =
    from === undefined ? undefined : { version: from, isIncluded: from === startIncluding, open: 0 }
  const upper =
    to === undefined ? undefined : { version: to, isIncluded: to === endIncluding, open: 0 }
  return {
    kind: 'interval',
    ...(lower !== undefined && { lower }),
    ...(upper !== undefined && { upper }),
  }
}

/** The clause in words, as a person reads it. */
export function sayClause(clause: Clause): string {
  if (clause.kind === 'exact') return clause.version
  if (clause.kind !== 'interval') return clause.kind === 'all' ? 'every version' : 'no version'
  const { lower, upper } = clause
  const parts = [
    lower && `${lower.isIncluded ? '>=' : '>'} ${lower.version}`,
    upper && `${upper.isIncluded ? '<=' : '<'} ${upper.version}`,
  ]
  return parts.filter((part) => part !== undefined).join(' and ')
}

/** The keys under which a product name is one with its other spellings: letters run together, and telling words sorted. */
export function productKeys(name: string, maker: ReadonlySet<string>): readonly string[] {
  const words = wordsOf(name.replace(/_/g, ' ')).filter((word) => word !== 'firmware')
  const own = words.filter((word) => !maker.has(word))
  const kept = own.length > 0 ? own : words
  const telling = kept.filter(isTelling)
  const keys = [words.join(''), kept.join('')]
  if (telling.length > 1 || telling.some((word) => /[a-z]\d|\d{4}/.test(word))) {
    keys.push([...telling].sort().join(' '))
  }
  return [...new Set(keys)].filter((key) => key.length > 1)
}
