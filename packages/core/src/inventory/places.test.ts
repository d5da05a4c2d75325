import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  demandPlace,
  pathTo,
  planPlaces,
  unitAndRoom,
  within,
  type Location,
  type PlaceRow,
} from './places.ts'

const place = (id: string, parentId: string | undefined, kind: Location['kind']): Location => ({
  id,
  parentId,
  kind,
  name: id,
})
const TREE = [
  place('north', undefined, 'building'),
  place('4', 'north', 'floor'),
  place('icu', '4', 'unit'),
  place('412', 'icu', 'room'),
  place('hall', '4', 'room'),
]
const byId = new Map(TREE.map((one) => [one.id, one]))

test('a room says its unit, or the nearest place that has a name', () => {
  expect(unitAndRoom('412', byId)).toEqual({ unit: 'icu', room: '412' })
  expect(unitAndRoom('hall', byId)).toEqual({ unit: '4', room: 'hall' })
  expect(unitAndRoom('north', byId)).toEqual({ unit: 'north', room: undefined })
  expect(unitAndRoom(undefined, byId)).toEqual({ unit: undefined, room: undefined })
  expect(pathTo('412', byId).map(({ id }) => id)).toEqual(['north', '4', 'icu', '412'])
  expect(within('4', TREE)).toEqual(['4', 'icu', 'hall', '412'])
})

test('a circle in the table does not hang', () => {
  const circle = [place('a', 'b', 'floor'), place('b', 'a', 'unit')]
  expect(pathTo('a', new Map(circle.map((one) => [one.id, one]))).length).toBeLessThan(30)
  expect(within('a', circle)).toEqual(['a', 'b'])
})

test.each([
  [{ ...place('icu', '412', 'unit') }, 'wrong-level'],
  [{ ...place('4', 'icu', 'floor') }, 'wrong-level'],
  [{ ...place('new', 'gone', 'room') }, 'no-such-place'],
  [{ ...place('new', 'icu', 'room'), name: ' 412' }, 'name-taken'],
])('%j is refused: %s', (one, code) => {
  expect(() => demandPlace(one, TREE)).toThrow(code)
})

test('a file of places adds what is new, and says of each bad row what to do', () => {
  let made = 0
  const rows: PlaceRow[] = [
    { row: 2, cells: { building: 'north', floor: '4', unit: 'ICU', room: '413' } },
    { row: 3, cells: { building: 'North ', floor: ' 4', unit: 'icu', room: '412' } },
    { row: 4, cells: { building: 'South', unit: 'Lab', service_line: 'Pathology', hours: '7-19' } },
    { row: 5, cells: { floor: '4' } },
    { row: 6, cells: {} },
    { row: 7, cells: { building: 'x'.repeat(121) } },
  ]
  const plan = planPlaces(rows, TREE, () => `n${++made}`)
  expect(plan.added.map(({ name, kind, parentId }) => [name, kind, parentId])).toEqual([
    ['413', 'room', 'icu'],
    ['South', 'building', undefined],
    ['Lab', 'unit', 'n2'],
  ])
  expect(plan.added[2]).toMatchObject({ serviceLine: 'Pathology', hours: '7-19' })
  expect(plan.known).toBe(1)
  expect(plan.errors.map(({ row }) => row)).toEqual([5, 6, 7])
  expect(plan.errors[0]!.reason).toMatch(/building/)
})

test('the same file again adds nothing, and every row is accounted for', () => {
  const name = fc.constantFrom('', 'A', 'a ', 'B', '4')
  const cells = fc.record({ building: name, floor: name, unit: name, room: name })
  fc.assert(
    fc.property(fc.array(cells, { maxLength: 12 }), (list) => {
      let made = 0
      const rows = list.map((one, at) => ({ row: at + 2, cells: one }))
      const first = planPlaces(rows, [], () => `n${++made}`)
      const again = planPlaces(rows, first.added, () => `n${++made}`)
      expect(again.added).toEqual([])
      expect(again.known + again.errors.length).toBe(rows.length)
    }),
  )
})
