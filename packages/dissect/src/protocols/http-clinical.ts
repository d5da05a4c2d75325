import { utf8 } from '../cursor.ts'
import type { Fact, MessageContext, Side } from '../dissector.ts'
import { gunzip } from '../inflate.ts'
import { detached } from '../printable.ts'
import { fhirFacts, isFhir } from './fhir-device.ts'
import { er7Facts } from './hl7.ts'
import { IPP_HEADER, ippFacts } from './ipp.ts'
import { isOnvif, onvifFacts } from './onvif-metadata.ts'
import { isSdc, sdcFacts } from './sdc-metadata.ts'

/** Bodies of clinical applications, and of printing, that are looked into, whoever asked for them. */
const CLINICAL_KINDS = ['fhir', 'plain-fhir', 'hl7', 'ipp', 'soap'] as const
export type ClinicalKind = (typeof CLINICAL_KINDS)[number]

/** Bytes of a clinical body that are kept while it comes, and of it once it is unpacked. */
export const LONGEST_CLINICAL = 65_536

/** Kind of a body by its content type, and by the method of the request that it answers; undefined for all others. */
export function clinicalKind(type: string, answered: string | undefined): ClinicalKind | undefined {
  if (type.includes('fhir+json') || type.includes('fhir+xml')) return 'fhir'
  if (type.includes('hl7-v2')) return 'hl7'
  if (type.startsWith('application/ipp')) return 'ipp'
  // SOAP 1.1 has no content type of its own: only what answers a POST may be it.
  const isSoap = type.includes('soap+xml') || (answered === 'POST' && type.startsWith('text/xml'))
  return isSoap ? 'soap' : undefined
}

/** A resource that may hold a device, where one is named at the start of a body in JSON. */
const FHIR_START = /"resourceType"\s{0,8}:\s{0,8}"(?:Bundle|Device|DeviceMetric)"/
/** Characters of a body in JSON by which it is judged. */
export const LONGEST_START = 512

/** True for the start of a body in JSON that is to be read as FHIR, though its content type does not say so. */
export function isFhirStart(start: string): boolean {
  const text = start.slice(0, LONGEST_START)
  const packed = Uint8Array.from(text, (character) => character.charCodeAt(0))
  const plain = gunzip(packed, LONGEST_START)
  return FHIR_START.test(plain === undefined ? text : utf8(plain))
}

export function isClinical(kind: string): kind is ClinicalKind {
  return (CLINICAL_KINDS as readonly string[]).includes(kind)
}

/** Bytes of such a body that are wanted: what is to be printed comes behind the operation and is let go by. */
export function longestClinical(kind: ClinicalKind, from: Side): number {
  return kind === 'ipp' && from === 'client' ? IPP_HEADER : LONGEST_CLINICAL
}

/** Facts of the equipment in a clinical body; `body` holds one byte in each character, `isQueue` says that a print server was asked. */
export function* clinicalBodyFacts(
  kind: ClinicalKind,
  body: string,
  isQueue: boolean,
  context: MessageContext,
): Generator<Fact> {
  for (const { subject, field, value } of bodyFacts(kind, body, isQueue, context)) {
    yield { subject, field, value: detached(value) }
  }
}

function* bodyFacts(
  kind: ClinicalKind,
  body: string,
  isQueue: boolean,
  context: MessageContext,
): Generator<Fact> {
  const packed = new Uint8Array(body.length)
  for (let at = 0; at < body.length; at++) packed[at] = body.charCodeAt(at)
  const bytes = gunzip(packed, LONGEST_CLINICAL) ?? packed
  if (kind === 'ipp') return yield* ippFacts(bytes, context.from, isQueue)
  if (kind === 'hl7') return yield* er7Facts(bytes, context.from)
  const text = utf8(bytes)
  if (kind === 'plain-fhir' && isFhir(text)) {
    context.names('fhir')
    yield { subject: 'server', field: 'fhir.transport', value: 'cleartext' }
  }
  if (kind === 'fhir' || kind === 'plain-fhir') return yield* fhirFacts(text, context.from)
  if (isOnvif(text)) {
    context.carries('onvif')
    yield* onvifFacts(text, context.from)
  }
  if (isSdc(text)) {
    context.names('sdc')
    yield { subject: 'server', field: 'sdc.transport', value: 'cleartext' }
  }
  yield* sdcFacts(text, context.from)
}
