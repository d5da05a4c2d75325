import { expect, test } from 'vitest'
import { layoutSegments } from './network-layout.ts'

const nodes = Array.from({ length: 10_000 }, (_, n) => ({
  id: `n${n}`,
  segment: n % 100 === 0 ? undefined : `10.0.${n % 37}.0/24`,
}))

test('every device has its own place, inside the disc of its segment', () => {
  const { places, circles } = layoutSegments(nodes)
  expect(places.size).toBe(10_000)
  expect(
    new Set([...places.values()].map(({ x, y }) => `${x.toFixed(3)} ${y.toFixed(3)}`)).size,
  ).toBe(10_000)
  const bySegment = new Map(circles.map((circle) => [circle.segment, circle]))
  for (const { id, segment } of nodes) {
    const circle = bySegment.get(segment ?? 'no address')!
    const { x, y } = places.get(id)!
    expect(Math.hypot(x - circle.x, y - circle.y)).toBeLessThanOrEqual(circle.radius)
  }
})

test('no disc lies on another', () => {
  const { circles } = layoutSegments(nodes)
  for (const [at, one] of circles.entries()) {
    for (const other of circles.slice(at + 1)) {
      const distance = Math.hypot(one.x - other.x, one.y - other.y)
      expect(distance).toBeGreaterThanOrEqual(one.radius + other.radius)
    }
  }
})

test('the same network looks the same again, and nothing is no failure', () => {
  expect(layoutSegments(nodes)).toEqual(layoutSegments(nodes))
  expect(layoutSegments([]).places.size).toBe(0)
})
