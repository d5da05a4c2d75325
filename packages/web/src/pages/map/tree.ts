import type { Place } from '@wardkeeper/contract'

export interface Branch {
  readonly place: Place
  readonly depth: number
  /** In the place and in everything that lies in it. */
  readonly devices: number
}

const ORDER = new Intl.Collator('en', { numeric: true })

/** The tree as rows in the order in which it is read, each with its depth and its devices. */
export function branchesOf(places: readonly Place[]): readonly Branch[] {
  const ids = new Set(places.map(({ id }) => id))
  const children = Map.groupBy(places, ({ parentId }) =>
    parentId !== undefined && ids.has(parentId) ? parentId : undefined,
  )
  const rows: Branch[] = []
  const walk = (parent: string | undefined, depth: number): number => {
    // A circle cannot be stored, but a page must not hang on one.
    if (depth > 20) return 0
    const sorted = (children.get(parent) ?? []).toSorted((one, other) =>
      ORDER.compare(one.name, other.name),
    )
    let sum = 0
    for (const place of sorted) {
      const at = rows.push({ place, depth, devices: 0 }) - 1
      const devices = place.devices + walk(place.id, depth + 1)
      rows[at] = { place, depth, devices }
      sum += devices
    }
    return sum
  }
  walk(undefined, 0)
  return rows
}

/** Rows to show: the top, the way to the chosen place, and what lies in it. */
export function openBranches(
  rows: readonly Branch[],
  chosen: string | undefined,
): readonly Branch[] {
  const byId = new Map(rows.map(({ place }) => [place.id, place]))
  const open = new Set<string | undefined>([undefined])
  for (let at = chosen; at !== undefined && !open.has(at); at = byId.get(at)?.parentId) open.add(at)
  return rows.filter(({ place, depth }) => depth === 0 || open.has(place.parentId))
}
