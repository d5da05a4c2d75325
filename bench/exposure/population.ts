import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CORE_SCHEMA, load } from 'js-yaml'
// Not the whole of core: what a process does not need would be loaded in the time that is measured.
import { parseCsaf } from '../../packages/core/src/exposure/csaf.ts'
import { mergeRecalls, parseRecall } from '../../packages/core/src/exposure/recall.ts'
import { compileVocabulary } from '../../packages/core/src/identity/vocabulary.ts'
import type { Advisory, Device, Vocabulary } from '../../packages/core/src/index.ts'

/** Numbers that look random and are the same in each run (mulberry32). */
export function startRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** The published advisories and recalls, from their files; KEV gives dates. */
export function readIntel(intel: string): readonly Advisory[] {
  const kev = JSON.parse(
    readFileSync(join(intel, 'kev/known_exploited_vulnerabilities.json'), 'utf8'),
  ) as { readonly vulnerabilities: readonly { cveID: string; dateAdded: string }[] }
  const dates = new Map(kev.vulnerabilities.map((one) => [one.cveID, one.dateAdded]))
  const tree = join(intel, 'cisagov-csaf/csaf_files/OT/white')
  const names = readdirSync(tree, { recursive: true, encoding: 'utf8' })
  const advisories = names
    .filter((name) => /icsm?a-[^/]*\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(tree, name), 'utf8')) as unknown)
    .map((document) => parseCsaf(document, (cve) => dates.get(cve)).advisory)
  const recalls = JSON.parse(
    readFileSync(join(intel, 'openfda/recalls-derived-316.json'), 'utf8'),
  ) as readonly unknown[]
  return [...advisories, ...mergeRecalls(recalls.flatMap((one) => parseRecall(one) ?? []))]
}

export function readMakers(): Vocabulary {
  const folder = join(import.meta.dirname, '../../content/vocabularies')
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [
      name.replace('.yaml', ''),
      load(readFileSync(join(folder, name), 'utf8'), { schema: CORE_SCHEMA }) as unknown,
    ])
  return compileVocabulary(Object.fromEntries(files) as Record<string, unknown>)
}

/** Makers and models of a hospital's size: those that advisories name, and as many that none does. */
export function modelsOf(advisories: readonly Advisory[]): readonly (readonly [string, string])[] {
  const medical = advisories.filter(({ id, kind }) => id.startsWith('ICSMA') || kind === 'recall')
  const industrial = advisories.filter(({ id }) => id.startsWith('ICSA')).slice(0, 400)
  const named = [...medical, ...industrial].flatMap(({ products }) =>
    products.slice(0, 8).map(({ vendor, product }) => [vendor, product] as const),
  )
  const unique = [...new Map(named.map((one) => [one.join('\t'), one])).values()]
  const others = unique.map(([vendor], at) => [vendor, `Series ${at % 97} Unit ${at}`] as const)
  return [...unique, ...others].filter(([vendor, model]) => vendor !== '' && model !== '')
}

/** Few models have many devices, most have few; a third of the devices tell no version. */
export function devicesOf(
  models: readonly (readonly [string, string])[],
  count: number,
): readonly Device[] {
  const random = startRandom(7)
  return Array.from({ length: count }, () => {
    const at = Math.min(random(models.length), random(models.length))
    const [manufacturer, model] = models[at] ?? ['Acme', 'Pump']
    if (random(3) === 0) return { manufacturer, model }
    return { manufacturer, model, version: `${1 + random(9)}.${random(10)}` }
  })
}

/** The devices in the order in which the stage that spreads advisories lists them: those of one model side by side. */
export function sideBySide(devices: readonly Device[]): readonly Device[] {
  const models = Map.groupBy(devices, ({ manufacturer, model }) => `${manufacturer}\t${model}`)
  return [...models.values()].flat()
}
