import { expect, test } from 'vitest'
import { toldOnce } from '../testing/facts.ts'
import { addUp, type OwnedFact } from './observation-rows.ts'

const one = { mac: '00:1b:44:00:01:01', ip: '10.0.0.1' }
const owned = (
  assetId: string | undefined,
  subject: OwnedFact['fact']['subject'],
  sensor: string,
  [field, value]: readonly [string, string],
  time: number,
): OwnedFact => ({ assetId, fact: { ...toldOnce(subject, field, value, time), sensor } })

test('a fact is one with the same of the same device from the same sensor, in whatever order they come', () => {
  const said = ['tls.sni', 'a.example.org'] as const
  const told = [
    owned('a', one, 's1', said, 1),
    owned('a', one, 's2', said, 3),
    owned('b', one, 's1', said, 2),
    owned('a', { ...one, ip: '10.0.0.2' }, 's1', said, 4),
    owned('a', { mac: one.mac }, 's1', said, 5),
    owned('a', { mac: one.mac, ip: '' }, 's1', said, 6),
    owned('a', one, 's1', ['tls.sni', 'b.example.org'], 7),
    owned('a', one, 's1', ['http.host', 'a.example.org'], 8),
    owned(undefined, one, 's1', said, 9),
    owned('a', { ...one }, 's1', said, 10),
    owned('b', one, 's1', said, 0),
  ]
  expect(addUp(told).map(({ first, last, count }) => [first, last, count])).toEqual([
    [1, 10, 2],
    [3, 3, 1],
    [0, 2, 2],
    [4, 4, 1],
    [5, 6, 2],
    [7, 7, 1],
    [8, 8, 1],
    [9, 9, 1],
  ])
})
