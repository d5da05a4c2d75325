import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { packObservations } from './pack.ts'

const database = useDatabase()

/** Facts of many devices, a few of each at a time. */
async function observe(from: number, to: number) {
  for (let visit = from; visit < to; visit++)
    await database.current.pool.query(
      `insert into observations (first_seen, last_seen, frame, flow, asset, subject, field, sensor, file, count, value)
       select now(), now(), 1, 1, (n::bigint * $1 * 7919) % 1009, 1, n % 5, 1, 0, 1, 'v' || n || '/' || $1
       from generate_series(1, 997) n where n % 7 = $1::integer % 7`,
      [visit],
    )
  await database.current.pool.query('analyze observations')
}

test('a loose index is rebuilt, keeps its rows apart, and is left alone once it is packed', async () => {
  const { db, pool } = database.current
  await observe(0, 200)
  expect(await packObservations(db)).toBeUndefined()
  const packed = await packObservations(db, 1000)
  expect(packed!.after).toBeLessThan(packed!.before * 0.85)
  expect(await packObservations(db, 1000)).toBeUndefined()
  await expect(
    pool.query('insert into observations select * from observations limit 1'),
  ).rejects.toThrow('observations_fact')
})

test('a transaction that hangs is not waited for without end, and the index stands', async () => {
  const { db, pool } = database.current
  await observe(200, 600)
  const hanging = await pool.connect()
  try {
    await hanging.query('begin')
    await hanging.query('lock table observations in row exclusive mode')
    await expect(packObservations(db, 1000, '200ms')).rejects.toThrow('lock timeout')
    expect((await pool.query('show lock_timeout')).rows).toEqual([{ lock_timeout: '0' }])
  } finally {
    await hanging.query('rollback')
    hanging.release()
  }
  expect(await packObservations(db, 1000)).toBeDefined()
  const { rows } = await pool.query(
    `select from pg_index where indrelid = 'observations'::regclass and not indisvalid`,
  )
  expect(rows).toEqual([])
})

test('what a rebuild that was broken off left behind is cleared', async () => {
  const { db, pool } = database.current
  await pool.query('create index observations_fact_ccnew on observations (asset)')
  await pool.query(
    `update pg_index set indisvalid = false where indexrelid = 'observations_fact_ccnew'::regclass`,
  )
  await packObservations(db)
  const { rows } = await pool.query(
    `select from pg_class where relname = 'observations_fact_ccnew'`,
  )
  expect(rows).toEqual([])
})
