import { WEAKNESS_RULES } from '../exposure/weakness.ts'
import type { ObservedFact } from '../vocabulary.ts'
import { furtherKeysOf, isGatewaySign, isMakerField } from './keys.ts'
import type { Knowledge } from './knowledge.ts'
import { memoized } from './memo.ts'
import { NAME_FIELDS, STATED_FIELDS, isPassedOn } from './stated.ts'

const WEAKNESS_FIELDS = new Set(WEAKNESS_RULES.flatMap(({ fields }) => fields))
/** Fields whose values bear on an asset in a way of their own. */
const OTHER_FIELDS = new Set(['dhcp.router'])

/**
 * Can the fact change what is known of its asset: a key, a name, evidence for a claim, a sign of bad configuration?
 * Of the facts that a hospital shows nine in ten cannot (another peer, another certificate), and an asset that got
 * only such need not be worked out again.
 */
export function bearsOnAsset(fact: ObservedFact, { fingerprints }: Knowledge): boolean {
  return (
    isBearingField(fact.field) ||
    furtherKeysOf(fact).length > 0 ||
    isGatewaySign(fact) ||
    fingerprints.match(fact.field, fact.value).length > 0
  )
}

const isBearingField = memoized(
  (field) =>
    WEAKNESS_FIELDS.has(field) ||
    OTHER_FIELDS.has(field) ||
    isPassedOn(field) ||
    isMakerField(field) ||
    Object.hasOwn(NAME_FIELDS, field) ||
    Object.hasOwn(STATED_FIELDS, field),
)
