import { hexText, hostIp } from '../address.ts'
import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, FactSubject, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { CONFIRMED, DEVICE_PROPERTIES, LINK_SERVICES, UNCONFIRMED } from './bacnet-services.ts'
import {
  CHARACTERS,
  objectOf,
  readTag,
  skipList,
  textOf,
  UNSIGNED,
  unsignedOf,
  type BacnetTag,
} from './bacnet-tags.ts'

const LINK = 0x81
const FORWARDED = 4
/** Functions that carry a network message: forwarded, to be distributed, unicast, broadcast (annex J.2). */
const CARRIERS: readonly number[] = [FORWARDED, 9, 0x0a, 0x0b]
const MOST_FUNCTION = 0x0c
const I_AM_ROUTER = 1
/** Stands for any device in a question, and for one that was given no number. */
const ANY_INSTANCE = 0x3fffff
const MOST_NETWORKS = 64
const MOST_OBJECTS = 64
const MOST_PROPERTIES = 128

const CONFIRMED_REQUEST = 0
const UNCONFIRMED_REQUEST = 1
const COMPLEX_ACK = 3
const I_AM = 0
const I_HAVE = 1
const READ_PROPERTY = 12
const READ_PROPERTY_MULTIPLE = 14

/** Who speaks in a message. */
interface Speaker {
  /**
   * The sender, or the host that a broadcast was forwarded for; nothing for a station on a field bus behind a router,
   * which has no address here.
   */
  readonly subject: FactSubject | undefined
  /** Network and address of that station. */
  readonly station: string
  /** Who sent the datagram. */
  readonly from: Side
}

/** BACnet/IP (ASHRAE 135, annex J): what a building controller says it is, and who commands it. */
export const bacnet: Dissector = {
  protocol: 'bacnet',
  over: 'udp',
  ports: [47808],
  firstBytes: [LINK],
  appetite: Infinity,

  looksLike(message) {
    const total = message.remaining
    if (message.u8() !== LINK) return 'no'
    const code = message.u8()
    const length = message.u16()
    const version = message.peek(code === FORWARDED ? 6 : 0)
    if (!message.ok || code > MOST_FUNCTION || (CARRIERS.includes(code) && version !== 1)) {
      return 'no'
    }
    return length === total ? 'strong' : 'weak'
  },

  *dissect(message, { from }) {
    const code = message.skip(1).u8()
    const length = message.u16()
    const body = message.take(Math.min(length - 4, message.remaining))
    if (!message.ok) return
    yield* factOf(from, 'bacnet.service', LINK_SERVICES[code])
    if (!CARRIERS.includes(code)) return
    const origin = code === FORWARDED ? hostIp(body.view(4)) : undefined
    if (code === FORWARDED) body.skip(2)
    yield* networkFacts(body, origin === undefined ? from : { ip: origin }, from)
  },
}

/** Version, control, addresses of other networks; then a message of the network layer or of the application (§6.2). */
function* networkFacts(body: Cursor, sender: FactSubject, from: Side): Generator<Fact> {
  const control = body.skip(1).u8()
  const hasDestination = (control & 0x20) !== 0
  if (hasDestination) body.skip(2).skip(body.u8())
  const isRouted = (control & 0x08) !== 0
  const speaker = isRouted ? readSource(body, from) : { subject: sender, station: '', from }
  if (hasDestination) body.skip(1)
  if (!body.ok) return
  if ((control & 0x80) === 0) {
    yield* applicationFacts(body, speaker)
  } else if (body.u8() === I_AM_ROUTER) {
    for (let left = MOST_NETWORKS; left > 0 && body.remaining >= 2; left--) {
      yield* factOf(sender, 'bacnet.router-network', String(body.u16()))
    }
  }
}

/** A source behind a router: another IP host, or a station with a number on a field bus. */
function readSource(body: Cursor, from: Side): Speaker {
  const network = body.u16()
  const address = body.view(body.u8())
  const ip = address.length === 6 ? hostIp(address.subarray(0, 4)) : undefined
  const subject = ip === undefined ? undefined : { ip }
  return { subject, station: `${network}:${hexText(address)}`, from }
}

