import { Cursor } from '../cursor.ts'
import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const NONE = 0xffffffff
const APPLICATION_TYPES = ['server', 'client', 'client and server', 'discovery server']
const SECURITY_MODES: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'sign',
  3: 'sign and encrypt',
}
const TOKENS = ['anonymous', 'user name', 'certificate', 'issued token']
const MOST_TOKENS = 16
const MOST_URLS = 32
/** Server status and build info as extension objects: node id of the encoding, then "has a body". */
const SERVER_STATUS = [0x01, 0x00, 0x60, 0x03, 0x01]
const BUILD_INFO = [0x01, 0x00, 0x54, 0x01, 0x01]
const STATUS_BEFORE_BUILD = 20
const LONGEST_SEARCH = 4096

/** A string or byte string as UTF-8: length of 32 bits, all ones for none (OPC 10000-6, 5.2.2). */
export function readString(from: Cursor): string {
  const length = from.u32le()
  return length === NONE ? '' : from.utf8(length)
}

/** The number of a node id; -1 for those that are named by text, GUID or bytes (5.2.2.9). */
export function readNodeId(from: Cursor): number {
  const encoding = from.u8()
  const hasUri = (encoding & 0x80) !== 0
  const hasServer = (encoding & 0x40) !== 0
  let number = -1
  switch (encoding & 0x0f) {
    case 0:
      number = from.u8()
      break
    case 1:
      number = from.skip(1).u16le()
      break
    case 2:
      number = from.skip(2).u32le()
      break
    case 4:
      from.skip(18)
      break
    default:
      readString(from.skip(2))
  }
  if (hasUri) readString(from)
  if (hasServer) from.skip(4)
  return number
}

/** As many turns as the array that begins here has elements, while there is something to read. */
export function* readArray(from: Cursor, most: number): Generator<number> {
  const count = from.u32le()
  if (count === NONE) return
  for (let at = 0; at < Math.min(count, most) && from.ok; at++) yield at
}

/** OPC 10000-4, 7.33. */
export function skipRequestHeader(from: Cursor): void {
  readNodeId(from)
  from.skip(16)
  readString(from)
  skipExtension(from.skip(4))
}

/** OPC 10000-4, 7.34; diagnostics within diagnostics are not followed. */
export function skipResponseHeader(from: Cursor): void {
  const mask = from.skip(16).u8()
  for (const bit of [1, 2, 4, 8]) if ((mask & bit) !== 0) from.skip(4)
  if ((mask & 0x10) !== 0) readString(from)
  if ((mask & 0x20) !== 0) from.skip(4)
  if ((mask & 0x40) !== 0) from.ok = false
  for (const _ of readArray(from, 64)) readString(from)
  skipExtension(from)
}

function skipExtension(from: Cursor): void {
  readNodeId(from)
  if (from.u8() !== 0) readString(from)
}

/** Text with an optional locale before it. */
function readLocalized(from: Cursor): string {
  const mask = from.u8()
  if ((mask & 1) !== 0) readString(from)
  return (mask & 2) === 0 ? '' : readString(from)
}

/** Facts of an application description (OPC 10000-4, 7.2). */
export function* applicationFacts(from: Cursor, side: Side): Generator<Fact> {
  const uri = readString(from)
  const product = readString(from)
  const name = readLocalized(from)
  const type = from.u32le()
  readString(from)
  readString(from)
  for (const _ of readArray(from, MOST_URLS)) readString(from)
  if (!from.ok) return
  yield* factOf(side, 'opc-ua.application-uri', uri)
  yield* factOf(side, 'opc-ua.product-uri', product)
  yield* factOf(side, 'opc-ua.application-name', name)
  yield* factOf(side, 'opc-ua.application-type', APPLICATION_TYPES[type])
}

/** Facts of an endpoint description (OPC 10000-4, 7.14). */
export function* endpointFacts(from: Cursor, side: Side): Generator<Fact> {
  const url = readString(from)
  yield* applicationFacts(from, side)
  readString(from)
  const mode = SECURITY_MODES[from.u32le()]
  const policy = readString(from)
  const tokens: string[] = []
  for (const _ of readArray(from, MOST_TOKENS)) {
    readString(from)
    tokens.push(TOKENS[from.u32le()] ?? '')
    for (let left = 3; left > 0; left--) readString(from)
  }
  readString(from)
  from.skip(1)
  if (!from.ok) return
  yield* factOf(side, 'opc-ua.endpoint', url)
  const name = policy.slice(policy.lastIndexOf('#') + 1)
  if (mode !== undefined) yield* factOf(side, 'opc-ua.offers', `${mode}, ${name}`)
  for (const token of tokens) yield* factOf(side, 'opc-ua.login', token)
}

/** Facts of a build info, or of the server status that holds one, among the values that were read (OPC 10000-5, 12.4). */
export function* buildFacts(message: Cursor, side: Side): Generator<Fact> {
  const { bytes, position, end } = message
  const stop = Math.min(end, position + LONGEST_SEARCH)
  for (let at = bytes.indexOf(1, position); at >= 0 && at < stop; at = bytes.indexOf(1, at + 1)) {
    const isStatus = isAt(bytes, at, SERVER_STATUS)
    if (!isStatus && !isAt(bytes, at, BUILD_INFO)) continue
    const found = new Cursor(bytes, at + SERVER_STATUS.length, end)
    const body = found.take(found.u32le())
    if (isStatus) body.skip(STATUS_BEFORE_BUILD)
    const product = readString(body)
    const manufacturer = readString(body)
    const name = readString(body)
    const version = readString(body)
    const build = readString(body)
    if (!body.ok) continue
    yield* factOf(side, 'opc-ua.product-uri', product)
    yield* factOf(side, 'opc-ua.manufacturer', manufacturer)
    yield* factOf(side, 'opc-ua.product-name', name)
    yield* factOf(side, 'opc-ua.software-version', version)
    yield* factOf(side, 'opc-ua.build-number', build)
    return
  }
}

function isAt(bytes: Uint8Array, at: number, pattern: readonly number[]): boolean {
  return pattern.every((octet, place) => bytes[at + place] === octet)
}
