import { Cursor } from '../cursor.ts'

/** One element at the top of a data set: its tag as group x 65536 + element, and its value. */
export interface DicomElement {
  readonly tag: number
  readonly value: Cursor
  /** A sequence of undefined length: `value` is all that follows, and no value to be read. */
  readonly isOpen: boolean
}

const ITEM = 0xfffee000
const ITEM_END = 0xfffee00d
const SEQUENCE_END = 0xfffee0dd
const UNDEFINED_LENGTH = 0xffffffff
const MOST_ELEMENTS = 4096
/** Value representations with a length of 32 bits (PS3.5 §7.1.2). */
const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'])

/** True when a data set names its value representations, judged by its first element (PS3.5 §7.1). */
export function isExplicit(dataSet: Cursor): boolean {
  const isUpper = (byte: number) => byte >= 0x41 && byte <= 0x5a
  return isUpper(dataSet.peek(4)) && isUpper(dataSet.peek(5))
}

/**
 * The elements at the top of a data set in little endian, up to and with `lastGroup`, in ascending order.
 * What is inside sequences is passed over without a stack: only how many of them are open is counted.
 */
export function* dicomElements(
  dataSet: Cursor,
  explicit: boolean,
  lastGroup: number,
): Generator<DicomElement> {
  let open = 0
  let previous = -1
  for (let count = 0; count < MOST_ELEMENTS && dataSet.remaining >= 8; count++) {
    const tag = dataSet.u16le() * 0x10000 + dataSet.u16le()
    const length = elementLength(dataSet, explicit && tag < ITEM)
    if (tag === ITEM || tag === ITEM_END || tag === SEQUENCE_END) {
      if (tag === SEQUENCE_END) open--
      if (open < 0) return
      if (tag === ITEM && length !== UNDEFINED_LENGTH) dataSet.skip(length)
      continue
    }
    if (open === 0 && (tag <= previous || tag / 0x10000 >= lastGroup + 1)) return
    if (open === 0) previous = tag
    if (length === UNDEFINED_LENGTH) {
      const value = new Cursor(dataSet.bytes, dataSet.position, dataSet.end)
      if (open === 0) yield { tag, value, isOpen: true }
      open++
      continue
    }
    const value = dataSet.take(length)
    if (open === 0 && value.ok) yield { tag, value, isOpen: false }
  }
}

/** The elements of the first item of a sequence, up to and with `lastGroup` (PS3.5 §7.5). */
export function firstItem(
  sequence: Cursor,
  explicit: boolean,
  lastGroup: number,
): Iterable<DicomElement> {
  const tag = sequence.u16le() * 0x10000 + sequence.u16le()
  const length = sequence.u32le()
  if (tag !== ITEM) return []
  const item = length === UNDEFINED_LENGTH ? sequence : sequence.take(length)
  return dicomElements(item, explicit, lastGroup)
}

function elementLength(dataSet: Cursor, explicit: boolean): number {
  if (!explicit) return dataSet.u32le()
  const representation = String.fromCharCode(dataSet.u8(), dataSet.u8())
  return LONG.has(representation) ? dataSet.skip(2).u32le() : dataSet.u16le()
}
