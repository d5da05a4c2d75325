import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import {
  compileFingerprints,
  compileVocabulary,
  compileWeights,
  type Knowledge,
} from '@wardkeeper/core'
import { makerOfMac } from './mac-registry.ts'
import { listFiles, readData } from './read-data.ts'

/**
 * Reads what `content/` knows of devices, and beside it what a site imported into a folder of its own: all that it takes to say
 * what a device is. An error names the file and the entry.
 */
export async function loadKnowledge(folder: string, imported?: string): Promise<Knowledge> {
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
  return { fingerprints, vocabulary, makerOfMac, weights }
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
  for (const file of listFiles(folder, '.yaml')) {
    files[file.slice(0, -'.yaml'.length)] = await readData(path.join(folder, file))
  }
  return files
}
