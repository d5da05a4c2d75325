import { hostIp } from '../address.ts'
import { type Cursor, utf8 } from '../cursor.ts'
import type { Dissector, Fact, FactSubject, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const HEADER_LENGTH = 20
const MOST_ATTRIBUTES = 128
const PORTS: readonly number[] = [1812, 1813, 1645, 1646, 3799]

const CODES: Readonly<Record<number, string>> = {
  1: 'access-request',
  2: 'access-accept',
  3: 'access-reject',
  4: 'accounting-request',
  5: 'accounting-response',
  11: 'access-challenge',
  12: 'status-server',
  13: 'status-client',
  40: 'disconnect-request',
  41: 'disconnect-ack',
  42: 'disconnect-nak',
  43: 'coa-request',
  44: 'coa-ack',
  45: 'coa-nak',
}
/** Codes that a network access server sends about a station. */
const ABOUT_STATION: readonly number[] = [1, 4]
/** Codes that may come without an attribute. */
const BARE: readonly number[] = [2, 3, 5]

const ATTRIBUTE = {
  nasIp: 4,
  framedIp: 8,
  called: 30,
  calling: 31,
  nasIdentifier: 32,
  accounting: 40,
  nasPortType: 61,
  nasPortId: 87,
  nasIp6: 95,
} as const
const ACCOUNTING: Readonly<Record<number, string>> = {
  1: 'start',
  2: 'stop',
  3: 'interim-update',
  7: 'accounting-on',
  8: 'accounting-off',
}
const PORT_TYPES: Readonly<Record<number, string>> = {
  0: 'async',
  5: 'virtual',
  15: 'ethernet',
  17: 'cable',
  18: 'wireless-other',
  19: 'wireless-802.11',
}

/** RADIUS (RFC 2865, RFC 2866, RFC 5176): access servers, and which station is where. Users are never read. */
export const radius: Dissector = {
  protocol: 'radius',
  over: 'udp',
  ports: PORTS,
  firstBytes: Object.keys(CODES).map(Number),
  appetite: Infinity,
  looksLike: (message, context) => likeness(message, context),

  *dissect(message, { from }) {
    const code = message.u8()
    const length = message.skip(1).u16()
    const body = message.skip(16).take(length - HEADER_LENGTH)
    if (!body.ok) return
    yield* factOf(from, 'radius.message', CODES[code])
    const values = readAttributes(body)
    if (ABOUT_STATION.includes(code)) yield* serverFacts(values, from)
    if (ABOUT_STATION.includes(code)) yield* stationFacts(values)
  },
}

function likeness(message: Cursor, { serverPort, clientPort }: MessageContext): Likeness {
  const available = message.remaining
  const code = message.u8()
  const length = message.skip(1).u16()
  if (CODES[code] === undefined || length < HEADER_LENGTH || length > available) return 'no'
  message.skip(16)
  const isPort = PORTS.includes(serverPort) || PORTS.includes(clientPort)
  // Octets behind the message are padding (RFC 2865 §3).
  if (length !== available && !isPort) return 'no'
  const body = message.take(length - HEADER_LENGTH)
  if (body.remaining === 0) return BARE.includes(code) && isPort ? 'weak' : 'no'
  while (body.remaining > 0) {
    const type = body.u8()
    const size = body.u8()
    body.skip(size - 2)
    if (!body.ok || size < 2 || type === 0) return isPort ? 'weak' : 'no'
  }
  return 'strong'
}

/** The first value of each attribute. */
function readAttributes(body: Cursor): ReadonlyMap<number, Cursor> {
  const values = new Map<number, Cursor>()
  for (let count = 0; count < MOST_ATTRIBUTES && body.remaining > 0; count++) {
    const type = body.u8()
    const value = body.take(body.u8() - 2)
    if (value.ok && !values.has(type)) values.set(type, value)
  }
  return values
}

function* serverFacts(values: ReadonlyMap<number, Cursor>, from: Side): Generator<Fact> {
  const type = values.get(ATTRIBUTE.nasPortType)?.u32()
  yield* factOf(from, 'radius.nas-identifier', textOf(values.get(ATTRIBUTE.nasIdentifier)))
  yield* factOf(from, 'radius.nas-address', addressOf(values.get(ATTRIBUTE.nasIp)))
  yield* factOf(from, 'radius.nas-address', addressOf(values.get(ATTRIBUTE.nasIp6)))
  if (type !== undefined) yield* factOf(from, 'radius.nas-port-type', PORT_TYPES[type])
  // A wireless server is called by the MAC of its radio and the name of its network (RFC 3580 §3.20).
  const ssid = /^[0-9a-f.:-]{12,17}:(.+)$/i.exec(textOf(values.get(ATTRIBUTE.called)) ?? '')?.[1]
  yield* factOf(from, 'radius.ssid', ssid)
}

/** What the server says of the station that it lets in: only a MAC names one, anything else may be a person's. */
function* stationFacts(values: ReadonlyMap<number, Cursor>): Generator<Fact> {
  const mac = macOf(textOf(values.get(ATTRIBUTE.calling)) ?? '')
  if (mac === undefined) return
  const ip = addressOf(values.get(ATTRIBUTE.framedIp))
  const station: FactSubject = ip === undefined ? { mac } : { mac, ip }
  yield* factOf(station, 'radius.framed-address', ip)
  const accounting = values.get(ATTRIBUTE.accounting)?.u32()
  if (accounting !== undefined) yield* factOf(station, 'radius.session', ACCOUNTING[accounting])
  yield* factOf(station, 'radius.nas', textOf(values.get(ATTRIBUTE.nasIdentifier)))
  yield* factOf(station, 'radius.nas-port', textOf(values.get(ATTRIBUTE.nasPortId)))
}

function textOf(value: Cursor | undefined): string | undefined {
  if (value === undefined) return undefined
  return utf8(value.bytes.subarray(value.position, value.end))
}

function addressOf(value: Cursor | undefined): string | undefined {
  return value === undefined ? undefined : hostIp(value.view(value.remaining))
}

/** A MAC in any of its spellings, as `aa:bb:cc:dd:ee:ff`. */
function macOf(text: string): string | undefined {
  const isMac =
    /^(?:[0-9a-f]{2}([-:.]?)(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|(?:[0-9a-f]{4}[.-]){2}[0-9a-f]{4})$/i
  // Twelve decimal digits may be a telephone number.
  if (!isMac.test(text) || /^\d+$/.test(text)) return undefined
  const digits = text.replace(/[^0-9a-f]/gi, '').toLowerCase()
  return (digits.match(/../g) ?? []).join(':')
}
