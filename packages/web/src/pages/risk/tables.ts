import type { getRiskMethod } from '@wardkeeper/contract'
import type { CallOutput } from '../../api/call.ts'

export type Tables = CallOutput<typeof getRiskMethod>['method']

/** Parts of the method that a site tunes, in the order of a reader. The scale and the matrix are those of the standard. */
export const GROUPS = [
  { key: 'weights', title: 'Weights', says: 'How much of its value a factor brings, in percent.' },
  { key: 'exploit', title: 'Exploits', says: 'Is it being exploited, or likely to be?' },
  { key: 'weakness', title: 'Weaknesses', says: 'Bad configuration seen on the wire.' },
  { key: 'legacy', title: 'Support', says: 'Is it still mended by its maker?' },
  { key: 'reach', title: 'Reach', says: 'With whom was contact seen? In percent of likelihood.' },
  { key: 'control', title: 'Controls', says: 'By how many percent a control lowers likelihood.' },
  { key: 'patient', title: 'Patient', says: 'What can happen to a patient.' },
  { key: 'data', title: 'Data', says: 'Patient data that it holds or passes on.' },
  { key: 'operation', title: 'Operation', says: 'What stops if it stops.' },
  { key: 'effort', title: 'Hours', says: 'Hours of a technician for each kind of work.' },
] as const satisfies readonly {
  readonly key: keyof Tables
  readonly title: string
  readonly says: string
}[]

interface Difference {
  readonly path: readonly string[]
  readonly from: number | undefined
  readonly to: number
}

/** Numbers of the method that differ from another one; with `undefined` all of them. Steps are not tuned here. */
export function differences(
  from: Tables | undefined,
  to: Tables,
  group?: keyof Tables,
): readonly Difference[] {
  const keys = group === undefined ? GROUPS.map(({ key }) => key) : [group]
  return keys
    .flatMap((key) => leaves(to[key], [key]))
    .map(({ path, value }) => ({ path, from: from && readPath(from, path), to: value }))
    .filter(({ from: before, to: after }) => before !== after)
}

function leaves(
  value: unknown,
  path: readonly string[],
): readonly { readonly path: readonly string[]; readonly value: number }[] {
  if (typeof value === 'number') return [{ path, value }]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]))
}

export function readPath(tables: Tables, path: readonly string[]): number | undefined {
  const value = path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null
        ? (part as Readonly<Record<string, unknown>>)[key]
        : undefined,
    tables,
  )
  return typeof value === 'number' ? value : undefined
}

/** The same tables with one number changed. */
export function writePath(tables: Tables, path: readonly string[], value: number): Tables {
  return write(tables, path, value) as Tables
}

function write(part: unknown, path: readonly string[], value: number): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const record = part as Readonly<Record<string, unknown>>
  return { ...record, [key]: write(record[key], rest, value) }
}
