import type { ObservedFact } from '../vocabulary.ts'

/** What a device shows wherever it is plugged in, though not always it alone. */
type TraitKind = 'certificate' | 'ae-title' | 'station'

export interface Trait {
  readonly kind: TraitKind
  readonly value: string
}

const KIND_OF_FIELD: ReadonlyMap<string, TraitKind> = new Map([
  ['tls.certificate-sha256', 'certificate'],
  ['dicom.ae-title', 'ae-title'],
  ['dicom.station-name', 'station'],
])
const MOST_LETTERS = 200

/**
 * The trait that a fact gives, if any: a certificate by its digest, a DICOM AE title, a station name (0008,1010).
 * None of them joins two records by itself. Certificates come with a firmware, titles are left at their default, and a
 * pair of archives answers under one: `findTwins` asks a person.
 */
export function traitOf({
  field,
  value,
}: Pick<ObservedFact, 'field' | 'value'>): Trait | undefined {
  const kind = KIND_OF_FIELD.get(field)
  if (kind === undefined) return undefined
  const plain = kind === 'certificate' ? value.toLowerCase() : value.trim().toUpperCase()
  return plain === '' || plain.length > MOST_LETTERS ? undefined : { kind, value: plain }
}
