import type { Attribute, Claim, Evidence, ObservedFact } from '../vocabulary.ts'
import { isDeviceMac, kindOfMac } from './address.ts'
import { isBinding } from './keys.ts'
import type { Knowledge } from './knowledge.ts'
import { WEIGHTS } from './fingerprint.ts'
import { STATED_FIELDS, isEmptyValue, isOfAnother, isPassedOn } from './stated.ts'
import { normalizeName } from './vocabulary.ts'
import type { Manufacturer, Vocabulary } from './vocabulary.ts'

/** One piece of evidence for one value of one attribute. */
export interface Statement {
  readonly attribute: Attribute
  readonly value: string
  /** When it was last seen, milliseconds since 1970. */
  readonly last: number
  readonly evidence: Evidence
}

/** Log-odds of what an address block says: of a known device maker, of another registrant, of a module maker. */
const OUI_WEIGHT = { device: 2.6, unknown: 1.6, part: 0.2 }
/** Log-odds of type or category when the maker makes nothing else. */
const MAKES_WEIGHT = 1.5

/** Everything that the facts say of the asset, each statement once. */
export function gatherEvidence(
  facts: readonly ObservedFact[],
  knowledge: Knowledge,
  macs: readonly string[] | undefined,
): Statement[] {
  const statements = new Map<string, Statement>()
  const isMixed = mixedFields(facts)
  for (const fact of facts.toSorted(byAge)) {
    if (isMixed.has(fact.field) || isOfAnother(fact)) continue
    for (const statement of statementsOf(fact, knowledge)) {
      const key = `${statement.attribute}/${statement.value}/${statement.evidence.rule}/${fact.field}`
      const before = statements.get(key)
      const last = Math.max(statement.last, before?.last ?? 0)
      statements.set(key, { ...(before ?? statement), last })
    }
  }
  const found = [...statements.values(), ...archiveStatements(facts, isMixed)]
  for (const mac of macs ?? ownMacs(facts)) found.push(...ouiStatements(mac, facts, knowledge))
  return found
}

/** Who passes on images of several devices is an archive or a router of images. */
function archiveStatements(
  facts: readonly ObservedFact[],
  isMixed: ReadonlySet<string>,
): Statement[] {
  if (!isMixed.has('dicom.device-serial') && !isMixed.has('dicom.model')) return []
  const fact = facts.find(({ field }) => field === 'dicom.model' || field === 'dicom.device-serial')
  if (!fact) return []
  return [stateOf(fact, 'type', 'pacs', 'passes on images of several devices', WEIGHTS.likely)]
}

/** A type implies its category; a maker of one thing implies it. */
export function impliedEvidence(
  statements: readonly Statement[],
  maker: Claim | undefined,
  { types, manufacturers }: Vocabulary,
): Statement[] {
  const implied: Statement[] = []
  for (const { attribute, value, last, evidence } of statements) {
    const category = attribute === 'type' ? types.get(value)?.category : undefined
    if (category !== undefined)
      implied.push({ attribute: 'category', value: category, last, evidence })
  }
  const makes = manufacturers.get(maker?.value ?? '')?.makes ?? []
  const origin = maker?.evidence[0]
  if (!maker || !origin || makes.length === 0) return implied
  const evidence = {
    ...origin,
    rule: `maker of ${makes.join(', ')}`,
    weight: MAKES_WEIGHT * maker.confidence,
  }
  const categories = new Set(makes.map((type) => types.get(type)?.category))
  const [type, category] = [makes[0], [...categories][0]]
  if (makes.length === 1 && type !== undefined)
    implied.push({ attribute: 'type', value: type, last: 0, evidence })
  if (categories.size === 1 && category !== undefined)
    implied.push({ attribute: 'category', value: category, last: 0, evidence })
  return implied
}

function statementsOf(fact: ObservedFact, { fingerprints, vocabulary }: Knowledge): Statement[] {
  const statements: Statement[] = []
  for (const { id, assertions } of fingerprints.match(fact.field, fact.value))
    for (const { attribute, value, weight } of assertions)
      if (!isEmptyValue(value)) statements.push(stateOf(fact, attribute, value, id, weight))
  if (isOwnRouter(fact))
    statements.push(stateOf(fact, 'type', 'router', 'names itself as the router', WEIGHTS.strong))
  const stated = STATED_FIELDS[fact.field]
  const isSaid = statements.some(({ attribute }) => attribute === stated?.attribute)
  if (!stated || isSaid || isEmptyValue(fact.value)) return statements
  const value = fact.value.replace(/\s+/g, ' ').trim()
  if (stated.attribute !== 'manufacturer')
    return [
      ...statements,
      stateOf(fact, stated.attribute, value, `stated in ${fact.field}`, stated.weight),
    ]
  const maker = vocabulary.manufacturerOf(value)
  const weight = maker ? stated.weight : stated.weight / 2
  return [
    ...statements,
    stateOf(fact, 'manufacturer', maker?.name ?? value, `stated in ${fact.field}`, weight),
  ]
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
  weight: number,
): Statement {
  return { attribute, value, last: fact.last, evidence: evidenceOf(fact, rule, weight) }
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

/** What the registrant of the address block says; the frame is the first in which the MAC was seen. */
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
  const seen =
    facts.filter(({ subject }) => subject.mac === mac).toSorted(byAge)[0] ??
    facts.toSorted(byAge)[0]
  const origin = seen ? evidenceOf(seen, 'oui', 0) : { time: 0 }
  const weight = weightOfOui(maker)
  const evidence = {
    ...origin,
    field: 'mac.oui',
    value: `${mac} ${organisation}`,
    rule: 'oui',
    weight,
  }
  const value = maker?.name ?? tidyName(organisation)
  return [{ attribute: 'manufacturer', value, last: seen?.last ?? 0, evidence }]
}

/** Addresses that people type in by hand; the block of zeros is registered, but no living maker uses it. */
function isMadeUp(mac: string): boolean {
  return mac.startsWith('00:00:00:') || mac.startsWith('00:11:22:33:')
}

function weightOfOui(maker: Manufacturer | undefined): number {
  if (!maker) return OUI_WEIGHT.unknown
  return maker.oui === 'part' ? OUI_WEIGHT.part : OUI_WEIGHT.device
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
