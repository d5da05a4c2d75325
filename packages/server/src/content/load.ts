import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import {
  compileFingerprints,
  compileVocabulary,
  compileWeights,
  type Advisory,
  type DeclaredField,
  type Knowledge,
  type LearningSettings,
  type PresenceSettings,
  type ResponsePlan,
} from '@wardkeeper/core'
import ouiData from 'oui-data' with { type: 'json' }
import { loadInventory, type InventoryContent } from './inventory.ts'
import { readChecked, readData } from './read.ts'
import { loadRisk, type RiskContent } from './risk.ts'
import type { z } from 'zod'
import {
  advisoryFile,
  inventoryRules,
  learningSettings,
  presenceSettings,
  protectedFields,
  responsePlan,
} from './schemas.ts'

export type InventoryRules = z.infer<typeof inventoryRules>

export { readChecked } from './read.ts'

/** All knowledge that comes as data, read and checked. */
export interface Content {
  readonly knowledge: Knowledge
  readonly advisories: readonly Advisory[]
  /** ISO date of the newest advisory file; undefined when there is none. */
  readonly advisoryDate: string | undefined
  readonly responsePlan: ResponsePlan
  readonly learning: LearningSettings
  /** How long devices may say nothing. */
  readonly presence: PresenceSettings
  /** Fields of a device that change only when a second person approves. */
  readonly protectedFields: readonly DeclaredField[]
  readonly risk: RiskContent
  readonly inventory: InventoryContent
  /** Rules of the inventory until a site writes its own. */
  readonly rules: InventoryRules
}

/**
 * Reads `content/`, and beside it what a site imported into a folder of its own; an error names the file and the entry.
 */
export async function loadContent(folder: string, imported?: string): Promise<Content> {
  const own = await readFolder(path.join(folder, 'fingerprints'))
  const fingerprints = compileFingerprints(
    imported === undefined ? own : await addImported(own, path.join(imported, 'fingerprints')),
  )
  const codes = imported === undefined ? undefined : path.join(imported, 'codes.yaml')
  const vocabulary = compileVocabulary({
    ...(await readFolder(path.join(folder, 'vocabularies'))),
    ...(codes !== undefined && existsSync(codes) ? { codes: await readData(codes) } : {}),
  })
  const weightsFile = path.join(folder, 'calibration/identity-weights.yaml')
  // Without measured weights the guessed ones stand.
  const weights = existsSync(weightsFile) ? compileWeights(await readData(weightsFile)) : undefined
  const { advisories, date } = await loadAdvisories(path.join(folder, 'advisories'))
  return {
    knowledge: { fingerprints, vocabulary, makerOfMac, weights },
    advisories,
    advisoryDate: date,
    responsePlan: await readChecked(path.join(folder, 'response-plans/default.yaml'), responsePlan),
    learning: await readChecked(path.join(folder, 'behaviour/learning.yaml'), learningSettings),
    presence: await readChecked(path.join(folder, 'behaviour/presence.yaml'), presenceSettings),
    rules: await readChecked(path.join(folder, 'inventory/rules.yaml'), inventoryRules),
    protectedFields: await readChecked(
      path.join(folder, 'inventory/protected-fields.yaml'),
      protectedFields,
    ),
    risk: await loadRisk(path.join(folder, 'risk')),
    inventory: await loadInventory(folder),
  }
}

const makers: Readonly<Record<string, string>> = ouiData

/** The organisation that the smallest registered block with the MAC belongs to (IEEE MA-S, MA-M, MA-L). */
function makerOfMac(mac: string): string | undefined {
  const digits = mac.replaceAll(':', '').toUpperCase()
  const found = [9, 7, 6].map((length) => makers[digits.slice(0, length)]).find(Boolean)
  return found?.split('\n')[0]
}

async function loadAdvisories(folder: string): Promise<{ advisories: Advisory[]; date?: string }> {
  const advisories: Advisory[] = []
  let date: string | undefined
  for (const file of list(folder, '.json')) {
    const content = await readChecked(path.join(folder, file), advisoryFile)
    advisories.push(...content.advisories)
    if (content.meta.date > (date ?? '')) date = content.meta.date
  }
  return { advisories, ...(date === undefined ? {} : { date }) }
}

/** Entries that a site imported stand behind those of the product; what the product knows already is left out. */
async function addImported(
  own: Readonly<Record<string, unknown>>,
  folder: string,
): Promise<Record<string, unknown>> {
  const files: Record<string, unknown> = { ...own }
  // An import that was cut short leaves a folder whose name ends in `.new`.
  const sources = existsSync(folder)
    ? readdirSync(folder).filter((name) => !name.endsWith('.new'))
    : []
  for (const source of sources.toSorted()) {
    for (const [field, entries] of Object.entries(await readFolder(path.join(folder, source)))) {
      const before = Array.isArray(files[field]) ? (files[field] as unknown[]) : []
      const known = new Set(before.map(patternOf))
      const fresh = (Array.isArray(entries) ? entries : []).filter(
        (entry) => !known.has(patternOf(entry)),
      )
      files[field] = [...before, ...fresh]
    }
  }
  return files
}

function patternOf(entry: unknown): string {
  const { pattern, ignoreCase } = (entry ?? {}) as { pattern?: unknown; ignoreCase?: unknown }
  return `${ignoreCase === true}/${String(pattern)}`
}

/** All YAML files of a folder by name without the ending. */
async function readFolder(folder: string): Promise<Record<string, unknown>> {
  const files: Record<string, unknown> = {}
  for (const file of list(folder, '.yaml')) {
    files[file.slice(0, -'.yaml'.length)] = await readData(path.join(folder, file))
  }
  return files
}

function list(folder: string, ending: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .toSorted()
}
