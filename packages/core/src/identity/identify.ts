import { ATTRIBUTES } from '../vocabulary.ts'
import type { Attribute, Claim, Evidence, ObservedFact } from '../vocabulary.ts'
import { gatherEvidence, impliedEvidence, mixedFields } from './evidence.ts'
import { voteStatements, type Vote } from './behaviour-model.ts'
import type { Statement } from './evidence.ts'
import type { Knowledge } from './knowledge.ts'
import { NAME_FIELDS, isEmptyValue } from './stated.ts'
import { UNFITTED_WEIGHTS } from './weights.ts'

export interface Identity {
  /** Strongest first, at most one for each attribute. */
  readonly claims: readonly Claim[]
  /** Names by source. */
  readonly names: Readonly<Record<string, string>>
}

/** Below this confidence nothing is claimed: a guess that is wrong every third time helps nobody. */
const LEAST_CONFIDENCE = 0.6
/** A value that stands is kept down to this confidence, and until another one is this sure. */
const KEPT_CONFIDENCE = 0.35
const DISPLACING_CONFIDENCE = 0.75
const MOST_CONFIDENCE = 0.995

/** What was claimed of an asset before, by attribute: it does not change for a little more evidence. */
export type Standing = Readonly<Partial<Record<Attribute, string>>>

/**
 * Works out what an asset is from all facts about it. `macs` are the addresses that the asset holds; without them
 * they are read off the facts, where a host behind a router shows the router's MAC. `standing` damps flipping. `vote` is
 * what it behaves like, one source among the others.
 */
export function identify(
  facts: readonly ObservedFact[],
  knowledge: Knowledge,
  macs?: readonly string[],
  standing: Standing = {},
  vote?: { readonly vote: Vote; readonly since: number },
): Identity {
  const { statements, maker } = withImplied(
    [...gatherEvidence(facts, knowledge, macs), ...voteStatements(vote)],
    knowledge,
    standing,
  )
  const type = decide('type', statements, knowledge, standing)
  const claims = ATTRIBUTES.flatMap((attribute) => {
    if (attribute === 'manufacturer') return maker ?? []
    if (attribute === 'type') return type ?? []
    if (attribute === 'category') return decideCategory(type, statements, knowledge, standing) ?? []
    return decide(attribute, statements, knowledge, standing) ?? []
  })
  return {
    claims: claims.toSorted((a, b) => b.confidence - a.confidence),
    names: gatherNames(facts),
  }
}

/** All evidence with what types say of categories and makers of types, which needs the maker decided first. */
export function withImplied(
  statements: readonly Statement[],
  knowledge: Knowledge,
  standing: Standing = {},
): { readonly statements: Statement[]; readonly maker: Claim | undefined } {
  const maker = decide('manufacturer', statements, knowledge, standing)
  return { statements: [...statements, ...impliedEvidence(statements, maker, knowledge)], maker }
}

/** A type belongs to one category: where a type is claimed, evidence for another category counts against. */
function decideCategory(
  type: Claim | undefined,
  statements: readonly Statement[],
  knowledge: Knowledge,
  standing: Standing,
): Claim | undefined {
  const claim = decide('category', statements, knowledge, standing)
  const category = knowledge.vocabulary.types.get(type?.value ?? '')?.category
  if (!type || category === undefined || claim?.value === category) return claim
  const others = statements.filter(
    (each) => each.attribute === 'category' && each.value !== category,
  )
  const against = others.map((each) => ({
    ...each.evidence,
    weight: -each.evidence.weight,
    claims: each.value,
  }))
  return { ...type, attribute: 'category', value: category, against: byWeight(against) }
}

function decide(
  attribute: Attribute,
  statements: readonly Statement[],
  { weights = UNFITTED_WEIGHTS }: Knowledge,
  standing: Standing,
): Claim | undefined {
  const relevant = statements.filter((each) => each.attribute === attribute)
  const trust = weights.trustIn(attribute)
  const claim = weighAttribute(attribute, relevant, trust)
  const before = standing[attribute]?.toLowerCase()
  if (before === undefined || !DAMPED.has(attribute)) return isSure(claim) ? claim : undefined
  if (claim?.value.toLowerCase() !== before && (claim?.confidence ?? 0) >= DISPLACING_CONFIDENCE)
    return claim
  const kept = weighAttribute(attribute, relevant, trust, before)
  if (kept && kept.confidence >= KEPT_CONFIDENCE) return kept
  return isSure(claim) ? claim : undefined
}

/** What says what kind of device it is; versions change and are to be told at once. */
const DAMPED: ReadonlySet<Attribute> = new Set(['manufacturer', 'model', 'type', 'category'])

