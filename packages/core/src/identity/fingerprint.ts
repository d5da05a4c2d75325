import { ATTRIBUTES } from '../vocabulary.ts'
import type { Attribute } from '../vocabulary.ts'
import { compileGate } from './gate.ts'
import { compilePattern } from './pattern.ts'
import type { Pattern } from './pattern.ts'
import {
  DETAIL_FILES,
  PRODUCT_FILE,
  isProductField,
  sharedFileOf,
  valueFor,
} from './shared-fields.ts'
import { memoized } from './memo.ts'
import { CONFIDENCES } from './weights.ts'
import type { Confidence } from './weights.ts'

export interface FingerprintExample {
  readonly value: string
  readonly claims: Readonly<Partial<Record<Attribute, string>>>
}

/** A pattern over one `protocol.field` that asserts claims, with examples that prove it. */
export interface Fingerprint {
  readonly id: string
  readonly field: string
  readonly pattern: Pattern
  /** Values may refer to the pattern's groups as `$1` .. `$9`. */
  readonly claims: Readonly<Partial<Record<Attribute, string>>>
  readonly confidence: Readonly<Partial<Record<Attribute, Confidence>>>
  readonly examples: readonly FingerprintExample[]
}

/** One claim that a fingerprint makes of a value. */
export interface Assertion {
  readonly attribute: Attribute
  readonly value: string
  readonly confidence: Confidence
}

export interface FingerprintMatch {
  readonly id: string
  readonly assertions: readonly Assertion[]
}

export interface FingerprintSet {
  readonly size: number
  readonly fingerprints: ReadonlyMap<string, readonly Fingerprint[]>
  /** The first fingerprint in file order of the field's own file, then of the files that it shares with others. */
  match(field: string, value: string): readonly FingerprintMatch[]
}

/** Longer values are cut before they are matched: no maker's name stands further back. */
const LONGEST_VALUE = 1024
const ENTRY_KEYS = ['id', 'pattern', 'ignoreCase', 'claims', 'confidence', 'examples']

/**
 * Compiles fingerprint files (`<protocol>.<field>` -> parsed YAML). Throws an Error that names the file and the
 * entry when one is not as it must be.
 */
export function compileFingerprints(files: Readonly<Record<string, unknown>>): FingerprintSet {
  const fingerprints = new Map<string, readonly Fingerprint[]>()
  const ids = new Set<string>()
  let size = 0
  for (const [field, content] of Object.entries(files)) {
    if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(field))
      throw new Error(`${field}: a file of fingerprints is named <protocol>.<field>`)
    if (!Array.isArray(content)) throw new Error(`${field}: must be a list of fingerprints`)
    const entries = content.map((entry, index) => readEntry(field, entry, index, ids))
    refuseDuplicates(field, entries)
    fingerprints.set(field, entries)
    size += entries.length
  }
  const matchers = new Map([...fingerprints].map(([field, list]) => [field, compileMatcher(list)]))
  const find = (file: string, value: string) => matchers.get(file)?.(value.slice(0, LONGEST_VALUE))
  const isAsked = memoized((field) => {
    const shared = sharedFileOf(field)
    return matchers.has(field) || isProductField(field) || matchers.has(shared ?? '')
  })
  const match = remembered((field, value) => matchAll(field, value, find))
  return {
    size,
    fingerprints,
    match: (field, value) => (isAsked(field) ? match(field, value) : []),
  }
}

type Match = FingerprintSet['match']

/** Values whose matches are remembered; devices of one make say the same. */
const MOST_REMEMBERED = 1 << 15

function remembered(match: Match): Match {
  const known = new Map<string, Map<string, readonly FingerprintMatch[]>>()
  let count = 0
  return (field, value) => {
    const before = known.get(field)?.get(value)
    if (before) return before
    const found = match(field, value)
    // There is no end of names that say nothing, and to say so again costs little.
    if (found.length === 0) return found
    if (count++ >= MOST_REMEMBERED) {
      known.clear()
      count = 0
    }
    const ofField = known.get(field)
    if (ofField) ofField.set(value, found)
    else known.set(field, new Map([[value, found]]))
    return found
  }
}

type Find = (file: string, value: string) => FingerprintMatch | undefined

/** Own file first; a shared file adds what that did not claim; details count only once the product is known. */
function matchAll(field: string, value: string, find: Find): FingerprintMatch[] {
  const matches: FingerprintMatch[] = []
  const add = (match: FingerprintMatch | undefined) => {
    if (match === undefined) return
    const claimed = new Set(
      matches.flatMap(({ assertions }) => assertions).map((each) => each.attribute),
    )
    const fresh = match.assertions.filter(({ attribute }) => !claimed.has(attribute))
    if (fresh.length > 0) matches.push({ id: match.id, assertions: fresh })
  }
  add(find(field, value))
  const shared = sharedFileOf(field)
  if (shared !== undefined) add(find(shared, valueFor(shared, value)))
  if (!isProductField(field)) return matches
  const product = find(PRODUCT_FILE, value)
  add(product)
  if (product) for (const file of DETAIL_FILES) add(find(file, value))
  return matches
}

type Matcher = (value: string) => FingerprintMatch | undefined

