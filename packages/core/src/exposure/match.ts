import type { Asset, Device, Match } from '../vocabulary.ts'
import type { AdvisoryIndex } from './advisory-index.ts'
import type { Matcher } from './matcher.ts'
import { component } from './matchers/component.ts'
import { product } from './matchers/product.ts'

/** Every way to match; what an earlier one found, a later one does not repeat. */
export const MATCHERS: readonly Matcher[] = [product, component]

/** Holds a device against all advisories. No match means that no advisory names such a device. */
export function match(device: Device, index: AdvisoryIndex): readonly Match[] {
  const seen = new Set<string>()
  return MATCHERS.flatMap((matcher) => {
    const found = matcher.match(device, index).filter(({ advisoryId }) => !seen.has(advisoryId))
    for (const { advisoryId } of found) seen.add(advisoryId)
    return found
  })
}

/** What matching can hold against advisories; undefined while maker or model are not claimed. */
export function deviceOf({ claims }: Pick<Asset, 'claims'>): Device | undefined {
  const valueOf = (attribute: string) =>
    claims.find((claim) => claim.attribute === attribute)?.value
  const manufacturer = valueOf('manufacturer')
  const model = valueOf('model')
  if (manufacturer === undefined || model === undefined) return undefined
  const version = valueOf('firmware')
  const serial = valueOf('serial')
  return {
    manufacturer,
    model,
    ...(version !== undefined && { version }),
    ...(serial !== undefined && { serial }),
  }
}
