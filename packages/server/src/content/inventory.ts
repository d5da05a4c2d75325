import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import {
  IMPORT_FIELD_NAMES,
  MATCH_KEYS,
  VALUE_SOURCES,
  type ImportField,
  type ImportTemplate,
  type MaintenanceSettings,
  type MatchSettings,
  type Precedence,
  type ReconcileSettings,
} from '@wardkeeper/core'
import { z } from 'zod'
import { readChecked } from './read.ts'

/** How records of other systems are read and held against what is seen. */
export interface InventoryContent {
  readonly templates: readonly ImportTemplate[]
  readonly matching: MatchSettings & ReconcileSettings
  readonly precedence: Precedence
  readonly maintenance: MaintenanceSettings
}

const share = z.number().min(0).max(1)

/** `content/inventory/matching.yaml`: when a row of an import is a device that is known, and when one is missed. */
const matchingSettings = z.object({
  equal: z.record(z.enum(MATCH_KEYS), share),
  contrary: z.record(z.enum(['serial', 'manufacturer', 'model', 'type', 'mac']), share),
  matchFrom: share,
  askFrom: share,
  distance: share,
  ghostAfterDays: z.number().min(0),
  observedFrom: z.number().positive(),
})

/** `content/inventory/precedence.yaml`: which source of a value stands over which. */
const precedence = z.record(z.string(), z.array(z.enum(VALUE_SOURCES)).min(1))

/** `content/inventory/maintenance.yaml`: which preventive maintenance becomes a work order. */
const maintenance = z.strictObject({
  isOn: z.boolean(),
  leadDays: z.number().int().min(0).max(90),
  mostDevices: z.number().int().min(1).max(100),
  withRecords: z.boolean(),
})

/** A file of `content/import-templates`. */
const importTemplate = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(1),
  kind: z.enum(['cmms', 'cmdb', 'network', 'monitoring']),
  isFull: z.boolean(),
  notes: z.string().optional(),
  columns: z.partialRecord(
    z.enum(IMPORT_FIELD_NAMES as [ImportField, ...ImportField[]]),
    z.array(z.string().min(1)).min(1),
  ),
})

/** Reads `content/import-templates` and `content/inventory`. */
export async function loadInventory(folder: string): Promise<InventoryContent> {
  const templates = path.join(folder, 'import-templates')
  const files = existsSync(templates)
    ? readdirSync(templates)
        .filter((name) => name.endsWith('.yaml'))
        .toSorted()
    : []
  return {
    templates: await Promise.all(
      files.map((file) => readChecked(path.join(templates, file), importTemplate)),
    ),
    matching: await readChecked(path.join(folder, 'inventory/matching.yaml'), matchingSettings),
    precedence: await readChecked(path.join(folder, 'inventory/precedence.yaml'), precedence),
    maintenance: await readChecked(path.join(folder, 'inventory/maintenance.yaml'), maintenance),
  }
}
