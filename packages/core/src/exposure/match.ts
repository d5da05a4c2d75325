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
/** Answers that are kept: of 100,000 devices nearly every model and version, in less memory than making them again takes. */
const MOST_REMEMBERED = 100_000

/** The matches; `once` of what was asked for the first time, `single` where serial or lot number decide, so that twins differ. */
type Remembered = readonly Match[] | 'once' | 'single'

/**
 * Holds a device against all advisories. No match means that no advisory names such a device. Matches are kept from the
 * second twin on: most models and versions of a hospital have none, and keeping theirs costs more than it saves.
 */
export function match(device: Device, index: AdvisoryIndex): readonly Match[] {
  let known = remembered.get(index)
  if (known === undefined) remembered.set(index, (known = new Map()))
  const key = keyOf(device)
  const before = known.get(key)
  if (typeof before === 'object') return before
  const matches = matchAll(device, index)
  if (before === 'single') return matches
  if (known.size >= MOST_REMEMBERED) known.clear()
  if (before === 'once') known.set(key, matches)
  else {
    const isSingle = index.candidatesFor(device).some(({ entry }) => hasNumbers(entry.product))
    known.set(key, isSingle ? 'single' : 'once')
  }
  return matches
}

/** Everything that a matcher looks at, without the numbers that only one device has. */
function keyOf(device: Device): string {
  const { manufacturer, model, version, catalogue: number, components, os, parts } = device
  const identifier = device.udi === undefined ? '' : deviceIdentifierOf(device.udi)
  const isPlain = components === undefined && parts === undefined && number === undefined
  // What most devices are known by needs no quotes: a text with a line end in it is written the long way.
  if (isPlain && os === undefined && identifier === '') {
    const plain = `${manufacturer}\n${model}${version === undefined ? '' : `\n${version}`}`
    if (!`${manufacturer}${model}`.includes('\n')) return plain
  }
  return JSON.stringify([manufacturer, model, version, number, components, identifier, os, parts])
}

function matchAll(device: Device, index: AdvisoryIndex): readonly Match[] {
  const seen = new Set<string>()
  const all: Match[] = []
  for (const matcher of MATCHERS) {
    const found = matcher.match(device, index)
    if (found.length === 0) continue
    const news = seen.size === 0 ? found : found.filter(({ advisoryId }) => !seen.has(advisoryId))
    // The last one has nobody after it who could repeat it.
    if (matcher === cpe) return all.length === 0 ? news : [...all, ...withoutRepeats(news, all)]
    for (const one of news) {
      seen.add(one.advisoryId)
      all.push(one)
    }
  }
  return all
}

/**
 * A CVE that an advisory of the maker speaks of is not told again; where the two disagree, both readings are shown
 * and the verdict is disputed.
 */
function withoutRepeats(cves: readonly Match[], advisories: readonly Match[]): readonly Match[] {
  if (cves.length === 0 || advisories.length === 0) return cves
  const told = new Map<string, Match>()
  for (const one of advisories) for (const cve of one.cves) told.set(cve, one)
  if (!cves.some(({ advisoryId }) => told.has(advisoryId))) return cves
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