function isSure(claim: Claim | undefined): boolean {
  return claim !== undefined && claim.confidence >= LEAST_CONFIDENCE
}

/** Weighs the values of one attribute against each other, and against nothing of it being true; the best or the wanted one, however unsure. */
export function weighAttribute(
  attribute: Attribute,
  statements: readonly Statement[],
  trust: number,
  wanted?: string,
): Claim | undefined {
  const values = groupValues(attribute, discountOutdated(attribute, statements))
  const sorted = values.toSorted((a, b) => b.score - a.score || (a.value < b.value ? -1 : 1))
  const best = sorted.find(({ value }) => wanted === undefined || value.toLowerCase() === wanted)
  if (!best) return undefined
  const others = sorted.filter((each) => each !== best)
  const rivals = others.filter((other) => !isRefinement(attribute, best.value, other.value))
  const power = (score: number) => Math.exp(score * trust)
  const total = rivals.reduce((sum, { score }) => sum + power(score), 1 + power(best.score))
  const confidence = Math.min(MOST_CONFIDENCE, power(best.score) / total)
  const evidence = byWeight(best.statements.map((each) => each.evidence))
  const against = rivals.flatMap(({ value, statements: rival }) =>
    rival.map((each) => ({ ...each.evidence, weight: -each.evidence.weight, claims: value })),
  )
  return {
    attribute,
    value: best.value,
    confidence: Math.round(confidence * 1000) / 1000,
    rule: evidence[0]?.rule ?? '',
    evidence,
    against: byWeight(against),
  }
}

interface WeighedValue {
  readonly value: string
  readonly statements: readonly Statement[]
  readonly score: number
}

/**
 * Versions change: what was last said before a newer value was first seen counts for little, in whichever field.
 */
function discountOutdated(
  attribute: Attribute,
  statements: readonly Statement[],
): readonly Statement[] {
  if (attribute !== 'firmware' && attribute !== 'os') return statements
  const newest = statements.reduce((latest, each) => Math.max(latest, each.evidence.time), 0)
  const current = statements
    .filter(({ evidence }) => evidence.time === newest)
    .map(({ value }) => value)
  return statements.map((each) => {
    const isOutdated = each.last < newest && !current.includes(each.value)
    const weight = isOutdated ? each.evidence.weight / 4 : each.evidence.weight
    return { ...each, evidence: { ...each.evidence, weight } }
  })
}

/** Groups statements by value; a general value ("Windows") also speaks for the special one ("Windows 10"). */
function groupValues(attribute: Attribute, statements: readonly Statement[]): WeighedValue[] {
  const groups = Map.groupBy(statements, ({ value }) => value.toLowerCase())
  return [...groups.values()].map((group) => {
    const value = group.toSorted((a, b) => b.evidence.weight - a.evidence.weight)[0]?.value ?? ''
    const supporting = statements.filter((each) => isRefinement(attribute, value, each.value))
    return { value, statements: supporting, score: scoreOf(supporting) }
  })
}

/** Is `special` the same as `general`, or the same said more precisely? */
function isRefinement(attribute: Attribute, special: string, general: string): boolean {
  const [long, short] = [special.toLowerCase(), general.toLowerCase()]
  if (long === short) return true
  const isOpen = attribute === 'os' || attribute === 'model' || attribute === 'firmware'
  return isOpen && long.startsWith(short) && /^[^a-z0-9]/.test(long.slice(short.length))
}

/** Evidence from one field is not independent: each further piece counts half of the one before. */
function scoreOf(statements: readonly Statement[]): number {
  let score = 0
  for (const group of Map.groupBy(statements, ({ evidence }) => evidence.field).values()) {
    const weights = group.map(({ evidence }) => evidence.weight).toSorted((a, b) => b - a)
    score += weights.reduce((sum, weight, index) => sum + weight / 2 ** index, 0)
  }
  return score
}

function byWeight(evidence: readonly Evidence[]): Evidence[] {
  return evidence.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.time - b.time)
}

/** The latest name of each source; the name that an archive passes on with an image is the scanner's. */
function gatherNames(facts: readonly ObservedFact[]): Record<string, string> {
  const isMixed = mixedFields(facts)
  const latest = new Map<string, ObservedFact>()
  for (const fact of facts) {
    const source = NAME_FIELDS[fact.field]
    if (source === undefined || isEmptyValue(fact.value) || isMixed.has(fact.field)) continue
    const before = latest.get(source)
    if (
      !before ||
      fact.last > before.last ||
      (fact.last === before.last && fact.value < before.value)
    )
      latest.set(source, fact)
  }
  const entries = [...latest].map(([source, { value }]) => [source, value.trim()] as const)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
