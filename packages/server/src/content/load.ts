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

/** Reads `content/`; an error names the file and the entry. */
export async function loadContent(folder: string): Promise<Content> {
  const fingerprints = compileFingerprints(await readFolder(path.join(folder, 'fingerprints')))
  const vocabulary = compileVocabulary(await readFolder(path.join(folder, 'vocabularies')))
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
