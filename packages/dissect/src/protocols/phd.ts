import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { ATTRIBUTE, attributes, octets, productionSpecifications } from './medical-attributes.ts'

const APDU = { request: 0xe2, response: 0xe3, release: 0xe4, released: 0xe5, abort: 0xe6 } as const
const PRESENTATION = 0xe7
const DATA_PROTOCOL = 0x5079
const GET_RESULT = 0x0203
/** Event reports and requests of the service, and their answers (§7.3). */
const SERVICES = [0x0100, 0x0101, 0x0103, 0x0104, 0x0105, 0x0106, 0x0107]

/** Device specialisations by the hundreds of the standard configuration that they reserve (§7.4.3). */
const KIND: Readonly<Record<number, string>> = {
  4: 'pulse oximeter (10404)',
  6: 'electrocardiograph (10406)',
  7: 'blood pressure monitor (10407)',
  8: 'thermometer (10408)',
  15: 'weighing scale (10415)',
  17: 'glucose meter (10417)',
  18: 'INR monitor (10418)',
  20: 'body composition analyser (10420)',
  21: 'peak flow monitor (10421)',
  41: 'cardiovascular fitness monitor (10441)',
  42: 'strength fitness equipment (10442)',
  71: 'activity hub (10471)',
  72: 'medication monitor (10472)',
}

/**
 * IEEE 11073-20601 between a personal health device and its manager: who both are when they associate, and the
 * attributes of the device. No measurement is read.
 */
export const phd: Dissector = {
  protocol: 'phd',
  over: 'tcp',
  ports: [6024],
  firstBytes: [0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7],
  appetite: 16,
  looksLike,

  length(stream) {
    if (stream.remaining < 4) return isHead(stream) ? 0 : -1
    return isHead(stream) ? 4 + wordAt(stream, 2) : -1
  },

  *dissect(message, { from }) {
    const kind = message.u8()
    const body = message.skip(3)
    if (kind === APDU.request) {
      yield* associationFacts(body.skip(8), from)
    } else if (kind === APDU.response) {
      // Result first; zero and three are acceptances, the second of an unknown configuration.
      const result = body.u16()
      if (result === 0 || result === 3) yield* associationFacts(body, from)
      else yield* factOf(from, 'phd.rejects', String(result))
    } else if (kind === PRESENTATION) yield* dataFacts(body, from)
    message.skip(message.remaining)
  },
}

function looksLike(message: Cursor): Likeness {
  if (!isHead(message)) return 'no'
  if (message.remaining < 14) return 'incomplete'
  const kind = message.peek()
  const length = wordAt(message, 2)
  if (kind === APDU.request) {
    const isAssociation = wordAt(message, 4) === 0x8000 && wordAt(message, 12) === DATA_PROTOCOL
    return isAssociation ? 'strong' : 'no'
  }
  if (kind === APDU.response) return wordAt(message, 6) === DATA_PROTOCOL ? 'strong' : 'no'
  if (kind !== PRESENTATION || wordAt(message, 4) !== length - 2) return 'no'
  const service = wordAt(message, 8)
  const isService = SERVICES.includes(service) || SERVICES.includes(service - 0x0100)
  return isService && wordAt(message, 10) === length - 8 ? 'strong' : 'no'
}

/** A known kind with its zero; short ones have their length fixed (§A.8). */
function isHead(stream: Cursor): boolean {
  const kind = stream.peek()
  if (kind < APDU.request || kind > PRESENTATION) return false
  if (stream.remaining < 4) return stream.remaining < 2 || stream.peek(1) === 0
  const length = wordAt(stream, 2)
  const isShort = kind >= APDU.release && kind <= APDU.abort
  return stream.peek(1) === 0 && (isShort ? length === 2 : length >= 10)
}

function wordAt(message: Cursor, at: number): number {
  return (message.peek(at) << 8) | message.peek(at + 1)
}

/** Who associates (§A.8, PhdAssociationInformation). */
function* associationFacts(body: Cursor, from: Side): Generator<Fact> {
  const isPhd = body.u16() === DATA_PROTOCOL
  const information = body.take(body.u16())
  information.skip(14)
  const type = information.u32()
  const id = information.take(information.u16())
  const configuration = information.u16()
  if (!isPhd || !information.ok) return
  yield { subject: 'client', field: 'phd.transport', value: 'cleartext' }
  yield { subject: 'server', field: 'phd.transport', value: 'cleartext' }
  const isAgent = type === 0x00800000
  if (isAgent || type === 0x80000000) {
    yield { subject: from, field: 'phd.role', value: isAgent ? 'agent' : 'manager' }
  }
  yield* factOf(from, 'phd.system-id', hexOf(id))
  if (isAgent) yield* factOf(from, 'phd.kind', KIND[Math.floor(configuration / 100)])
}

/** An answer with the attributes of the device; all else that is presented is a measurement. */
function* dataFacts(body: Cursor, from: Side): Generator<Fact> {
  const service = body.skip(4).u16()
  const isWholeDevice = body.skip(2).u16() === 0
  if (service !== GET_RESULT || !isWholeDevice) return
  for (const { id, value } of attributes(body)) {
    if (id === ATTRIBUTE.model) {
      yield* factOf(from, 'phd.manufacturer', octets(value))
      yield* factOf(from, 'phd.model', octets(value))
    }
    if (id === ATTRIBUTE.systemId) {
      yield* factOf(from, 'phd.system-id', hexOf(value.take(value.u16())))
    }
    if (id !== ATTRIBUTE.productionSpecification) continue
    for (const [name, text] of productionSpecifications(value)) {
      yield* factOf(from, `phd.${name}`, text)
    }
  }
}

function hexOf(bytes: Cursor): string {
  const shown = bytes.view(Math.min(bytes.remaining, 16))
  return Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