function* applicationFacts(body: Cursor, speaker: Speaker): Generator<Fact> {
  const head = body.u8()
  const isSegmented = (head & 8) !== 0
  if (head >> 4 === CONFIRMED_REQUEST) {
    const service = body.skip(isSegmented ? 4 : 2).u8()
    if (body.ok) yield* statement(speaker, 'bacnet.service', CONFIRMED[service])
  } else if (head >> 4 === UNCONFIRMED_REQUEST) {
    const service = body.u8()
    yield* statement(speaker, 'bacnet.service', UNCONFIRMED[service])
    if (service === I_AM) yield* iAmFacts(body, speaker)
    else if (service === I_HAVE) yield* iHaveFacts(body, speaker)
  } else if (head >> 4 === COMPLEX_ACK) {
    // Only the first segment begins where a list of properties begins.
    const sequence = isSegmented ? body.skip(1).u8() : 0
    const service = body.skip(1).u8()
    if (sequence !== 0) return
    if (service === READ_PROPERTY) yield* propertyFacts(body, speaker)
    else if (service === READ_PROPERTY_MULTIPLE) yield* listFacts(body, speaker)
  }
}

/** The fact, when the speaker has an address that it can be about. */
function statement({ subject }: Speaker, field: string, value: string | undefined): Fact[] {
  return subject === undefined ? [] : factOf(subject, field, value)
}

function instanceFacts(instance: number, speaker: Speaker): Fact[] {
  const value = instance === ANY_INSTANCE ? undefined : String(instance)
  return statement(speaker, 'bacnet.device-instance', value)
}

/** Device, longest message, segmentation, maker (§16.10.3). */
function* iAmFacts(body: Cursor, speaker: Speaker): Generator<Fact> {
  const { isDevice, instance } = objectOf(readTag(body))
  readTag(body)
  readTag(body)
  const vendor = unsignedOf(readTag(body))
  if (!body.ok || !isDevice) return
  yield* instanceFacts(instance, speaker)
  yield* statement(speaker, 'bacnet.vendor-id', String(vendor))
  if (speaker.subject === undefined) {
    const text = `${speaker.station} device ${instance} vendor ${vendor}`
    yield* factOf(speaker.from, 'bacnet.routed-device', text)
  }
}

/** Device, object, name of the object (§16.9.3). */
function* iHaveFacts(body: Cursor, speaker: Speaker): Generator<Fact> {
  const device = objectOf(readTag(body))
  const object = objectOf(readTag(body))
  const name = textOf(readTag(body))
  if (!body.ok || !device.isDevice) return
  yield* instanceFacts(device.instance, speaker)
  if (object.isDevice) yield* statement(speaker, 'bacnet.object-name', name)
}

/** Object, property, perhaps an index, and its value between tags of number 3 (§15.5). */
function* propertyFacts(body: Cursor, speaker: Speaker): Generator<Fact> {
  const object = objectOf(readTag(body))
  const property = unsignedOf(readTag(body))
  let next = readTag(body)
  if (next.kind === 'value') next = readTag(body)
  if (!body.ok || next.kind !== 'opening' || !object.isDevice) return
  yield* instanceFacts(object.instance, speaker)
  yield* valueFacts(property, readTag(body), speaker)
}

/** Objects, each with a list of properties between tags of number 1 (§15.7). */
function* listFacts(body: Cursor, speaker: Speaker): Generator<Fact> {
  for (let left = MOST_OBJECTS; left > 0 && body.remaining > 0; left--) {
    const { isDevice, instance } = objectOf(readTag(body))
    if (readTag(body).kind !== 'opening' || !body.ok) return
    if (isDevice) yield* instanceFacts(instance, speaker)
    for (let more = MOST_PROPERTIES; more > 0 && body.remaining > 0; more--) {
      const property = readTag(body)
      if (property.kind === 'closing') break
      let next = readTag(body)
      if (next.kind === 'value') next = readTag(body)
      // Number 5 instead of 4 surrounds an error.
      const hasValue = next.kind === 'opening' && next.number === 4
      if (isDevice && hasValue) {
        const value = new Cursor(body.bytes, body.position, body.end)
        yield* valueFacts(unsignedOf(property), readTag(value), speaker)
      }
      skipList(body)
    }
  }
}

function* valueFacts(property: number, value: BacnetTag, speaker: Speaker): Generator<Fact> {
  const field = DEVICE_PROPERTIES[property]
  if (field === undefined || value.isContext || !value.body.ok) return
  if (value.number === CHARACTERS) yield* statement(speaker, field, textOf(value))
  else if (value.number === UNSIGNED) yield* statement(speaker, field, String(unsignedOf(value)))
}
