import type { Asset, Device, Match } from '../vocabulary.ts'
import type { AdvisoryIndex } from './advisory-index.ts'
import type { Matcher } from './matcher.ts'
import { deviceIdentifierOf } from './catalogue.ts'
import { catalogue } from './matchers/catalogue.ts'
import { component } from './matchers/component.ts'
import { product } from './matchers/product.ts'
import { serial } from './matchers/serial.ts'
import { udi } from './matchers/udi.ts'

/** Every way to match, the surest first; what an earlier one found, a later one does not repeat. */
export const MATCHERS: readonly Matcher[] = [udi, serial, catalogue, product, component]

/** A hospital has many devices and few models: what was found for one is found for its twins. */
const remembered = new WeakMap<AdvisoryIndex, Map<string, Remembered>>()

interface Remembered {
  readonly matches: readonly Match[]
  /** Serial or lot number decide, so that twins differ. */
  readonly isSingle: boolean
}

/** Holds a device against all advisories. No match means that no advisory names such a device. */
export function match(device: Device, index: AdvisoryIndex): readonly Match[] {
  const known = remembered.get(index) ?? new Map<string, Remembered>()
  remembered.set(index, known)
  const key = keyOf(device)
  const before = known.get(key)
  if (before !== undefined && !before.isSingle) return before.matches
  const matches = matchAll(device, index)
  if (before === undefined) {
    known.set(key, { matches, isSingle: matches.some(({ matcher }) => matcher === 'serial') })
  }
  return matches
}

/** Everything that a matcher looks at, without the numbers that only one device has. */
function keyOf(device: Device): string {
  const { manufacturer, model, version, catalogue: number, components, os, parts } = device
  const identifier = deviceIdentifierOf(device.udi ?? '')
  return JSON.stringify([manufacturer, model, version, number, components, identifier, os, parts])
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
