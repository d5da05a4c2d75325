import { ATTRIBUTES } from '../../vocabulary.ts'
import type { Attribute } from '../../vocabulary.ts'
import { compileFingerprints } from '../fingerprint.ts'
import { compilePattern } from '../pattern.ts'
import type { Vocabulary } from '../vocabulary.ts'
import type { Confidence } from '../weights.ts'

/** An entry of another database, in our words but not yet checked. */
export interface Draft {
  /** Where it stands, for messages: `telnet_banners.xml entry 12`. */
  readonly where: string
  readonly id: string
  readonly field: string
  readonly pattern: string
  readonly ignoreCase: boolean
  readonly claims: Readonly<Partial<Record<Attribute, string>>>
  readonly confidence: Confidence
  readonly examples: readonly string[]
}

/** What could not be taken over, and why. */
export interface Rejection {
  readonly where: string
  readonly reason: string
}

export type DraftOrRejection = Draft | Rejection

/** Entries as they are written to files, by field, and what was left out. */
export interface ForeignContent {
  readonly files: Readonly<Record<string, readonly object[]>>
  readonly accepted: number
  readonly rejected: readonly Rejection[]
}

const isRejection = (draft: DraftOrRejection): draft is Rejection => 'reason' in draft

/**
 * Holds drafts to what our own fingerprints are held to: a pattern that runs in linear time, makers, types and categories of
 * the vocabulary, and each example matched by its own entry.
 */
export function checkDrafts(
  drafts: readonly DraftOrRejection[],
  vocabulary: Vocabulary,
): ForeignContent {
  const files: Record<string, object[]> = {}
  const rejected: Rejection[] = []
  const seen = new Set<string>()
  let accepted = 0
  for (const draft of drafts) {
    const checked = isRejection(draft) ? draft.reason : check(draft, vocabulary, seen)
    if (typeof checked === 'string') {
      rejected.push({ where: draft.where, reason: checked })
      continue
    }
    const { field } = draft as Draft
    files[field] ??= []
    files[field].push(checked)
    accepted++
  }
  return { files, accepted, rejected }
}

/** The entry as it is kept, or why it is not. */
function check(draft: Draft, vocabulary: Vocabulary, seen: Set<string>): object | string {
  const claims = closedClaims(draft.claims, vocabulary)
  if (Object.keys(claims).length === 0) return 'it claims nothing that the vocabulary knows'
  if (draft.examples.length === 0) return 'it has no example'
  const key = `${draft.field}/${draft.ignoreCase}/${draft.pattern}`
  if (seen.has(key)) return 'an entry before it has the same pattern'
  const { id, pattern, ignoreCase, confidence, examples, field } = draft
  try {
    compilePattern(pattern, ignoreCase)
    const entry = { id, pattern, ...(ignoreCase ? { ignoreCase } : {}), confidence, claims }
    // Once with examples that promise nothing, to see what each gives; that is then what each promises.
    const probe = { ...entry, examples: examples.map((value) => ({ value, claims: {} })) }
    const set = compileFingerprints({ [field]: [probe] })
    const proven = examples.map((value) => ({ value, claims: claimsOf(set.match(field, value)) }))
    const deaf = proven.find((example) => Object.keys(example.claims).length === 0)
    if (deaf) return `its own example is not matched: ${deaf.value.slice(0, 60)}`
    seen.add(key)
    return { ...entry, examples: proven }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'is broken'
    return `its pattern ${message.replace(/^.*the pattern /, '')}`
  }
}

/** Claims whose values the closed vocabulary has, in its spelling; a claim with a group stays where it may be open. */
function closedClaims(claims: Draft['claims'], vocabulary: Vocabulary): Draft['claims'] {
  const kept: Partial<Record<Attribute, string>> = {}
  for (const attribute of ATTRIBUTES) {
    const value = claims[attribute]?.trim()
    if (value === undefined || value === '') continue
    if (attribute === 'manufacturer') {
      const maker = vocabulary.manufacturerOf(value)?.name
      if (maker !== undefined) kept.manufacturer = maker
    } else if (attribute === 'type') {
      const type = vocabulary.types.get(value)?.id
      if (type !== undefined) kept.type = type
    } else if (attribute !== 'category' || vocabulary.categories.has(value)) {
      kept[attribute] = value
    }
  }
  return kept
}

function claimsOf(
  matches: ReturnType<ReturnType<typeof compileFingerprints>['match']>,
): Record<string, string> {
  const [match] = matches
  return Object.fromEntries((match?.assertions ?? []).map((each) => [each.attribute, each.value]))
}

/** Text as a pattern that it alone matches. */
export function quotePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
