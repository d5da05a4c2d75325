import { normalizeName } from '../identity/vocabulary.ts'
import { IMPORT_FIELD_NAMES, type ImportField, type ImportTemplate } from './fields.ts'

/** Column of each field, from 0. */
export type Columns = Readonly<Partial<Record<ImportField, number>>>

/** Columns that may name a patient are never read, whatever anybody maps. */
const OF_PATIENTS =
  /\b(?:patients?(?! (?:data|care|info|area|monitor|lift|bed|room|related|contact|use))|mrn|medical record|date of birth|dob|birth ?date|ssn|social security|next of kin|insured|guarantor|encounter|admission|diagnos[ie]s|surname|occupant|(?:last|first|given|family|maiden) name|patient(?:en|in)?(?:nummer|nr|id|name|identifier)|patienten\w*|geburts\w*|(?:nach|vor|familien)name|pacientes?|pazienti?|patiente|naissance|nacimiento|nascita|apellidos?|cognome)\b/

export function isPatientColumn(header: string): boolean {
  return (
    OF_PATIENTS.test(plain(header)) && !/\b(?:phi|ephi|stores?|patient data)\b/.test(plain(header))
  )
}

function plain(header: string): string {
  return normalizeName(header.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/_/g, ' '))
}

/**
 * Finds the column of each field: by the names of the template first, then by the common ones. Within a field the
 * first name wins; a column serves one field.
 */
export function guessColumns(
  headers: readonly string[],
  template: ImportTemplate,
  common: ImportTemplate | undefined,
): Columns {
  const names = headers.map(plain)
  const isTaken = headers.map(isPatientColumn)
  const columns: Partial<Record<ImportField, number>> = {}
  for (const { columns: known } of common === undefined ? [template] : [template, common]) {
    for (const field of IMPORT_FIELD_NAMES) {
      if (columns[field] !== undefined) continue
      for (const name of known[field] ?? []) {
        const index = names.findIndex((one, at) => !isTaken[at] && one === plain(name))
        if (index < 0) continue
        columns[field] = index
        isTaken[index] = true
        break
      }
    }
  }
  return columns
}

/** The template whose own names fit the most headers; undefined when none fits at least three. */
export function guessTemplate(
  headers: readonly string[],
  templates: readonly ImportTemplate[],
): ImportTemplate | undefined {
  const names = new Set(headers.map(plain))
  const scored = templates.map((template) => ({
    template,
    score: Object.values(template.columns).filter((list) =>
      list.some((name) => names.has(plain(name))),
    ).length,
  }))
  const [best] = scored.toSorted((a, b) => b.score - a.score)
  return best !== undefined && best.score >= 3 ? best.template : undefined
}

/** A mapping as a person set it, without what must not be read. */
export function checkColumns(headers: readonly string[], columns: Columns): Columns {
  const entries = Object.entries(columns).filter(
    ([, index]) => index >= 0 && index < headers.length && !isPatientColumn(headers[index] ?? ''),
  )
  return Object.fromEntries(entries)
}
