import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { migrate, MIGRATIONS } from './migrate.ts'

const database = useDatabase()

test('a migrated database has nothing left to run, also for two programs at once', async () => {
  const { connection } = database.current
  expect(await Promise.all([migrate(connection), migrate(connection)])).toEqual([[], []])
})

test('a database that ran migrations before they were rewritten goes on from there', async () => {
  const { connection, pool } = database.current
  const rows = async () =>
    (
      await pool.query<{ name: string; hash: string }>(
        'select name, hash from migrations order by 1',
      )
    ).rows
  const before = await rows()
  // As they stood on main in the night of 26 November 2026.
  await pool.query(`update migrations set hash = 'fd0bd6e85036a0894475f23a2e0c6365c7f0269ca27b6c35c9b8b8bf36bb229e'
    where name = '0115_assets_followed.sql'`)
  await pool.query(
    `update migrations set name = '0117_assets_indexes.sql' where name = '0116_assets_indexes.sql'`,
  )
  await pool.query(`insert into migrations (name, hash) values ('0116_assets_history.sql',
    '797210580bcc7a7b216b3210137e00343529350eea3ee3661cf2d92a80b1b53e')`)
  expect(await migrate(connection)).toEqual([])
  expect(await rows()).toEqual(before)
  // Another hash is nobody's that we know.
  await pool.query(
    `insert into migrations (name, hash) values ('0116_assets_history.sql', 'other')`,
  )
  await expect(migrate(connection)).rejects.toThrow('0116_assets_history.sql is unknown here')
  await pool.query(`delete from migrations where hash = 'other'`)
})

test('runs new files once, rolls a broken one back, and notices one that was changed', async () => {
  const { connection, pool } = database.current
  const folder = mkdtempSync(path.join(tmpdir(), 'migrations-'))
  await pool.query(`delete from migrations`)
  writeFileSync(path.join(folder, '0001_a.sql'), 'create table probe_a (id int);')
  writeFileSync(path.join(folder, '0002_b.sql'), 'create table probe_b (id int); select nonsense;')
  await expect(migrate(connection, folder)).rejects.toThrow('Migration 0002_b.sql failed')
  const { rows } = await pool.query(
    `select to_regclass('probe_a') as a, to_regclass('probe_b') as b`,
  )
  expect(rows).toEqual([{ a: 'probe_a', b: null }])

  writeFileSync(path.join(folder, '0002_b.sql'), 'create table probe_b (id int);')
  expect(await migrate(connection, folder)).toEqual(['0002_b.sql'])
  writeFileSync(path.join(folder, '0001_a.sql'), 'create table probe_c (id int);')
  await expect(migrate(connection, folder)).rejects.toThrow(
    '0001_a.sql was changed after it had run',
  )
  await expect(migrate(connection, MIGRATIONS)).rejects.toThrow('made by a newer version')
})
