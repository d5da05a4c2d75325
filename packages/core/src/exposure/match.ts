import type { Asset, Device, Match } from '../vocabulary.ts'
import type { AdvisoryIndex } from './advisory-index.ts'
import type { Matcher } from './matcher.ts'
import { component } from './matchers/component.ts'
import { product } from './matchers/product.ts'

/** Every way to match; what an earlier one found, a later one does not repeat. */
export const MATCHERS: readonly Matcher[] = [product, component]

/** A hospital has many devices and few models: what was found for one is found for its twins. */
const remembered = new WeakMap<AdvisoryIndex, Map<string, readonly Match[]>>()

/** Holds a device against all advisories. No match means that no advisory names such a device. */
export function match(device: Device, index: AdvisoryIndex): readonly Match[] {
  const known = remembered.get(index) ?? new Map<string, readonly Match[]>()
  remembered.set(index, known)
  const key = keyOf(device)
  const found = known.get(key) ?? matchAll(device, index)
  known.set(key, found)
  return found
}

/** Everything that a matcher looks at. */
function keyOf({ manufacturer, model, version, catalogue, components }: Device): string {
  return JSON.stringify([manufacturer, model, version, catalogue, components])
}

function matchAll(device: Device, index: AdvisoryIndex): readonly Match[] {
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
