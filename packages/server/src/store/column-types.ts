import { sql, type ColumnType, type RawBuilder } from 'kysely'
import { toDatabaseText, toDatabaseTime } from './time.ts'

/** Read as milliseconds since 1970, written as text by `toDatabaseTime`. */
export type Time = ColumnType<number, string, string>
export type TimeOrNull = ColumnType<number | null, string | null, string | null>
export type TimeWithDefault = ColumnType<number, string | undefined, string>

/** Parsed on reading, written as JSON text by `toJson`. */
export type Json = ColumnType<unknown, string, string>
export type JsonOrNull = ColumnType<unknown, string | null, string | null>
export type JsonWithDefault = ColumnType<unknown, string | undefined, string>

export type List = ColumnType<readonly string[], readonly string[], readonly string[]>
export type ListWithDefault = ColumnType<
  readonly string[],
  readonly string[] | undefined,
  readonly string[]
>

/** How NUL and a lone surrogate are written; an escaped backslash before them only costs a second look. */
const UNFIT = /\\u(?:0000|d[89a-f])/

/** JSON text for a json or jsonb column; jsonb takes neither NUL nor half of a surrogate pair. */
export function toJson(value: unknown): string {
  // Looking at each part costs more than all else that is done to a message, and hardly any needs it.
  const text = JSON.stringify(value)
  if (!UNFIT.test(text)) return text
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? toDatabaseText(part) : part,
  )
}

/** Numbers and times as the text of an array, many times faster than the driver writes them. Not for texts. */
export function toPlainList(values: readonly (number | boolean | string)[]): string {
  return `{${values.join(',')}}`
}

/** A moment to compare a column of times with. */
export function moment(ms: number): RawBuilder<number> {
  return sql<number>`${toDatabaseTime(ms)}::timestamptz`
}
