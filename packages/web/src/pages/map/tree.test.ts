import type { Place } from '@wardkeeper/contract'
import { expect, test } from 'vitest'
import { branchesOf, openBranches } from './tree.ts'

const place = (id: string, parentId: string | undefined, devices: number): Place => ({
  id,
  siteId: 'main',
  ...(parentId === undefined ? {} : { parentId }),
  kind: 'room',
  name: id,
  devices,
})
const PLACES = [
  place('B', undefined, 0),
  place('B10', 'B', 1),
  place('B9', 'B', 2),
  place('r', 'B9', 4),
  place('A', undefined, 0),
  place('lost', 'gone', 1),
]

test('devices add up, and ten comes after nine', () => {
  expect(
    branchesOf(PLACES).map(({ place: { id }, depth, devices }) => [id, depth, devices]),
  ).toEqual([
    ['A', 0, 0],
    ['B', 0, 7],
    ['B9', 1, 6],
    ['r', 2, 4],
    ['B10', 1, 1],
    ['lost', 0, 1],
  ])
})

test('only the way to the chosen place is open', () => {
  const ids = (chosen?: string) =>
    openBranches(branchesOf(PLACES), chosen).map(({ place: { id } }) => id)
  expect(ids()).toEqual(['A', 'B', 'lost'])
  expect(ids('B9')).toEqual(['A', 'B', 'B9', 'r', 'B10', 'lost'])
})
