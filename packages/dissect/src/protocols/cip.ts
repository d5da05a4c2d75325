import type { Cursor } from '../cursor.ts'
import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const RESPONSE = 0x80
const IDENTITY_OBJECT = 1
const MESSAGE_ROUTER = 2
const CONNECTION_MANAGER = 6
const GET_ALL = 0x01
const MULTIPLE = 0x0a
const UNCONNECTED_SEND = 0x52
const MOST_EMBEDDED = 16

/** Services that any object may offer, and those of Logix controllers (CIP volume 1, appendix A). */
const SERVICES: Readonly<Record<number, string>> = {
  [GET_ALL]: 'get-attributes-all',
  0x02: 'set-attributes-all',
  0x03: 'get-attribute-list',
  0x04: 'set-attribute-list',
  0x05: 'reset',
  0x06: 'start',
  0x07: 'stop',
  0x08: 'create',
  0x09: 'delete',
  [MULTIPLE]: 'multiple',
  0x0d: 'apply-attributes',
  0x0e: 'get-attribute-single',
  0x10: 'set-attribute-single',
  0x11: 'find-next',
  0x15: 'restore',
  0x16: 'save',
  0x17: 'no-operation',
  0x4b: 'execute-pccc',
  0x4c: 'read-tag',
  0x4d: 'write-tag',
  0x4e: 'modify-tag',
  0x52: 'read-tag-fragmented',
  0x53: 'write-tag-fragmented',
  0x55: 'get-instance-list',
}
/** Services of the connection manager (§3-5.5). */
const CONNECTION_SERVICES: Readonly<Record<number, string>> = {
  0x4e: 'forward-close',
  [UNCONNECTED_SEND]: 'unconnected-send',
  0x54: 'forward-open',
  0x5b: 'large-forward-open',
}

const DEVICE_TYPES: Readonly<Record<number, string>> = {
  0x02: 'AC drive',
  0x03: 'motor overload',
  0x07: 'general purpose discrete I/O',
  0x0c: 'communications adapter',
  0x0e: 'programmable logic controller',
  0x10: 'position controller',
  0x13: 'DC drive',
  0x18: 'human-machine interface',
  0x1b: 'pneumatic valve',
  0x21: 'safety discrete I/O',
  0x2b: 'generic device',
  0x2c: 'managed Ethernet switch',
}

/** What is remembered of a flow: what its latest request asked for. */
export interface CipState {
  asks: 'identity' | 'routed identity' | undefined
}

/** State of a dissector that reads CIP. */
export function newCipState(): CipState {
  return { asks: undefined }
}

/** Facts of one CIP request or answer (CIP volume 1, §2-4). */
export function* cipFacts(message: Cursor, from: Side, state: CipState): Generator<Fact> {
  const service = message.u8()
  if ((service & RESPONSE) !== 0) {
    yield* answerFacts(message, service & 0x7f, from, state)
    return
  }
  const object = readPath(message)
  if (!message.ok) return
  yield* factOf(from, 'enip.service', nameOf(service, object))
  const isSend = object === CONNECTION_MANAGER && service === UNCONNECTED_SEND
  if (service === MULTIPLE && object === MESSAGE_ROUTER) yield* embeddedFacts(message, from)
  if (!isSend) {
    state.asks = service === GET_ALL && object === IDENTITY_OBJECT ? 'identity' : undefined
    return
  }
  // Priority, ticks, and the message for a module further on.
  const inner = message.skip(2).take(message.u16le())
  const innerService = inner.u8()
  const innerObject = readPath(inner)
  if (!inner.ok) return
  yield* factOf(from, 'enip.service', nameOf(innerService, innerObject))
  const isIdentity = innerService === GET_ALL && innerObject === IDENTITY_OBJECT
  state.asks = isIdentity ? 'routed identity' : undefined
  if (innerService === MULTIPLE) yield* embeddedFacts(inner, from)
}

function nameOf(service: number, object: number): string {
  const special = object === CONNECTION_MANAGER ? CONNECTION_SERVICES[service] : undefined
  return special ?? SERVICES[service] ?? `service ${service}`
}

/** The class that a path in words leads to; -1 for others, such as names of tags. */
function readPath(message: Cursor): number {
  const path = message.take(message.u8() * 2)
  const segment = path.u8()
  if (segment === 0x20) return path.u8()
  return segment === 0x21 ? path.skip(1).u16le() : -1
}

/** Count and offsets, counted from the count itself. */
function* embeddedFacts(message: Cursor, from: Side): Generator<Fact> {
  const start = message.position
  const count = Math.min(message.u16le(), MOST_EMBEDDED)
  const offsets = Array.from({ length: count }, () => message.u16le())
  for (const offset of offsets) {
    const at = start + offset
    if (!message.ok || at < start || at >= message.end) return
    yield* factOf(from, 'enip.service', serviceAt(message.bytes, at, message.end))
  }
}

function serviceAt(bytes: Uint8Array, at: number, end: number): string | undefined {
  const service = bytes[at]!
  const object = at + 3 < end && bytes[at + 2] === 0x20 ? bytes[at + 3]! : -1
  return (service & RESPONSE) === 0 ? nameOf(service, object) : undefined
}

function* answerFacts(
  message: Cursor,
  service: number,
  from: Side,
  state: CipState,
): Generator<Fact> {
  const status = message.skip(1).u8()
  message.skip(message.u8() * 2)
  if (!message.ok || status !== 0 || service !== GET_ALL) return
  if (state.asks === 'identity') yield* identityFacts(message, from)
  else if (state.asks === 'routed identity') yield* moduleFacts(message, from)
  state.asks = undefined
}

interface Identity {
  readonly vendor: number
  readonly deviceType: number
  readonly productCode: number
  readonly revision: string
  readonly serial: string
  readonly name: string
}

/** The identity object (CIP volume 1, §5-2). */
function readIdentity(object: Cursor): Identity | undefined {
  const vendor = object.u16le()
  const deviceType = object.u16le()
  const productCode = object.u16le()
  const revision = `${object.u8()}.${object.u8()}`
  const serial = object.skip(2).u32le().toString(16).padStart(8, '0')
  const name = object.text(object.u8())
  return object.ok ? { vendor, deviceType, productCode, revision, serial, name } : undefined
}

/** Facts of an identity object about whoever sends it. */
export function* identityFacts(object: Cursor, from: Side): Generator<Fact> {
  const identity = readIdentity(object)
  if (identity === undefined) return
  const { vendor, deviceType, productCode, revision, serial, name } = identity
  yield* factOf(from, 'enip.vendor-id', String(vendor))
  yield* factOf(from, 'enip.device-type', DEVICE_TYPES[deviceType] ?? String(deviceType))
  yield* factOf(from, 'enip.product-code', String(productCode))
  yield* factOf(from, 'enip.revision', revision)
  if (serial !== '00000000') yield* factOf(from, 'enip.serial', serial)
  yield* factOf(from, 'enip.product-name', name)
}

/** A module behind the one that answers, in another slot of its rack or another network. */
function* moduleFacts(object: Cursor, from: Side): Generator<Fact> {
  const identity = readIdentity(object)
  if (identity === undefined) return
  const { vendor, revision, serial, name } = identity
  const text = `${name} revision ${revision} serial ${serial} vendor ${vendor}`
  yield* factOf(from, 'enip.module', text)
}