/** Whole-value literals are looked up; of the others those whose letters stand in the value are asked, in file order. */
function compileMatcher(list: readonly Fingerprint[]): Matcher {
  const whole = new Map<string, number[]>()
  const others: number[] = []
  for (const [index, { pattern }] of list.entries()) {
    if (pattern.literal.place !== 'whole') others.push(index)
    else whole.set(pattern.literal.text, [...(whole.get(pattern.literal.text) ?? []), index])
  }
  // Of most fields a start is never asked.
  let mayMatch: ReturnType<typeof compileGate> | undefined
  return (value) => {
    mayMatch ??= compileGate(others.map((index) => list[index]!.pattern.oneOf))
    const lower = value.toLowerCase()
    const exact = (whole.get(lower) ?? []).find((index) => list[index]?.pattern.regex.test(value))
    for (const place of mayMatch(lower)) {
      const index = others[place]!
      if (exact !== undefined && index > exact) break
      const found = matchOf(list[index], value, lower)
      if (found) return found
    }
    return exact === undefined ? undefined : matchOf(list[exact], value, lower)
  }
}

function matchOf(fingerprint: Fingerprint | undefined, value: string, lower: string) {
  if (!fingerprint) return undefined
  const { literal, regex } = fingerprint.pattern
  if (literal.place === 'start' ? !lower.startsWith(literal.text) : !lower.includes(literal.text))
    return undefined
  const groups = regex.exec(value)
  return groups ? { id: fingerprint.id, assertions: assertionsOf(fingerprint, groups) } : undefined
}

function assertionsOf({ claims, confidence }: Fingerprint, groups: RegExpExecArray): Assertion[] {
  const assertions: Assertion[] = []
  for (const attribute of ATTRIBUTES) {
    const template = claims[attribute]
    if (template === undefined) continue
    const filled = template.replace(/\$([1-9])/g, (_, group: string) => groups[Number(group)] ?? '')
    const value = filled.replace(/\s+/g, ' ').trim()
    if (value !== '')
      assertions.push({ attribute, value, confidence: confidence[attribute] ?? 'strong' })
  }
  return assertions
}

function readEntry(field: string, entry: unknown, index: number, ids: Set<string>): Fingerprint {
  if (!isRecord(entry)) throw new Error(`${field}: entry ${index + 1} must be a mapping`)
  const { id, pattern } = entry
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9.-]*$/.test(id))
    throw new Error(`${field}: entry ${index + 1} needs an id in kebab-case`)
  const where = `${field}/${id}`
  if (ids.has(where)) throw new Error(`${where}: this id is used twice`)
  ids.add(where)
  const unknown = Object.keys(entry).find((key) => !ENTRY_KEYS.includes(key))
  if (unknown) throw new Error(`${where}: unknown key "${unknown}"`)
  if (typeof pattern !== 'string' || pattern === '') throw new Error(`${where}: needs a pattern`)
  const claims = readClaims(where, entry['claims'])
  return {
    id: where,
    field,
    pattern: compileIn(where, pattern, entry['ignoreCase'] === true),
    claims,
    confidence: readConfidence(where, entry['confidence'], claims),
    examples: readExamples(where, entry['examples'], claims),
  }
}

function compileIn(where: string, pattern: string, ignoreCase: boolean): Pattern {
  try {
    return compilePattern(pattern, ignoreCase)
  } catch (error) {
    throw new Error(
      `${where}: the pattern ${error instanceof Error ? error.message : 'is broken'}`,
      {
        cause: error,
      },
    )
  }
}

function readClaims(where: string, claims: unknown): Partial<Record<Attribute, string>> {
  if (!isRecord(claims)) throw new Error(`${where}: claims must be a mapping`)
  const read: Partial<Record<Attribute, string>> = {}
  for (const [name, value] of Object.entries(claims)) {
    const attribute = ATTRIBUTES.find((known) => known === name)
    if (!attribute) throw new Error(`${where}: "${name}" is not an attribute`)
    if (typeof value !== 'string' || value === '')
      throw new Error(`${where}: the claim on ${name} must be text in quotes`)
    read[attribute] = value
  }
  return read
}

function readConfidence(where: string, confidence: unknown, claims: object) {
  const words = isRecord(confidence)
    ? confidence
    : Object.fromEntries(Object.keys(claims).map((name) => [name, confidence ?? 'strong']))
  const read: Partial<Record<Attribute, Confidence>> = {}
  for (const [name, word] of Object.entries(words)) {
    const attribute = ATTRIBUTES.find((known) => known === name && known in claims)
    const known = CONFIDENCES.find((each) => each === word)
    if (!attribute || !known)
      throw new Error(`${where}: confidence is one of ${CONFIDENCES.join(', ')}, of what it claims`)
    read[attribute] = known
  }
  return read
}

/** An example is a value and its claims, or the value alone where it gives the entry's claims as they stand. */
function readExamples(
  where: string,
  examples: unknown,
  claims: Readonly<Partial<Record<Attribute, string>>>,
): FingerprintExample[] {
  if (!Array.isArray(examples) || examples.length === 0)
    throw new Error(`${where}: needs at least one example`)
  const isFixed = !Object.values(claims).some((value) => /\$[1-9]/.test(value))
  return examples.map((example: unknown) => {
    if (typeof example === 'string' && isFixed) return { value: example, claims }
    if (!isRecord(example) || typeof example['value'] !== 'string')
      throw new Error(`${where}: an example needs a value in quotes, and its claims`)
    return { value: example['value'], claims: readClaims(where, example['claims']) }
  })
}

function refuseDuplicates(field: string, entries: readonly Fingerprint[]): void {
  const seen = new Map<string, string>()
  for (const { id, pattern } of entries) {
    const key = `${pattern.regex.flags}/${pattern.source}`
    const before = seen.get(key)
    if (before) throw new Error(`${field}: ${id} repeats the pattern of ${before}`)
    seen.set(key, id)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
