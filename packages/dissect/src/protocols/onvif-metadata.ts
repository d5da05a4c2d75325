import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { elementOf, textOf } from './xml-text.ts'

const NAMESPACE = 'http://www.onvif.org/ver'
const ANSWER = 'GetDeviceInformationResponse'

/** Elements of the answer (ONVIF Core §8.1.1), by field. */
const FIELDS = [
  ['Manufacturer', 'onvif.manufacturer'],
  ['Model', 'onvif.model'],
  ['FirmwareVersion', 'onvif.firmware'],
  ['SerialNumber', 'onvif.serial'],
  ['HardwareId', 'onvif.hardware-id'],
] as const

/** True for a message of SOAP that speaks of ONVIF. */
export function isOnvif(xml: string): boolean {
  return xml.includes(NAMESPACE)
}

/** What a device says of itself when it is asked for its information. Users, profiles and streams are not read. */
export function* onvifFacts(xml: string, from: Side): Generator<Fact> {
  if (from !== 'server') return
  const answer = elementOf(xml, ANSWER)
  if (answer === undefined) return
  for (const [element, field] of FIELDS) yield* factOf(from, field, textOf(answer, element))
}
