import type { Cursor } from '../cursor.ts'

/** Attributes of ISO/IEEE 11073-10101 that say which device speaks; those of the patient are not in this list. */
export const ATTRIBUTE = {
  bedLabel: 0x091e,
  model: 0x0928,
  productionSpecification: 0x092d,
  operatingMode: 0x0946,
  systemId: 0x0984,
  systemType: 0x0986,
  systemTypeSpecifications: 0x0a5a,
  networkAddress: 0xf100,
  protocolSupport: 0xf101,
} as const
const MOST_ATTRIBUTES = 64
const MOST_SPECIFICATIONS = 24

/** What a production specification tells, by its type. */
const SPECIFICATION: Readonly<Record<number, string>> = {
  1: 'serial',
  2: 'part',
  3: 'hardware',
  4: 'software',
  5: 'firmware',
}

/** Attribute list: count, length, then id, length and value of each (11073-20101 §A.2, 11073-20601 §A.3). */
export function* attributes(list: Cursor): Generator<{ id: number; value: Cursor }> {
  const count = Math.min(list.u16(), MOST_ATTRIBUTES)
  list.skip(2)
  for (let at = 0; at < count && list.remaining >= 4; at++) {
    const id = list.u16()
    const value = list.take(list.u16())
    if (value.ok) yield { id, value }
  }
}

/** Text with its length before it, without the zeros that end it. */
export function octets(value: Cursor): string {
  const text = value.take(value.u16())
  return text.ok ? text.text(Math.min(text.remaining, 256)) : ''
}

/** Serial number, revisions of hardware, software and firmware: name of each and its text. */
export function* productionSpecifications(value: Cursor): Generator<readonly [string, string]> {
  const count = Math.min(value.u16(), MOST_SPECIFICATIONS)
  value.skip(2)
  for (let at = 0; at < count && value.remaining >= 6; at++) {
    const name = SPECIFICATION[value.u16()]
    const text = octets(value.skip(2))
    if (name !== undefined) yield [name, text]
  }
}
