import type { Asset, Device, Match } from '../vocabulary.ts'
import type { AdvisoryIndex } from './advisory-index.ts'
import { hasNumbers } from './advisory-index.ts'
import type { Matcher } from './matcher.ts'
import { deviceIdentifierOf } from './catalogue.ts'
import { catalogue } from './matchers/catalogue.ts'
import { cpe } from './matchers/cpe.ts'
import { component } from './matchers/component.ts'
import { product } from './matchers/product.ts'
import { serial } from './matchers/serial.ts'
import { udi } from './matchers/udi.ts'

/** Every way to match, the surest first; what an earlier one found, a later one does not repeat. */
export const MATCHERS: readonly Matcher[] = [udi, serial, catalogue, product, component, cpe]

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
    const isSingle = index.candidatesFor(device).some(({ entry }) => hasNumbers(entry.product))
    known.set(key, { matches, isSingle })
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
  const all: Match[] = []
  for (const matcher of MATCHERS) {
    const found = matcher.match(device, index).filter(({ advisoryId }) => !seen.has(advisoryId))
    for (const { advisoryId } of found) seen.add(advisoryId)
    all.push(...(matcher === cpe ? withoutRepeats(found, all) : found))
  }
  return all
}

/**
 * A CVE that an advisory of the maker speaks of is not told again; where the two disagree, both readings are shown
 * and the verdict is disputed.
 */
function withoutRepeats(cves: readonly Match[], advisories: readonly Match[]): readonly Match[] {
  if (cves.length === 0 || advisories.length === 0) return cves
  const told = new Map(advisories.flatMap((one) => one.cves.map((cve) => [cve, one] as const)))
  return cves.flatMap((one) => {
    const other = told.get(one.advisoryId)
    if (other === undefined) return one
    if (other.verdict !== 'not-affected' || one.verdict !== 'affected') return []
    const reason = `Sources disagree. ${other.advisoryId}: ${other.because.reason} ${one.advisoryId}: ${one.because.reason}`
    return { ...one, verdict: 'disputed' as const, because: { ...one.because, reason } }
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
  const os = valueOf('os')
  return {
    manufacturer,
    model,
    ...(version !== undefined && { version }),
    ...(serial !== undefined && { serial }),
    ...(os !== undefined && { os }),
  }
}
