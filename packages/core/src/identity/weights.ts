import { ATTRIBUTES } from '../vocabulary.ts'
import type { Attribute } from '../vocabulary.ts'

export const CONFIDENCES = ['certain', 'strong', 'likely', 'hint'] as const
/** How far one match is believed, in words; the weights give them as log-odds. */
export type Confidence = (typeof CONFIDENCES)[number]

/** Kinds of evidence that are weighed alike. */
export const EVIDENCE_FAMILIES = [
  ...CONFIDENCES.map((word) => `fingerprint.${word}` as const),
  ...CONFIDENCES.map((word) => `stated.${word}` as const),
  'oui.device',
  'oui.unknown',
  'oui.part',
  'makes',
  'behaviour',
] as const
export type EvidenceFamily = (typeof EVIDENCE_FAMILIES)[number]

/** What each kind of evidence is worth. */
export interface IdentityWeights {
  /** Names the fit in reports: a date, or `unfitted`. */
  readonly version: string
  /** Log-odds of one piece of evidence of the family, for this attribute. */
  weightOf(family: EvidenceFamily, attribute: Attribute): number
  /** How far the sum over all evidence is believed: 1 as it stands, less where evidence goes along with evidence. */
  trustIn(attribute: Attribute): number
}

const WORDS: Readonly<Record<Confidence, number>> = {
  certain: 5,
  strong: 3.5,
  likely: 2,
  hint: 0.8,
}

/** Log-odds before anything was measured: 0.993, 0.97, 0.88 and 0.69 for the four words. */
export const UNFITTED_WEIGHTS: IdentityWeights = {
  version: 'unfitted',
  weightOf: (family) => PRIORS[family],
  trustIn: () => 1,
}

const PRIORS: Readonly<Record<EvidenceFamily, number>> = {
  'fingerprint.certain': WORDS.certain,
  'fingerprint.strong': WORDS.strong,
  'fingerprint.likely': WORDS.likely,
  'fingerprint.hint': WORDS.hint,
  'stated.certain': WORDS.certain,
  'stated.strong': WORDS.strong,
  'stated.likely': WORDS.likely,
  'stated.hint': WORDS.hint,
  'oui.device': 2.6,
  'oui.unknown': 1.6,
  'oui.part': 0.2,
  makes: 1.5,
  // A vote carries its own weight, measured at the site.
  behaviour: 0,
}

/**
 * Compiles fitted weights from parsed YAML: `weights: { <family>: { <attribute>: log-odds } }`, `trust: { <attribute>: factor }`.
 * What the file does not name stays as it was before the fit. Throws an Error that names the entry.
 */
export function compileWeights(data: unknown): IdentityWeights {
  const { version, weights, trust } = mappingOf('weights', data)
  if (typeof version !== 'string') throw new Error('weights: needs a version in quotes')
  const fitted = new Map<string, number>()
  for (const [family, row] of Object.entries(mappingOf('weights', weights))) {
    if (!EVIDENCE_FAMILIES.some((known) => known === family))
      throw new Error(`weights: "${family}" is no kind of evidence`)
    for (const [attribute, value] of Object.entries(mappingOf(family, row)))
      fitted.set(`${family}/${attributeOf(family, attribute)}`, numberOf(family, value, -1, 7))
  }
  const trusted = new Map<string, number>()
  for (const [attribute, value] of Object.entries(mappingOf('trust', trust ?? {})))
    trusted.set(attributeOf('trust', attribute), numberOf('trust', value, 0.2, 2))
  return {
    version,
    weightOf: (family, attribute) => fitted.get(`${family}/${attribute}`) ?? PRIORS[family],
    trustIn: (attribute) => trusted.get(attribute) ?? 1,
  }
}

function mappingOf(where: string, data: unknown): Readonly<Record<string, unknown>> {
  if (typeof data === 'object' && data !== null && !Array.isArray(data))
    return data as Readonly<Record<string, unknown>>
  throw new Error(`${where}: must be a mapping`)
}

function attributeOf(where: string, name: string): Attribute {
  const attribute = ATTRIBUTES.find((known) => known === name)
  if (!attribute) throw new Error(`${where}: "${name}" is not an attribute`)
  return attribute
}

function numberOf(where: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw new Error(`${where}: "${String(value)}" must be a number from ${least} to ${most}`)
}
