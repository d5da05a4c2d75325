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
