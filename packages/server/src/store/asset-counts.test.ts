import { expect, test } from 'vitest'
import { addAssets } from '../testing/hospital.ts'
import { useDatabase } from '../testing/database.ts'
import { addUpCounts } from './asset-counts.ts'
import { countFacets, listAssets } from './asset-list.ts'

const database = useDatabase()

/** The same counts from the assets themselves. */
async function counted(column: string): Promise<Record<string, number>> {
  const { rows } = await database.current.pool.query<{ value: string | null; count: number }>(
    `select ${column}::text as value, count(*) as count from assets where merged_into is null group by 1`,
  )
  return Object.fromEntries(rows.map(({ value, count }) => [value ?? '', count]))
}

async function kept(facet: 'type' | 'unit' | 'state' | 'is_connected') {
  const facets = await countFacets(database.current.db, undefined, {})
  return Object.fromEntries(facets[facet].map(({ value, count }) => [value ?? '', count]))
}

async function expectAgreement(): Promise<void> {
  for (const facet of ['type', 'unit', 'state', 'is_connected'] as const)
    expect(await kept(facet)).toEqual(await counted(facet))
}

test('counts follow every change of an asset, before and after they are added up', async () => {
  const { db, pool } = database.current
  const ids = await addAssets(
    db,
    Array.from({ length: 12 }, (_, index) => ({
      name: `pump-${index}`,
      type: index % 3 === 0 ? 'infusion-pump' : 'printer',
    })),
  )
  await expectAgreement()
  await pool.query(`update assets set unit = 'icu' where id = any($1)`, [ids.slice(0, 5)])
  await pool.query(`update assets set state = 'missing', is_connected = false where id = $1`, [
    ids[3],
  ])
  await pool.query('update assets set merged_into = $1 where id = $2', [ids[0], ids[1]])
  await expectAgreement()
  const filter = { type: ['printer'], connected: ['true'] }
  const { total } = await countFacets(db, undefined, filter)
  const page = await listAssets(db, undefined, { ...filter, limit: 5 })
  expect(page.total).toBe(total)
  expect(total).toBe(7)
  expect((await countFacets(db, undefined, { q: 'pump' })).total).toBe(11)
  await pool.query(
    `insert into asset_counts select 'main', null, null, null, 'icu', 'active', true, false, false, false, false, sign
     from generate_series(1, 1500) n, unnest(array[1, -1]) sign`,
  )
  await expectAgreement()
  await db.transaction().execute(addUpCounts)
  await expectAgreement()
  const { rows } = await pool.query<{ rows: number }>('select count(*) as rows from asset_counts')
  expect(rows[0]?.rows).toBeLessThan(20)
})
