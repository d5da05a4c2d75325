import { expect, test } from 'vitest'
import { addAssets } from '../testing/hospital.ts'
import { useDatabase } from '../testing/database.ts'
import { countFacets, listAssets } from './asset-list.ts'

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

test('words that mean very many find them as words that mean a few do, in each order, page by page', async () => {
  const { db, pool } = database.current
  await pool.query(
    `insert into assets (id, site_id, state, is_connected, label, first_seen)
     select gen_random_uuid(), case when n % 2 = 0 then 'even' else 'odd' end, 'active', true,
       'ward-' || to_char(n, 'FM0000'), now()
     from generate_series(1, 1200) as n`,
  )
  await pool.query(
    `update asset_sights set seen = now() - right(label, 4)::integer * interval '1 min' from assets where id = asset_id and label like 'ward-%'`,
  )
  const labels = async (q: string, sort: string, sites?: readonly string[]) => {
    const found: string[] = []
    let cursor: string | undefined
    let total = 0
    do {
      const page = await listAssets(db, sites, { q, sort, limit: 200, ...(cursor && { cursor }) })
      found.push(...page.items.map(({ label }) => label))
      total = page.total
      cursor = page.next
    } while (cursor !== undefined)
    expect(total).toBe(found.length)
    const facets = await countFacets(db, sites, { q })
    expect(facets.total).toBe(found.length)
    return found
  }
  for (const [q, count] of [
    ['ward', 1200],
    ['ward-00', 99],
    ['WARD-007', 10],
    ['ward-00 7', 19],
    ['nowhere', 0],
  ] as const) {
    const up = await labels(q, 'label')
    expect([q, up.length]).toEqual([q, count])
    expect(up).toEqual(up.toSorted())
    expect(await labels(q, '-label')).toEqual(up.toReversed())
    expect(await labels(q, '-lastSeen')).toEqual(up)
  }
  expect((await labels('ward', 'label', ['odd'])).length).toBe(600)
  expect(await labels('ward-0012', 'label', ['odd'])).toEqual([])
  expect(await labels('ward-0012', 'label', ['even'])).toEqual(['ward-0012'])
})
