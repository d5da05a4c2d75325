/**
 * A table that is asked with words off the wire: it has what stands in it and nothing else, while a plain object also
 * answers to `constructor`.
 */
export function table<Value>(
  entries: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return Object.assign(Object.create(null) as Record<string, Value>, entries)
}
