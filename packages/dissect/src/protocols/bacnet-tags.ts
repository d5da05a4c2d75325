import { latin1, utf8, type Cursor } from '../cursor.ts'

/** Application tags (ASHRAE 135 §20.2.1.4). */
const BOOLEAN = 1
export const UNSIGNED = 2
export const CHARACTERS = 7

const DEVICE = 8

/** One tag and its contents, which are empty for the opening and closing tags around a list. */
export interface BacnetTag {
  readonly number: number
  readonly isContext: boolean
  readonly kind: 'value' | 'opening' | 'closing'
  readonly body: Cursor
}

/** Kind of object and its number. */
export interface ObjectId {
  readonly isDevice: boolean
  readonly instance: number
}

/** The next tag; past the end, and for contents that are not there, the cursor has failed (ASHRAE 135 §20.2.1). */
export function readTag(list: Cursor): BacnetTag {
  const first = list.u8()
  const isContext = (first & 8) !== 0
  const number = first >> 4 === 15 ? list.u8() : first >> 4
  const size = first & 7
  if (isContext && size >= 6) {
    return { number, isContext, kind: size === 6 ? 'opening' : 'closing', body: list.take(0) }
  }
  // The length of a boolean is its value.
  const length = !isContext && number === BOOLEAN ? 0 : size === 5 ? extendedLength(list) : size
  return { number, isContext, kind: 'value', body: list.take(length) }
}

function extendedLength(list: Cursor): number {
  const length = list.u8()
  if (length < 254) return length
  return length === 254 ? list.u16() : list.u32()
}

/** Reads on to the closing tag that ends the list just opened, over at most `most` tags. */
export function skipList(list: Cursor, most = 4096): void {
  let depth = 1
  for (let left = most; left > 0 && depth > 0 && list.remaining > 0; left--) {
    const { kind } = readTag(list)
    if (kind === 'opening') depth++
    else if (kind === 'closing') depth--
  }
}

/** An unsigned number of up to four bytes. */
export function unsignedOf({ body }: BacnetTag): number {
  let value = 0
  for (let left = Math.min(4, body.remaining); left > 0; left--) value = value * 256 + body.u8()
  return value
}

export function objectOf({ body }: BacnetTag): ObjectId {
  const id = body.u32()
  return { isDevice: id >>> 22 === DEVICE, instance: id & 0x3fffff }
}

/** Text after its character set: UTF-8, UCS-2 or Latin-1; other sets are read as Latin-1 (ASHRAE 135 §20.2.9). */
export function textOf({ body }: BacnetTag): string {
  const set = body.u8()
  const bytes = body.view(Math.min(body.remaining, 1024))
  if (set === 0) return utf8(bytes)
  if (set !== 4) return latin1(bytes)
  let text = ''
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode((bytes[at]! << 8) | bytes[at + 1]!)
  }
  return text
}
