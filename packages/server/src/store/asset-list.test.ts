import { expect, test } from 'vitest'
import { addAssets } from '../testing/hospital.ts'
import { useDatabase } from '../testing/database.ts'

const database = useDatabase()

test.each(['manufacturer', 'model', 'type', 'category', 'unit'])(
  'the planner knows how many assets have no %s',
  async (column) => {
    const { db, pool } = database.current
    await addAssets(
      db,
      Array.from({ length: 300 }, (_, index) => ({ name: `device-${index}` })),
    )
    await pool.query(`update assets set ${column} = null`)
    await pool.query(`update assets set ${column} = 'known' where number % 3 = 0`)
    await pool.query('analyze assets')
    const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
      `explain (format json) select id from assets where merged_into is null and coalesce(${column}, '') = any($1::text[])`,
      [['']],
    )
    const believed = rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows']
    const { rows: counted } = await pool.query<{ count: number }>(
      `select count(*) as count from assets where ${column} is null`,
    )
    expect((believed ?? 0) / counted[0]!.count).toBeCloseTo(1, 1)
  },
)
