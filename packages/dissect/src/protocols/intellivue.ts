import { hostIp, stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { ATTRIBUTE, attributes, octets, productionSpecifications } from './medical-attributes.ts'

const INVOKE = 1
const EVENT_REPORT = 0
const CONFIRMED_EVENT_REPORT = 1
/** Kinds of a remote operation: invoke, result, error, linked result. */
const OPERATIONS = [1, 2, 3, 5]
const CONNECT_INDICATION = 0x0d17
const CREATION = 0x0d06
const DATA_EXPORT = 5
const UDP = 1
/** Session header of an association after its kind and length: version 2 of the protocol, half duplex. */
const SESSION = [0x05, 0x08, 0x13, 0x01, 0x00, 0x16]
/** Presentation header of a release up to its kind. */
const PRESENTATION = [0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xa0, 0x80]
const SESSION_KIND: Readonly<Record<number, string>> = {
  0x0c: 'refuse',
  0x0d: 'association-request',
  0x0e: 'accept',
}
/** Messages that end an association, with the presentation header of their kind; user data may stand before it. */
const END_KIND: Readonly<Record<number, readonly [kind: string, header: readonly number[]]>> = {
  0x09: ['release-request', [...PRESENTATION, 0x62]],
  0x0a: ['release', [...PRESENTATION, 0x63]],
  0x19: ['abort', [0x11, 0x01, 0x03]],
}
const USER_DATA = 0xc1
const EQUIPMENT_LABEL = 0xf135

const MODES: readonly (readonly [number, string])[] = [
  [0x4000, 'monitoring'],
  [0x2000, 'demo'],
  [0x1000, 'service'],
  [0x0002, 'standby'],
  [0x0001, 'configuration'],
]

/**
 * Philips IntelliVue Data Export over UDP: a monitor's broadcast of itself, associations, and the description it gives
 * when one begins. No measurement, alert or demographic attribute is read.
 */
export const intellivue: Dissector = {
  protocol: 'intellivue',
  over: 'udp',
  ports: [24_105, 24_005],
  firstBytes: [0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x0e, 0x19, 0xe1],
  appetite: 16,
  looksLike,

  *dissect(message, { from }) {
    const first = message.peek()
    if (first === 0x00) yield* eventFacts(message.skip(4), from)
    else if (first === 0xe1) yield* eventFacts(message.skip(4), from)
    else if (isSession(message)) {
      yield* factOf(from, 'intellivue.message', SESSION_KIND[first] ?? END_KIND[first]?.[0])
      yield { subject: 'client', field: 'intellivue.transport', value: 'cleartext' }
      yield { subject: 'server', field: 'intellivue.transport', value: 'cleartext' }
    }
    message.ok = true
  },
}

function looksLike(message: Cursor): Likeness {
  const first = message.peek()
  if (first === 0x00) return isIndication(message) ? 'strong' : 'no'
  if (first === 0xe1) return isData(message) ? 'strong' : 'no'
  return isSession(message) ? 'strong' : 'no'
}

/** Nomenclature, then an event report of a single bed's device (Connect Indication). */
function isIndication(message: Cursor): boolean {
  return (
    wordAt(message, 0) === 0 &&
    wordAt(message, 4) === INVOKE &&
    wordAt(message, 10) === EVENT_REPORT &&
    wordAt(message, 24) === CONNECT_INDICATION
  )
}

/** Session 0xe100, presentation context, and a remote operation as long as the datagram. */
function isData(message: Cursor): boolean {
  return (
    wordAt(message, 0) === 0xe100 &&
    OPERATIONS.includes(wordAt(message, 4)) &&
    wordAt(message, 6) === message.remaining - 8
  )
}

function isSession(message: Cursor): boolean {
  const first = message.peek()
  const [, end] = END_KIND[first] ?? []
  if (end !== undefined) {
    // What ends an association is as long as it says, or comes in two bytes of length.
    const length = message.peek(1)
    if (length !== 0xff && length !== message.remaining - 2) return false
    const at = message.peek(2) === USER_DATA ? 4 : 2
    return end.every((byte, index) => message.peek(at + index) === byte)
  }
  if (SESSION_KIND[first] === undefined) return false
  // A length of 255 stands before one of two bytes.
  const at = message.peek(1) === 0xff ? 4 : 2
  return SESSION.every((byte, index) => message.peek(at + index) === byte)
}

function wordAt(message: Cursor, at: number): number {
  return (message.peek(at) << 8) | message.peek(at + 1)
}

/** Event reports that describe the monitor; all other operations go by. */
function* eventFacts(operation: Cursor, from: Side): Generator<Fact> {
  const kind = operation.u16()
  const command = operation.skip(4).u16()
  const isReport = command === EVENT_REPORT || command === CONFIRMED_EVENT_REPORT
  if (kind !== INVOKE || !isReport) return
  const event = operation.skip(12).u16()
  operation.skip(2)
  if (!operation.ok) return
  if (event === CONNECT_INDICATION) {
    yield { subject: from, field: 'intellivue.message', value: 'connect-indication' }
    yield* deviceFacts(operation, from)
  } else if (event === CREATION) {
    yield { subject: from, field: 'intellivue.message', value: 'mds-create' }
    yield* deviceFacts(operation.skip(6), from)
  }
}

function* deviceFacts(list: Cursor, from: Side): Generator<Fact> {
  for (const { id, value } of attributes(list)) {
    if (id === ATTRIBUTE.model) {
      yield* factOf(from, 'intellivue.manufacturer', octets(value))
      yield* factOf(from, 'intellivue.model', octets(value))
    } else if (id === ATTRIBUTE.productionSpecification) {
      for (const [name, text] of productionSpecifications(value)) {
        yield* factOf(from, `intellivue.${name}`, text.replace(/^-+$/, ''))
      }
    } else if (id === ATTRIBUTE.networkAddress) yield* addressFacts(value)
    else if (id === ATTRIBUTE.protocolSupport) yield* portFacts(value, from)
    else if (id === EQUIPMENT_LABEL) {
      yield* factOf(from, 'intellivue.label', utf16(value))
    } else if (id === ATTRIBUTE.bedLabel) {
      yield* factOf(from, 'intellivue.label', utf16(value.take(value.u16())))
    } else if (id === ATTRIBUTE.operatingMode) {
      const bits = value.u16()
      const mode = MODES.find(([bit]) => (bits & bit) !== 0)?.[1]
      yield* factOf(from, 'intellivue.mode', mode)
    }
  }
}

/** MAC, IP address and mask of the monitor, as it was set up. */
function* addressFacts(value: Cursor): Generator<Fact> {
  const mac = stationMac(value.view(6))
  const ip = hostIp(value.view(4))
  if (mac === undefined || ip === undefined) return
  yield { subject: { mac, ip }, field: 'intellivue.address', value: ip }
}

/** The port on which data are exported: application, transport, port, options of each protocol. */
function* portFacts(value: Cursor, from: Side): Generator<Fact> {
  const count = Math.min(value.u16(), 16)
  value.skip(2)
  for (let at = 0; at < count && value.remaining >= 8; at++) {
    const application = value.u16()
    const transport = value.u16()
    const port = value.u16()
    value.skip(2)
    if (application !== DATA_EXPORT || transport !== UDP) continue
    yield { subject: from, field: 'intellivue.data-port', value: String(port) }
  }
}

/** Text in UTF-16, up to its first zero. */
function utf16(value: Cursor): string {
  let text = ''
  while (value.remaining >= 2 && text.length < 64) {
    const code = value.u16()
    if (code === 0) break
    text += String.fromCharCode(code)
  }
  return text
}
