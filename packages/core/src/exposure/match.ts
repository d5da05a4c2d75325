import type { Claim, Device, Match } from '../vocabulary.ts'
import { ByModel } from './by-model.ts'
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
interface Memory {
  /** By what else tells a device from another of its model: mostly the version alone. */
  readonly known: ByModel<Map<string | undefined, Remembered>>
  size: number
}

/** The matches; `single` where serial or lot number decide, so that twins differ. */
type Remembered = readonly Match[] | 'single'

const memories = new WeakMap<AdvisoryIndex, Memory>()
/**
 * Answers that are kept. Whoever holds many devices against advisories takes those of one model side by side, so the
 * answers of a few models are enough; kept longer they cost more to move about in memory than to make again.
 */
const MOST_REMEMBERED = 200

/** Holds a device against all advisories. No match means that no advisory names such a device. */
export function match(device: Device, index: AdvisoryIndex): readonly Match[] {
  const memory = memoryOf(index)
  const { manufacturer, model } = device
  const twins = memory.known.get(manufacturer, model) ?? new Map<string | undefined, Remembered>()
  const rest = restOf(device)
  const before = twins.get(rest)
  if (typeof before === 'object') return before
  const matches = matchAll(device, index)
  if (before === 'single') return matches
  const isSingle = index.candidatesFor(device).some(({ entry }) => hasNumbers(entry.product))
  memory.known.set(manufacturer, model, twins.set(rest, isSingle ? 'single' : matches))
  memory.size++
  return matches
}

function memoryOf(index: AdvisoryIndex): Memory {
  const before = memories.get(index)
  if (before !== undefined && before.size < MOST_REMEMBERED) return before
  const memory: Memory = { known: new ByModel(), size: 0 }
  memories.set(index, memory)
  return memory
}

/** What a matcher looks at besides maker and model, without the numbers that only one device has. */
function restOf({ version, catalogue, components, udi, os, parts }: Device): string | undefined {
  const isPlain =
    components === undefined && parts === undefined && catalogue === undefined && os === undefined
  // A version that begins like the long form is written in it too, so that the two are never one.
  if (isPlain && udi === undefined && version?.startsWith('[') !== true) return version
  const identifier = udi === undefined ? '' : deviceIdentifierOf(udi)
  return JSON.stringify([version, catalogue, components, identifier, os, parts])
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
export function deviceOf({
  claims,
}: {
  readonly claims: readonly Pick<Claim, 'attribute' | 'value'>[]
}): Device | undefined {
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
