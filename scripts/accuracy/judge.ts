import type { Claim, Vocabulary } from '../../packages/core/src/index.ts'
import type { TrueDevice } from './truth.ts'

/** Attributes that are measured. */
export const MEASURED = ['manufacturer', 'category', 'type', 'model'] as const
export type Measured = (typeof MEASURED)[number]

/** One claim, or none, held against the truth about one device in one capture. */
export interface Outcome {
  readonly device: TrueDevice
  readonly capture: string
  readonly attribute: Measured
  readonly truth: string
  readonly claimed: string | undefined
  readonly confidence: number
  readonly isRight: boolean
  /** Share of this capture in its device: the captures of one device together count one. */
  readonly share: number
}

/** Holds claims against the truth, one outcome for each attribute whose truth is known. */
export function judge(
  device: TrueDevice,
  capture: string,
  claims: readonly Pick<Claim, 'attribute' | 'value' | 'confidence'>[],
  vocabulary: Vocabulary,
): Outcome[] {
  return MEASURED.flatMap((attribute) => {
    const truth = device[attribute]
    if (truth === undefined) return []
    const claim = claims.find((each) => each.attribute === attribute)
    return {
      device,
      capture,
      attribute,
      truth,
      claimed: claim?.value,
      confidence: claim?.confidence ?? 0,
      isRight: claim !== undefined && isSame(attribute, claim.value, truth, vocabulary),
      share: 1 / device.captures.length,
    }
  })
}

/** Does the claim say what the truth says, in whichever spelling? */
export function isSame(
  attribute: Measured,
  claimed: string,
  truth: string,
  vocabulary: Vocabulary,
): boolean {
  if (attribute === 'manufacturer') return isSameMaker(claimed, truth, vocabulary)
  if (attribute === 'model') return isSameModel(claimed, truth)
  return claimed === truth
}

/** `Philips (Signify)` is either of the two. */
function isSameMaker(claimed: string, truth: string, { manufacturerOf }: Vocabulary): boolean {
  const nameOf = (text: string) => (manufacturerOf(text)?.name ?? text).toLowerCase()
  const names = [truth, ...truth.split(/[()/]/)].map((part) => part.trim()).filter(Boolean)
  return names.some((name) => nameOf(claimed) === nameOf(name))
}

/** One of them holds the other, as `IC-3115W` and `Edimax IC-3115W`. */
function isSameModel(claimed: string, truth: string): boolean {
  const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '')
  const [one, other] = [bare(claimed), bare(truth)]
  return one.length >= 3 && (other.includes(one) || one.includes(other))
}
