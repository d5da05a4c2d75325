import type { Attribute, Claim, Evidence, ObservedFact } from '../vocabulary.ts'
import { isDeviceMac, kindOfMac } from './address.ts'
import { isBinding } from './keys.ts'
import type { Knowledge } from './knowledge.ts'
import { STATED_FIELDS, isEmptyValue, isOfAnother, isPassedOn } from './stated.ts'
import { normalizeName } from './vocabulary.ts'
import type { Manufacturer } from './vocabulary.ts'
import { UNFITTED_WEIGHTS } from './weights.ts'
import type { EvidenceFamily, IdentityWeights } from './weights.ts'

/** One piece of evidence for one value of one attribute. */
export interface Statement {
  readonly attribute: Attribute
  readonly value: string
  /** When it was last seen, milliseconds since 1970. */
  readonly last: number
  /** Which kind of evidence it is: what is weighed alike. */
  readonly family: EvidenceFamily
  readonly evidence: Evidence
}

/** Everything that the facts say of the asset, each statement once. */
export function gatherEvidence(
  facts: readonly ObservedFact[],
  knowledge: Knowledge,
  macs: readonly string[] | undefined,
): Statement[] {
  const statements = new Map<string, Statement>()
  const isMixed = mixedFields(facts)
  const sorted = facts.toSorted(byAge)
  for (const fact of sorted) {
    if (isMixed.has(fact.field) || isOfAnother(fact)) continue
    for (const statement of statementsOf(fact, knowledge)) {
      const key = `${statement.attribute}/${statement.value}/${statement.evidence.rule}/${fact.field}`
      const before = statements.get(key)
      const last = Math.max(statement.last, before?.last ?? 0)
      statements.set(key, { ...(before ?? statement), last })
    }
  }
  const found = [...statements.values(), ...archiveStatements(facts, isMixed, knowledge)]
  for (const mac of macs ?? ownMacs(facts)) found.push(...ouiStatements(mac, sorted, knowledge))
  return found
}

/** Who passes on images of several devices is an archive or a router of images. */
function archiveStatements(
  facts: readonly ObservedFact[],
  isMixed: ReadonlySet<string>,
  knowledge: Knowledge,
): Statement[] {
  if (!isMixed.has('dicom.device-serial') && !isMixed.has('dicom.model')) return []
  const fact = facts.find(({ field }) => field === 'dicom.model' || field === 'dicom.device-serial')
  if (!fact) return []
  const rule = 'passes on images of several devices'
  return [stateOf(fact, 'type', 'pacs', rule, 'fingerprint.likely', knowledge)]
}

/** A type implies its category; a maker of one thing implies it. */
export function impliedEvidence(
  statements: readonly Statement[],
  maker: Claim | undefined,
  knowledge: Knowledge,
): Statement[] {
  const { types, manufacturers } = knowledge.vocabulary
  const { weightOf } = weightsOf(knowledge)
  const implied: Statement[] = []
  for (const { attribute, value, last, family, evidence } of statements) {
    const category = attribute === 'type' ? types.get(value)?.category : undefined
    if (category === undefined) continue
    const weight = family === 'behaviour' ? evidence.weight : weightOf(family, 'category')
    implied.push({
      attribute: 'category',
      value: category,
      last,
      family,
      evidence: { ...evidence, weight },
    })
  }
  const makes = manufacturers.get(maker?.value ?? '')?.makes ?? []
  const origin = maker?.evidence[0]
  if (!maker || !origin || makes.length === 0) return implied
  const imply = (attribute: Attribute, value: string): Statement => ({
    attribute,
    value,
    last: 0,
    family: 'makes',
    evidence: {
      ...origin,
      rule: `maker of ${makes.join(', ')}`,
      weight: weightOf('makes', attribute) * maker.confidence,
    },
  })
  const categories = new Set(makes.map((type) => types.get(type)?.category))
  const [type, category] = [makes[0], [...categories][0]]
  if (makes.length === 1 && type !== undefined) implied.push(imply('type', type))
  if (categories.size === 1 && category !== undefined) implied.push(imply('category', category))
  return implied
}

function statementsOf(fact: ObservedFact, knowledge: Knowledge): Statement[] {
  const { fingerprints, vocabulary } = knowledge
  const statements: Statement[] = []
  const say = (attribute: Attribute, value: string, rule: string, family: EvidenceFamily) =>
    statements.push(stateOf(fact, attribute, value, rule, family, knowledge))
  for (const { id, assertions } of fingerprints.match(fact.field, fact.value))
    for (const { attribute, value, confidence } of assertions)
      if (!isEmptyValue(value)) say(attribute, value, id, `fingerprint.${confidence}`)
  if (isOwnRouter(fact)) say('type', 'router', 'names itself as the router', 'fingerprint.strong')
  const stated = STATED_FIELDS[fact.field]
  const isSaid = statements.some(({ attribute }) => attribute === stated?.attribute)
  if (!stated || isSaid || isEmptyValue(fact.value)) return statements
  const value = fact.value.replace(/\s+/g, ' ').trim()
  const rule = `stated in ${fact.field}`
  if (stated.attribute !== 'manufacturer') {
    say(stated.attribute, value, rule, `stated.${stated.confidence}`)
    return statements
  }
  const maker = vocabulary.manufacturerOf(value)
  const family = maker ? (`stated.${stated.confidence}` as const) : 'stated.likely'
  say('manufacturer', maker?.name ?? value, rule, family)
  return statements
}

