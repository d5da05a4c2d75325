import type { Vocabulary } from '../identity/vocabulary.ts'
import { Refusal } from '../refusal.ts'
import type { Attribute } from '../vocabulary.ts'
import { sameValue } from './precedence.ts'

/** What people decided of one attribute of a device, and what is claimed of it. */
export interface IdentityStand {
  readonly claimed: string | undefined
  readonly locked: { readonly value: string; readonly by: string } | undefined
  readonly disputed: { readonly value: string; readonly by: string } | undefined
  /** The type that somebody locked; a category must fit it. */
  readonly lockedType?: string | undefined
}

const LONGEST = 200

/** The values to lock: a type brings its category with it. Refused when the attribute is locked or the value unusable. */
export function decideLock(
  attribute: Attribute,
  wanted: string,
  stand: IdentityStand,
  vocabulary: Vocabulary,
): ReadonlyMap<Attribute, string> {
  if (stand.locked !== undefined)
    throw new Refusal('locked', [
      `It is locked to ${stand.locked.value} by ${stand.locked.by}: unlock it first, and say why.`,
    ])
  const value = wanted.trim().replace(/\s+/g, ' ')
  if (value === '' || value.length > LONGEST)
    throw new Refusal('unusable-value', [`Write a value of 1 to ${LONGEST} letters.`])
  if (attribute === 'type') {
    const type = vocabulary.types.get(value)
    if (type === undefined)
      throw new Refusal('unknown-type', [
        `There is no device type ${value}: choose one of the list.`,
      ])
    return new Map([
      ['type', value],
      ['category', type.category],
    ])
  }
  if (attribute === 'category') demandFitting(value, stand.lockedType, vocabulary)
  if (attribute === 'manufacturer')
    return new Map([[attribute, vocabulary.manufacturerOf(value)?.name ?? value]])
  return new Map([[attribute, value]])
}

function demandFitting(value: string, lockedType: string | undefined, vocabulary: Vocabulary) {
  if (!vocabulary.categories.has(value))
    throw new Refusal('unknown-category', [
      `There is no category ${value}: choose one of the list.`,
    ])
  const category = vocabulary.types.get(lockedType ?? '')?.category
  if (category !== undefined && category !== value)
    throw new Refusal('category-of-type', [
      `Its type is locked to ${lockedType}, and that is ${category}: unlock the type first.`,
    ])
}

/** Refused when nothing is locked. */
export function demandLocked(attribute: Attribute, { locked }: IdentityStand): void {
  if (locked === undefined) throw new Refusal('not-locked', [`The ${attribute} is not locked.`])
}

/** The value that is disputed: the one that is claimed. Refused where there is none, or a person stands for it. */
export function decideDispute(attribute: Attribute, stand: IdentityStand): string {
  const { claimed, locked, disputed } = stand
  if (claimed === undefined)
    throw new Refusal('nothing-claimed', [`Nothing is claimed of its ${attribute}.`])
  if (locked !== undefined)
    throw new Refusal('locked', [
      `It is locked to ${locked.value} by ${locked.by}: unlock it instead, and say why.`,
    ])
  if (disputed !== undefined && sameValue(attribute, disputed.value, claimed))
    throw new Refusal('disputed', [`${disputed.by} disputes it already.`])
  return claimed
}

/** Refused when nothing is disputed. */
export function demandDisputed(attribute: Attribute, { disputed }: IdentityStand): void {
  if (disputed === undefined)
    throw new Refusal('not-disputed', [`Nobody disputes the ${attribute}.`])
}
