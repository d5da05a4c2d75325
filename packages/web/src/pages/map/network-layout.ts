/** One device of the network map. */
interface Placeable {
  readonly id: string
  readonly segment?: string | undefined
}

export interface Circle {
  readonly segment: string
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly count: number
}

export interface Layout {
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>
  readonly circles: readonly Circle[]
}

export const NO_SEGMENT = 'no address'
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))
const STEP = 1
const GAP = 3

/**
 * Every segment is a disc of its devices, the largest first, in rows. It needs no iteration: 10,000 devices take a few
 * milliseconds, and the same network looks the same tomorrow.
 */
export function layoutSegments(nodes: readonly Placeable[]): Layout {
  const groups = [...Map.groupBy(nodes, ({ segment }) => segment ?? NO_SEGMENT)]
    .map(([segment, members]) => ({ segment, members, radius: radiusOf(members.length) }))
    .toSorted((one, other) => other.radius - one.radius || one.segment.localeCompare(other.segment))
  const area = groups.reduce((sum, { radius }) => sum + (2 * radius + GAP) ** 2, 0)
  const width = Math.sqrt(area) * 1.4
  const places = new Map<string, { x: number; y: number }>()
  const circles: Circle[] = []
  let left = 0
  let top = 0
  let rowHeight = 0
  for (const { segment, members, radius } of groups) {
    const size = 2 * radius + GAP
    if (left > 0 && left + size > width) {
      left = 0
      top -= rowHeight
      rowHeight = 0
    }
    rowHeight = Math.max(rowHeight, size)
    const x = left + size / 2
    const y = top - size / 2
    circles.push({ segment, x, y, radius, count: members.length })
    for (const [at, { id }] of members.entries()) {
      const distance = STEP * Math.sqrt(at + 0.5)
      const angle = at * GOLDEN_ANGLE
      places.set(id, { x: x + distance * Math.cos(angle), y: y + distance * Math.sin(angle) })
    }
    left += size
  }
  return { places, circles }
}

function radiusOf(count: number): number {
  return STEP * Math.sqrt(count) + 1
}