/** A DHCP server that tells its clients to send everything to itself. */
function isOwnRouter({ field, value, subject }: ObservedFact): boolean {
  return (
    field === 'dhcp.router' && subject.ip !== undefined && value.split(',').includes(subject.ip)
  )
}

function stateOf(
  fact: ObservedFact,
  attribute: Attribute,
  value: string,
  rule: string,
  family: EvidenceFamily,
  knowledge: Knowledge,
): Statement {
  const weight = weightsOf(knowledge).weightOf(family, attribute)
  return { attribute, value, last: fact.last, family, evidence: evidenceOf(fact, rule, weight) }
}

function weightsOf({ weights }: Knowledge): IdentityWeights {
  return weights ?? UNFITTED_WEIGHTS
}

function evidenceOf(fact: ObservedFact, rule: string, weight: number): Evidence {
  const { file, frame } = fact.evidence
  return {
    field: fact.field,
    value: fact.value,
    time: fact.first,
    sensor: fact.sensor,
    ...(file === undefined ? {} : { file }),
    ...(frame === undefined ? {} : { frame }),
    rule,
    weight,
  }
}

/** What the registrant of the address block says; the frame is the first in which the MAC was seen. `facts` are sorted by age. */
function ouiStatements(
  mac: string,
  facts: readonly ObservedFact[],
  knowledge: Knowledge,
): Statement[] {
  if (kindOfMac(mac) !== 'universal' || isMadeUp(mac)) return []
  const organisation = knowledge.makerOfMac(mac)?.split('\n')[0]?.trim()
  if (organisation === undefined || organisation === '' || /^private$/i.test(organisation))
    return []
  const maker = knowledge.vocabulary.manufacturerOf(organisation)
  if (maker?.oui === 'guest') return []
  const seen = facts.find(({ subject }) => subject.mac === mac) ?? facts[0]
  const origin = seen ? evidenceOf(seen, 'oui', 0) : { time: 0 }
  const family = familyOfOui(maker)
  const weight = weightsOf(knowledge).weightOf(family, 'manufacturer')
  const evidence = {
    ...origin,
    field: 'mac.oui',
    value: `${mac} ${organisation}`,
    rule: 'oui',
    weight,
  }
  const value = maker?.name ?? tidyName(organisation)
  return [{ attribute: 'manufacturer', value, last: seen?.last ?? 0, family, evidence }]
}

/** Addresses that people type in by hand; the block of zeros is registered, but no living maker uses it. */
function isMadeUp(mac: string): boolean {
  return mac.startsWith('00:00:00:') || mac.startsWith('00:11:22:33:')
}

function familyOfOui(maker: Manufacturer | undefined): EvidenceFamily {
  if (!maker) return 'oui.unknown'
  return maker.oui === 'part' ? 'oui.part' : 'oui.device'
}

/** A registrant's name without its legal form, in capitals only where it is short. */
function tidyName(organisation: string): string {
  const words = organisation
    .replace(/[,.]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
  const kept = words.filter((word, index) => index === 0 || normalizeName(`x ${word}`) !== 'x')
  const calm = kept.map((word) =>
    /^[A-Z]{5,}$/.test(word) ? word[0] + word.slice(1).toLowerCase() : word,
  )
  return calm.join(' ')
}

/** Fields about the maker of data of which the asset gave several values: it passes on what others made. */
export function mixedFields(facts: readonly ObservedFact[]): ReadonlySet<string> {
  const values = Map.groupBy(
    facts.filter(({ field }) => isPassedOn(field)),
    ({ field }) => field,
  )
  const mixed = [...values].filter(([, group]) => new Set(group.map(({ value }) => value)).size > 1)
  return new Set(mixed.map(([field]) => field))
}

/** MACs that the facts prove to be the asset's, or the only one that they name. */
function ownMacs(facts: readonly ObservedFact[]): readonly string[] {
  const macsOf = (list: readonly ObservedFact[]) => [
    ...new Set(
      list.flatMap(({ subject }) =>
        subject.mac !== undefined && isDeviceMac(subject.mac) ? [subject.mac] : [],
      ),
    ),
  ]
  const proven = macsOf(facts.filter((fact) => isBinding(fact) || fact.subject.ip === undefined))
  const all = macsOf(facts)
  return proven.length > 0 || all.length > 1 ? proven : all
}

function byAge(a: ObservedFact, b: ObservedFact): number {
  return (
    a.first - b.first ||
    (a.field < b.field ? -1 : a.field > b.field ? 1 : a.value < b.value ? -1 : 1)
  )
}
