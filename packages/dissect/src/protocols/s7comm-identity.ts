import { Cursor } from '../cursor.ts'
import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const MODULES = 0x11
const COMPONENTS = 0x1c
/** Partial lists of the system status that identify a module, without the number of their extract. */
export const IDENTITY_LISTS: readonly number[] = [MODULES, COMPONENTS]
const MOST_RECORDS = 32

/** Fields of the component identification by the index of the record. */
const COMPONENT_FIELDS: Readonly<Record<number, string>> = {
  1: 's7comm.station-name',
  2: 's7comm.module-name',
  3: 's7comm.plant',
  4: 's7comm.copyright',
  5: 's7comm.serial',
  7: 's7comm.module-type',
  8: 's7comm.memory-card-serial',
  11: 's7comm.location',
}
const MODULE = 1
const HARDWARE = 6
const FIRMWARE = 7
const LETTER_V = 0x56

/** Facts of a module or component identification whose parts stand one after the other (SZL 0x11 and 0x1c). */
export function* identityFacts(parts: readonly Uint8Array[], from: Side): Generator<Fact> {
  const list = new Cursor(joined(parts))
  const id = list.u16() & 0xff
  const recordLength = list.skip(2).u16()
  const count = Math.min(list.u16(), MOST_RECORDS)
  for (let left = count; left > 0 && list.remaining > 2; left--) {
    const record = list.take(Math.min(recordLength, list.remaining))
    const index = record.u16()
    if (id === MODULES) yield* moduleFacts(index, record, from)
    else yield* componentFacts(index, record, from)
  }
}

function* componentFacts(index: number, record: Cursor, from: Side): Generator<Fact> {
  const field = COMPONENT_FIELDS[index]
  if (field !== undefined) yield* factOf(from, field, record.text(record.remaining))
}

/** Order number of twenty characters, type, and a version whose first octet is a letter where it is firmware. */
function* moduleFacts(index: number, record: Cursor, from: Side): Generator<Fact> {
  const order = record.text(20)
  record.skip(2)
  const letter = record.u8()
  const major = record.u8()
  const minor = record.u8()
  const patch = record.u8()
  if (!record.ok) return
  if (index === MODULE) yield* factOf(from, 's7comm.order-number', order)
  if (index === HARDWARE)
    yield* factOf(from, 's7comm.hardware-version', String(letter * 256 + major))
  if (index === FIRMWARE && letter === LETTER_V) {
    yield* factOf(from, 's7comm.firmware-version', `${major}.${minor}.${patch}`)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
