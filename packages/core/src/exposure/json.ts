/** Reads unknown JSON by path; what is missing or of another kind is empty. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, path)
  return typeof found === 'string' ? found : ''
}

export function listAt(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = at(value, path)
  return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : []
}

export function objectsAt(value: unknown, ...path: readonly string[]): object[] {
  const found = at(value, path)
  return Array.isArray(found) ? found.filter(isObject) : []
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) =>
      isObject(found) && Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined,
    value,
  )
}
