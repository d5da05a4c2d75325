import { utf8 } from '../cursor.ts'
import type { Fact, MessageContext } from '../dissector.ts'
import { gunzip } from '../inflate.ts'
import { fhirFacts } from './fhir-device.ts'
import { er7Facts } from './hl7.ts'
import { isSdc, sdcFacts } from './sdc-metadata.ts'

/** Bodies of clinical applications that are looked into, whoever asked for them. */
const CLINICAL_KINDS = ['fhir', 'hl7', 'soap'] as const
export type ClinicalKind = (typeof CLINICAL_KINDS)[number]

/** Bytes of a clinical body that are kept while it comes, and of it once it is unpacked. */
export const LONGEST_CLINICAL = 65_536

/** Kind of a body by its content type; undefined for all others. */
export function clinicalKind(type: string): ClinicalKind | undefined {
  if (type.includes('fhir+json')) return 'fhir'
  if (type.includes('hl7-v2')) return 'hl7'
  return type.includes('soap+xml') ? 'soap' : undefined
}

export function isClinical(kind: string): kind is ClinicalKind {
  return (CLINICAL_KINDS as readonly string[]).includes(kind)
}

/** Facts of the equipment in a clinical body; `body` holds one byte in each character. */
export function* clinicalBodyFacts(
  kind: ClinicalKind,
  body: string,
  context: MessageContext,
): Generator<Fact> {
  const packed = new Uint8Array(body.length)
  for (let at = 0; at < body.length; at++) packed[at] = body.charCodeAt(at)
  const bytes = gunzip(packed, LONGEST_CLINICAL) ?? packed
  if (kind === 'hl7') return yield* er7Facts(bytes, context.from)
  const text = utf8(bytes)
  if (kind === 'fhir') return yield* fhirFacts(text, context.from)
  if (isSdc(text)) {
    context.names('sdc')
    yield { subject: 'server', field: 'sdc.transport', value: 'cleartext' }
  }
  yield* sdcFacts(text, context.from)
}
