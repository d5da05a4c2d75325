import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { gatherStatistics } from './statistics.ts'

const database = useDatabase()

test('a table that has outgrown its statistics gets new ones, and then not before it has grown again', async () => {
  const { db, pool } = database.current
  const add = async (count: number) => {
    const client = await pool.connect()
    try {
      await client.query(
        `insert into observation_names (kind, site_id, name)
         select 'file', '', gen_random_uuid() from generate_series(1, ${count})`,
      )
      // A connection tells what it wrote now and then; here at the end of this statement.
      await client.query('select pg_stat_force_next_flush()')
    } finally {
      client.release()
    }
    return (await gatherStatistics(db)).includes('observation_names')
  }
  expect(await add(800)).toBe(false)
  expect(await add(300)).toBe(true)
  expect(await add(0)).toBe(false)
  expect(await add(3100)).toBe(false)
  expect(await add(300)).toBe(true)
})
