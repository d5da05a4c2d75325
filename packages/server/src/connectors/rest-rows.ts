/** Fields of one row beside each other: what lies deeper has a dotted name, of a list the first three are kept. */
const MOST_DEPTH = 4
const MOST_FIELDS = 300
const MOST_OF_A_LIST = 3
/** How systems name what a person reads, beside the key that it stands for. */
const SHOWN = ['display_value', 'displayValue', 'display'] as const

/** What a JSON pointer leads to (RFC 6901); undefined when there is nothing. */
export function valueAt(document: unknown, pointer: string): unknown {
  if (pointer === '' || pointer === '/') return document
  let value = document
  for (const part of pointer.replace(/^\//, '').split('/')) {
    if (typeof value !== 'object' || value === null) return undefined
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  }
  return value
}

/** A row of a REST answer as cells by column name: `{model: {name: 'x'}}` gives `model.name`. */
export function flattenRow(row: unknown): ReadonlyMap<string, string> {
  const cells = new Map<string, string>()
  flatten(row, '', 0, cells)
  return cells
}

function flatten(value: unknown, name: string, depth: number, cells: Map<string, string>): void {
  if (cells.size >= MOST_FIELDS || value === null || value === undefined) return
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    if (name !== '') cells.set(name, String(value))
    return
  }
  if (typeof value !== 'object') return
  if (Array.isArray(value)) {
    const plain = value.filter((one) => typeof one !== 'object')
    if (plain.length > 0) cells.set(name, plain.slice(0, MOST_OF_A_LIST).join(', '))
    else flatten(value[0], name, depth + 1, cells)
    return
  }
  if (depth >= MOST_DEPTH) return
  const fields = value as Readonly<Record<string, unknown>>
  const shown = SHOWN.map((key) => fields[key]).find((one) => typeof one === 'string' && one !== '')
  if (shown !== undefined && name !== '') cells.set(name, shown as string)
  for (const [key, inner] of Object.entries(fields)) {
    flatten(inner, name === '' ? key : `${name}.${key}`, depth + 1, cells)
  }
}

/** Rows as a header and lines of equal width, columns in the order in which they were first met. */
export function tableOfRows(rows: readonly unknown[]): readonly (readonly string[])[] {
  const flat = rows.map(flattenRow)
  const headers: string[] = []
  const known = new Set<string>()
  for (const cells of flat) {
    for (const name of cells.keys()) {
      if (known.has(name) || headers.length >= MOST_FIELDS) continue
      known.add(name)
      headers.push(name)
    }
  }
  return [headers, ...flat.map((cells) => headers.map((name) => cells.get(name) ?? ''))]
}
