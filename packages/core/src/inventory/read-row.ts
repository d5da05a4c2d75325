import type { Vocabulary } from '../identity/vocabulary.ts'
import { cleanCell, cleanCode, readFlag, readIps, readMacs, readMoney } from './clean.ts'
import { readDate, type FoundOrder } from './dates.ts'
import { IMPORT_FIELDS, type DeclaredDevice, type ImportField } from './fields.ts'
import type { Columns } from './mapping.ts'
import type { TypeWords } from './type-words.ts'
import { readUdi, type Gs1Reader } from './udi.ts'

/** What reading needs to know beside the rows. */
export interface ReadingKnowledge {
  readonly vocabulary: Pick<Vocabulary, 'manufacturerOf' | 'types'>
  readonly typeOf: TypeWords
  readonly gs1: Gs1Reader
}

export interface RowParts {
  readonly device: DeclaredDevice
  /** Sentences about cells that were mended or left out. */
  readonly notes: readonly string[]
}

/** Reads one row by its columns. Pure; `orders` is what each date column was found to hold. */
export function readRow(
  cells: readonly string[],
  columns: Columns,
  orders: ReadonlyMap<ImportField, FoundOrder>,
  knowledge: ReadingKnowledge,
): RowParts {
  const device: Record<string, string | readonly string[]> = {}
  const notes: string[] = []
  for (const [name, index] of Object.entries(columns)) {
    const field = name as ImportField
    const { value, problem } = cleanCell(cells[index] ?? '')
    if (problem !== undefined) notes.push(`${field}: ${problem}`)
    if (value === undefined) continue
    const read = READERS[IMPORT_FIELDS[field]](value, orders.get(field) ?? 'none')
    if (read.problem !== undefined) notes.push(`${field}: ${read.problem}`)
    if (field === 'mac' || field === 'ip') {
      if (read.list !== undefined && read.list.length > 0) device[`${field}s`] = read.list
    } else if (read.value !== undefined) device[field] = read.value
  }
  readIdentifiers(device, notes, knowledge)
  readMaker(device, notes, knowledge)
  readType(device, knowledge)
  return { device: device as DeclaredDevice, notes }
}

interface Read {
  readonly value: string | undefined
  readonly list?: readonly string[]
  readonly problem?: string
}

const READERS: Readonly<
  Record<(typeof IMPORT_FIELDS)[ImportField], (value: string, order: FoundOrder) => Read>
> = {
  text: (value) => ({ value }),
  code: cleanCode,
  flag: readFlag,
  money: readMoney,
  mac: (value) => {
    const read = readMacs(value)
    return { ...read, list: read.macs }
  },
  ip: (value) => {
    const read = readIps(value)
    return { ...read, list: read.ips }
  },
  date: (value, order) => {
    const date = readDate(value, order)
    if (date !== undefined) return { value: date }
    const isEither = /^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}/.test(value)
    return {
      value: undefined,
      problem: isEither
        ? `${value} may be two days: say whether day or month comes first.`
        : `${value} is no date that we can read: write it as 2026-01-31.`,
    }
  },
}

type Draft = Record<string, string | readonly string[]>

/** A UDI brings its own serial and lot; it may also stand in the serial column. */
function readIdentifiers(device: Draft, notes: string[], { gs1 }: ReadingKnowledge): void {
  const inSerial =
    typeof device['serial'] === 'string' && /^\(01\)\d{14}|^\+[A-Z]/.test(device['serial'])
  if (inSerial) {
    device['udi'] ??= device['serial'] as string
    delete device['serial']
  }
  const text = device['udi']
  if (typeof text !== 'string') return
  const reading = readUdi(text, gs1)
  if ('problem' in reading) {
    notes.push(`udi: ${reading.problem}`)
    return
  }
  const { di, serial, lot } = reading.udi
  device['di'] ??= di
  if (serial !== undefined) device['serial'] ??= serial
  if (lot !== undefined) device['lot'] ??= lot
}

function readMaker(device: Draft, notes: string[], { vocabulary }: ReadingKnowledge): void {
  const written = device['manufacturer']
  if (typeof written !== 'string') return
  const known = vocabulary.manufacturerOf(written)
  if (known === undefined)
    notes.push(`manufacturer: ${written} is not in the list of makers; kept as written.`)
  else device['manufacturer'] = known.name
}

function readType(device: Draft, { vocabulary, typeOf }: ReadingKnowledge): void {
  const texts = [device['type'], device['description']].filter((text) => typeof text === 'string')
  const written = texts[0]
  delete device['type']
  if (written !== undefined && device['description'] === undefined) device['description'] = written
  for (const text of texts) {
    const found = vocabulary.types.get(text.toLowerCase()) ?? typeOf(text)
    if (found === undefined) continue
    device['type'] = found.id
    device['category'] = found.category
    return
  }
}
