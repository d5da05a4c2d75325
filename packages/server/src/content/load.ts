import path from 'node:path'
import {
  type Advisory,
  type DeclaredField,
  type Knowledge,
  type LearningSettings,
  type PresenceSettings,
  type ResponsePlan,
} from '@wardkeeper/core'
import { loadInventory, type InventoryContent } from './inventory.ts'
import { loadKnowledge } from './knowledge.ts'
import { listFiles } from './read-data.ts'
import { readChecked } from './read.ts'
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
  const knowledge = await loadKnowledge(folder, imported)
  const { advisories, date } = await loadAdvisories(path.join(folder, 'advisories'))
  return {
    knowledge,
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

async function loadAdvisories(folder: string): Promise<{ advisories: Advisory[]; date?: string }> {
  const advisories: Advisory[] = []
  let date: string | undefined
  for (const file of listFiles(folder, '.json')) {
    const content = await readChecked(path.join(folder, file), advisoryFile)
    advisories.push(...content.advisories)
    if (content.meta.date > (date ?? '')) date = content.meta.date
  }
  return { advisories, ...(date === undefined ? {} : { date }) }
}
