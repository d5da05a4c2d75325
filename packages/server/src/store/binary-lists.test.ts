import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { toBooleans, toIntegers, toLongs, toTexts, toTimes } from './binary-lists.ts'
import { fitTime, toDatabaseTime } from './time.ts'

const database = useDatabase()

async function readBack(type: string, list: Buffer) {
  const { rows } = await database.current.pool.query<{ value: unknown }>(
    `select value::text from unnest($1::${type}[]) with ordinality as t (value, place) order by place`,
    [list],
  )
  return rows.map(({ value }) => value)
}

test('numbers arrive as they were', async () => {
  const integers = [0, 1, -1, 2_147_483_647, -2_147_483_648]
  expect(await readBack('integer', toIntegers(integers))).toEqual(integers.map(String))
  const longs = [0, 1, -1, 4_294_967_295, 4_294_967_296, -4_294_967_297, 9_007_199_254_740_991]
  expect(await readBack('bigint', toLongs(longs))).toEqual(longs.map(String))
  expect(await readBack('boolean', toBooleans([true, false]))).toEqual(['true', 'false'])
  expect(await readBack('integer', toIntegers([]))).toEqual([])
})

test('texts arrive letter for letter', async () => {
  const texts = ['', 'srv-1.example.org', 'Gerät "7"\\{,}', '心電図', '🫀', 'null', ' x\n']
  expect(await readBack('text', toTexts(texts))).toEqual(texts)
})

test('a time is the same as it is written as text', async () => {
  const times = [0, 1.25, -1, Date.UTC(2026, 10, 26, 3, 4, 5, 678), 946_684_799_999.999, 1.9999]
  times.push(fitTime(Number.NaN), fitTime(Number.MAX_VALUE), fitTime(-Number.MAX_VALUE))
  const { rows } = await database.current.pool.query<{ isSame: boolean }>(
    `select a = b as "isSame" from unnest($1::timestamptz[], $2::timestamptz[]) as t (a, b)`,
    [toTimes(times), times.map(toDatabaseTime)],
  )
  expect(rows).toEqual(times.map(() => ({ isSame: true })))
})
