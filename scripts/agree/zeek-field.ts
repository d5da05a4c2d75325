import type { ZeekRow } from './zeek-log.ts'

/** A column of a Zeek log and the fields of ours among whose values its value has to be. */
export interface ZeekField {
  /** Name of a column, or what the cell looks like in logs whose columns have no names. */
  readonly column: string | RegExp
  readonly in: readonly string[]
  /** Zeek's value in our spelling; undefined: says nothing to compare. */
  readonly of: (value: string, row: ZeekRow) => string | undefined
}

const same = (value: string) => value

/** A column by its name. */
export function field(column: string, names: string, of: ZeekField['of'] = same): ZeekField {
  return { column, in: names.split(' '), of }
}

/** A cell by what it looks like. */
export function cell(like: RegExp, names: string, of: ZeekField['of'] = same): ZeekField {
  return { column: like, in: names.split(' '), of }
}

/** The cells of a row that a field is about. */
export function cellsOf({ column }: ZeekField, row: ZeekRow): string[] {
  if (typeof column !== 'string') {
    const unnamed = Object.entries(row).filter(([name]) => name.startsWith('column '))
    return unnamed.map(([, value]) => value).filter((value) => column.test(value))
  }
  return row[column] === undefined ? [] : [row[column]]
}
