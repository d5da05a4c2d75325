/** A field that a hospital adds to its devices. */
export interface CustomFieldType {
  readonly label: string
  readonly type: string
  readonly choices: readonly string[]
}

/** Why a text is no value of this field; undefined: it is one. */
export function faultOfValue(field: CustomFieldType, value: string): string | undefined {
  switch (field.type) {
    case 'number':
      return /^-?\d{1,15}(\.\d{1,6})?$/.test(value) ? undefined : `${field.label}: write a number`
    case 'date':
      return isDate(value) ? undefined : `${field.label}: write a date, as in 2026-11-25`
    case 'choice':
      return field.choices.includes(value)
        ? undefined
        : `${field.label}: one of ${field.choices.join(', ')}`
    case 'yes-no':
      return value === 'yes' || value === 'no' ? undefined : `${field.label}: yes or no`
    default:
      return undefined
  }
}

/** A day that the calendar has. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** The name of a field in the table: letters, digits and dashes of its label. */
export function keyOfLabel(label: string): string {
  const key = label
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
  return key === '' ? 'field' : key.slice(0, 60)
}
