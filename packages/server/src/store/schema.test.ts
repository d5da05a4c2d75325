import { expect, test } from 'vitest'
import { describeSchema } from '../testing/schema-text.ts'
import { useDatabase } from '../testing/database.ts'

const database = useDatabase()

test('the types of the tables agree with the migrated database', async () => {
  const text = await describeSchema(database.current.pool)
  expect(text.match(/^ {2}readonly/gm)?.length).toBeGreaterThan(25)
  await expect(text).toMatchFileSnapshot('./schema.gen.ts')
})

test('every table of the product carries its site', async () => {
  const { rows } = await database.current.pool.query<{ table_name: string }>(
    `select table_name from information_schema.tables where table_schema = 'public'
     except select table_name from information_schema.columns where column_name = 'site_id'`,
  )
  const platform = ['inbox', 'migrations', 'outbox', 'parked_messages', 'sites', 'subscriptions']
  // Twenty million rows: the site of an observation is that of its sensor; a subject is only a text; a sight is of an asset.
  const narrow = ['asset_sights', 'observation_marks', 'observation_subjects', 'observations']
  expect(rows.map((row) => row.table_name).toSorted()).toEqual([...platform, ...narrow].toSorted())
})

test('an audit entry can neither be changed nor deleted', async () => {
  const { pool } = database.current
  await pool.query(
    `insert into audit_entries (id, site_id, time, by_name, action, subject, body, previous_hash, hash)
     values (1, '*', now(), 'x', 'x', 'x', '{}', '', 'x')`,
  )
  await expect(pool.query(`update audit_entries set by_name = 'y'`)).rejects.toThrow('append-only')
  await expect(pool.query('delete from audit_entries')).rejects.toThrow('append-only')
})
