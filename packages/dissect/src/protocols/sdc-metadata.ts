import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { elementOf, textOf } from './xml-text.ts'

/** Namespaces and actions of IEEE 11073-10207, 20701 and 20702. */
const MEDICAL = /standards\.ieee\.org\/downloads\/11073\/11073-(?:10207|20701|20702)/
const DPWS = /docs\.oasis-open\.org\/ws-dd\/ns\/dpws|schemas\.xmlsoap\.org\/ws\/2006\/02\/devprof/

/** Elements that describe the device, by the element that they stand in (DPWS 1.1 §5.1, 11073-10207 §5.3.2). */
const MODEL = [
  ['Manufacturer', 'manufacturer'],
  ['ModelName', 'model'],
  ['ModelNumber', 'model-number'],
] as const
const DEVICE = [
  ['FriendlyName', 'friendly-name'],
  ['FirmwareVersion', 'firmware'],
  ['SerialNumber', 'serial'],
] as const
const META_DATA = [...MODEL, ['SerialNumber', 'serial'], ['DeviceIdentifier', 'udi']] as const

/** True for a message of SOAP that belongs to the service-oriented device connectivity. */
export function isSdc(xml: string): boolean {
  return MEDICAL.test(xml)
}

/**
 * What a device says of itself in an answer: metadata of DPWS, and the first MetaData of the MDIB. Nothing else of the
 * MDIB is read; contexts, which name the patient, stand outside of these elements.
 */
export function* sdcFacts(xml: string, from: Side): Generator<Fact> {
  const isMedical = isSdc(xml)
  if (from !== 'server' || (!isMedical && !DPWS.test(xml))) return
  const name = isMedical ? 'sdc' : 'dpws'
  yield* partFacts(elementOf(xml, 'ThisModel'), MODEL, name)
  yield* partFacts(elementOf(xml, 'ThisDevice'), DEVICE, name)
  if (isMedical) yield* partFacts(elementOf(xml, 'MetaData'), META_DATA, name)
}

function* partFacts(
  part: string | undefined,
  fields: readonly (readonly [string, string])[],
  protocol: string,
): Generator<Fact> {
  if (part === undefined) return
  for (const [element, field] of fields) {
    yield* factOf('server', `${protocol}.${field}`, textOf(part, element))
  }
}
