import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { addAssets } from '../testing/hospital.ts'
import { warmInventory } from './warm.ts'

const database = useDatabase()

test('fetches what lists read, and does without where the database cannot', async () => {
  const { db, pool } = database.current
  await addAssets(db, [{ name: 'pump' }])
  expect(await warmInventory(db)).toBeGreaterThan(10)
  await pool.query('drop extension pg_prewarm')
  expect(await warmInventory(db)).toBe(0)
})
