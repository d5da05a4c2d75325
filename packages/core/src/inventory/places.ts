import { Refusal } from '../refusal.ts'

export const LOCATION_KINDS = ['building', 'floor', 'unit', 'room'] as const
export type LocationKind = (typeof LOCATION_KINDS)[number]

/** One place of the tree under a site; levels may be left out, never turned round. */
export interface Location {
  readonly id: string
  readonly parentId: string | undefined
  readonly kind: LocationKind
  readonly name: string
}

type Tree = ReadonlyMap<string, Location>

/** The place and everything that it lies in, the outermost first. */
export function pathTo(id: string | undefined, tree: Tree): readonly Location[] {
  const path: Location[] = []
  // The tree comes from a table that forbids no circle by itself.
  for (let at = id; at !== undefined && path.length < 20;) {
    const place = tree.get(at)
    if (place === undefined) break
    path.unshift(place)
    at = place.parentId
  }
  return path
}

/** What lists and work orders say of a place: its unit (or the nearest that has a name) and its room. */
export function unitAndRoom(
  id: string | undefined,
  tree: Tree,
): { readonly unit: string | undefined; readonly room: string | undefined } {
  const path = pathTo(id, tree)
  const named = (kind: LocationKind) => path.find((place) => place.kind === kind)?.name
  return { unit: named('unit') ?? named('floor') ?? named('building'), room: named('room') }
}

/** Everything in a place, the place itself included. */
export function within(id: string, locations: readonly Location[]): readonly string[] {
  const children = Map.groupBy(locations, ({ parentId }) => parentId)
  const found = [id]
  for (let at = 0; at < found.length; at++) {
    for (const child of children.get(found[at]) ?? []) {
      if (!found.includes(child.id)) found.push(child.id)
    }
  }
  return found
}

/** Refuses a place in itself, in something smaller, or beside one of the same name. */
export function demandPlace(place: Location, locations: readonly Location[]): void {
  const tree = new Map(locations.map((one) => [one.id, one]))
  const parent = place.parentId === undefined ? undefined : tree.get(place.parentId)
  if (place.parentId !== undefined && parent === undefined) {
    throw new Refusal('no-such-place', ['The place that it shall lie in is not there any more.'])
  }
  if (parent !== undefined && rank(parent.kind) >= rank(place.kind)) {
    throw new Refusal('wrong-level', [`A ${place.kind} cannot lie in a ${parent.kind}.`])
  }
  if (parent !== undefined && pathTo(parent.id, tree).some(({ id }) => id === place.id)) {
    throw new Refusal('place-in-itself', ['A place cannot be moved into what lies in it.'])
  }
  const twin = locations.find(
    (one) => one.id !== place.id && keyOf(one) === keyOf(place) && one.parentId === place.parentId,
  )
  if (twin !== undefined) {
    throw new Refusal('name-taken', [`There is a ${place.kind} called ${twin.name} here already.`])
  }
}

function rank(kind: LocationKind): number {
  return LOCATION_KINDS.indexOf(kind)
}

function keyOf({ kind, name }: Pick<Location, 'kind' | 'name'>): string {
  return `${kind}/${name.trim().toLowerCase()}`
}

/** One row of a file of places: the names from the building down, as written. */
export interface PlaceRow {
  /** Row of the file as a person counts it, the head being row 1. */
  readonly row: number
  readonly cells: Readonly<Partial<Record<LocationKind | 'service_line' | 'hours', string>>>
}

export interface PlacePlan {
  readonly added: readonly (Location & {
    readonly serviceLine: string | undefined
    readonly hours: string | undefined
  })[]
  /** Rows whose place is there already. */
  readonly known: number
  readonly errors: readonly { readonly row: number; readonly reason: string }[]
}

const NAME_LETTERS = 120

/** What a file of places would add; a row that cannot be used says why and stops no other. */
export function planPlaces(
  rows: readonly PlaceRow[],
  existing: readonly Location[],
  newId: () => string,
): PlacePlan {
  const byKey = new Map(existing.map((one) => [`${one.parentId ?? ''}/${keyOf(one)}`, one]))
  const added: PlacePlan['added'][number][] = []
  const errors: { row: number; reason: string }[] = []
  let known = 0
  for (const { row, cells } of rows) {
    const reason = faultOf(cells)
    if (reason !== undefined) {
      errors.push({ row, reason })
      continue
    }
    const before = added.length
    const levels = LOCATION_KINDS.filter((kind) => text(cells[kind]) !== '')
    let parentId: string | undefined
    for (const [at, kind] of levels.entries()) {
      const name = text(cells[kind])
      const key = `${parentId ?? ''}/${keyOf({ kind, name })}`
      const found = byKey.get(key)
      if (found !== undefined) {
        parentId = found.id
        continue
      }
      const isLast = at === levels.length - 1
      const place = {
        id: newId(),
        parentId,
        kind,
        name,
        serviceLine: isLast ? text(cells.service_line) || undefined : undefined,
        hours: isLast ? text(cells.hours) || undefined : undefined,
      }
      byKey.set(key, place)
      added.push(place)
      parentId = place.id
    }
    if (added.length === before) known++
  }
  return { added, known, errors }
}

function faultOf(cells: PlaceRow['cells']): string | undefined {
  const names = LOCATION_KINDS.map((kind) => text(cells[kind]))
  if (names.every((name) => name === '')) return 'it names no place: fill in at least a building'
  if (names[0] === '') return 'it has no building: write the building in front'
  const long = LOCATION_KINDS.find((kind) => text(cells[kind]).length > NAME_LETTERS)
  if (long !== undefined) return `the ${long} has more than ${NAME_LETTERS} letters: shorten it`
  return undefined
}

function text(cell: string | undefined): string {
  return (cell ?? '').replaceAll(/\s+/g, ' ').trim()
}
