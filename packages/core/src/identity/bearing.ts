import { WEAKNESS_FIELDS } from '../exposure/weakness.ts'
import { furtherKeysOf, isGatewaySign, isMakerField, type Said } from './keys.ts'
import type { Knowledge } from './knowledge.ts'
import { memoized } from './memo.ts'
import { NAME_FIELDS, STATED_FIELDS, isPassedOn } from './stated.ts'

const OF_WEAKNESS = new Set(WEAKNESS_FIELDS)
/** Fields whose values bear on an asset in a way of their own. */
const OTHER_FIELDS = new Set(['dhcp.router'])

/**
 * Can the fact change what is known of its asset: a key, a name, evidence for a claim, a sign of bad configuration?
 * Of the facts that a hospital shows nine in ten cannot (another peer, another certificate), and an asset that got
 * only such need not be worked out again.
 */
export function bearsOnAsset(fact: Said, { fingerprints }: Knowledge): boolean {
  return (
    isBearingField(fact.field) ||
    furtherKeysOf(fact).length > 0 ||
    isGatewaySign(fact) ||
    fingerprints.match(fact.field, fact.value).length > 0
  )
}

const isBearingField = memoized(
  (field) =>
    OF_WEAKNESS.has(field) ||
    OTHER_FIELDS.has(field) ||
    isPassedOn(field) ||
    isMakerField(field) ||
    Object.hasOwn(NAME_FIELDS, field) ||
    Object.hasOwn(STATED_FIELDS, field),
)

/** To be raised with any change of what `bearsOnAsset` says beside its fingerprints. */
const REVISION = 1

/** All that `bearsOnAsset` depends on beside the fact, as text: where it is another, marked facts are to be marked anew. */
export function bearingBasis({ fingerprints }: Knowledge): string {
  const entries = [...fingerprints.fingerprints].flatMap(([field, list]) =>
    list.map(({ id, pattern, claims }) => [field, id, String(pattern.regex), claims]),
  )
  return JSON.stringify([REVISION, entries])
}
