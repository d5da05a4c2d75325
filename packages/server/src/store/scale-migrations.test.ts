import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { openDatabase } from './database.ts'
import { migrate, MIGRATIONS } from './migrate.ts'
import { readOutbox } from './outbox.ts'

const database = useDatabase()
const NEW = /^010[01]_/

test('a database of before is carried over with all that it holds', async () => {
  const server = database.current.connection
  const name = `carried_${process.pid}`
  await database.current.pool.query(`create database ${name}`)
  const folder = mkdtempSync(path.join(tmpdir(), 'migrations-'))
  for (const file of readdirSync(MIGRATIONS))
    if (!NEW.test(file) && file < '0100')
      cpSync(path.join(MIGRATIONS, file), path.join(folder, file))
  const connection = { ...server, database: name }
  try {
    await migrate(connection, folder)
    const client = new pg.Client(connection)
    await client.connect()
    const id = '01900000-0000-7000-8000-000000000001'
    await client.query(
      `insert into assets (id, site_id, state, is_connected, label, first_seen, last_seen)
       values ('${id}', 'main', 'active', true, 'pump', '2026-06-01Z', '2026-06-02 08:00Z')`,
    )
    await client.query(
      `insert into observations (first_seen, last_seen, frame, flow, asset, subject, field, sensor, file, count, value)
       select '2026-06-01Z', '2026-06-02Z', 5, 0, number, 1, 1, 1, 0, 3, 'kept' from assets`,
    )
    await client.query(
      `insert into outbox (id, subject, payload) values ('waits', 'observation.recorded', '{"n": 1}')`,
    )
    await client.end()
    expect((await migrate(connection)).filter((file) => NEW.test(file))).toEqual([
      '0100_bearing.sql',
      '0101_sights.sql',
    ])
    const carried = await openDatabase(connection)
    const { rows } = await carried.pool.query(
      `select o.value, o.frame, o.count, o.bears, s.seen from observations o
       join assets a on a.number = o.asset join asset_sights s on s.asset_id = a.id`,
    )
    const seen = Date.UTC(2026, 5, 2, 8)
    expect(rows).toEqual([{ value: 'kept', frame: 5, count: 3, bears: true, seen }])
    expect(await readOutbox(carried.db, 0, 10)).toMatchObject([{ id: 'waits', payload: { n: 1 } }])
    await carried.close()
  } finally {
    rmSync(folder, { recursive: true })
    await database.current.pool.query(`drop database ${name} with (force)`)
  }
})
