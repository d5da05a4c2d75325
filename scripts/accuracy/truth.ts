import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Vocabulary } from '../../packages/core/src/index.ts'

/** Where the truth about a device comes from. */
export const TRUTH_SETS = ['lab', 'labelled', 'read'] as const
export type TruthSet = (typeof TRUTH_SETS)[number]

/** What a device is, as its owner or a person who looked says; what nobody knows is undefined. */
export interface TrueDevice {
  readonly set: TruthSet
  readonly name: string
  /** Devices of one family are held out together. */
  readonly family: string
  /** Paths of captures in which it is. */
  readonly captures: readonly string[]
  /** MAC or address; undefined for the device that most flows of the capture go to. */
  readonly key: string | undefined
  readonly manufacturer: string | undefined
  readonly model: string | undefined
  readonly type: string | undefined
  readonly category: string | undefined
}

/** Words of data sets that mean one type there, but not everywhere. */
const LOCAL_WORDS: Readonly<Record<string, string>> = {
  gateway: 'home-hub',
  'heating gateway': 'home-hub',
}
const LOCAL_CATEGORIES: Readonly<Record<string, string>> = { ot: 'industrial', iot: 'iot' }

/** Rows of a table with tabs, by the names in its first line; `#` begins a remark. */
function readTable(file: string): Readonly<Record<string, string>>[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const [head = '', ...rows] = lines
  const names = head.split('\t')
  return rows.map((row) => {
    const cells = row.split('\t')
    return Object.fromEntries(names.map((name, at) => [name, (cells[at] ?? '').trim()]))
  })
}

/** The devices of our own lab. */
export function readLabTruth(folder: string): TrueDevice[] {
  const capture = join(folder, 'hospital.pcapng')
  return readTable(join(folder, 'truth.tsv')).map((row) => ({
    set: 'lab',
    name: row['name'] ?? '',
    family: `${row['manufacturer']} ${row['model'] || row['type']}`,
    captures: [capture],
    key: row['mac'] || row['ips']?.split(',')[0],
    manufacturer: row['manufacturer'] || undefined,
    // The truth knows what a device never says; the wire names a model only where it says so.
    model: row['says']?.includes('model') ? row['model'] : undefined,
    type: row['type'] || undefined,
    category: row['category'] || undefined,
  }))
}

/** Devices that data sets label: `device-truth.tsv` beside the captures. */
export function readLabelledTruth(folder: string, vocabulary: Vocabulary): TrueDevice[] {
  const file = join(folder, 'device-truth.tsv')
  if (!existsSync(file)) return []
  return readTable(file).flatMap((row) => {
    const captures = globSync(join(folder, row['capture(s)'] ?? '')).toSorted()
    if (captures.length === 0) return []
    const words = (row['category'] ?? '').toLowerCase()
    const type = LOCAL_WORDS[words] ?? vocabulary.typeOf(words)?.id
    const category = vocabulary.types.get(type ?? '')?.category ?? LOCAL_CATEGORIES[words]
    if (category === undefined)
      throw new Error(`${file}: "${words}" has no type or category of ours`)
    const key = row['mac/ip'] ?? ''
    return {
      set: 'labelled' as const,
      name: row['label'] ?? '',
      family: row['label'] ?? '',
      captures,
      key: key.startsWith('(') ? undefined : key,
      manufacturer: row['vendor'] || undefined,
      model: row['model'] || undefined,
      type,
      category,
    }
  })
}

/** Devices of captures by others that we looked at ourselves; only the names of the captures are theirs. */
export function readOwnLabels(file: string, folder: string, vocabulary: Vocabulary): TrueDevice[] {
  return readTable(file).flatMap((row) => {
    const capture = join(folder, row['capture'] ?? '')
    if (!existsSync(capture)) return []
    const type = row['type'] || undefined
    const category = vocabulary.types.get(type ?? '')?.category ?? (row['category'] || undefined)
    if (type !== undefined && category === undefined)
      throw new Error(`${file}: "${type}" is no type of ours`)
    return {
      set: 'read' as const,
      name: `${relative(folder, resolve(capture))} ${row['device']}`,
      family: row['family'] ?? '',
      captures: [capture],
      key: row['device'],
      manufacturer: row['manufacturer'] || undefined,
      model: row['model'] || undefined,
      type,
      category,
    }
  })
}
