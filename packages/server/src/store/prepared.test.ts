import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloneDatabase } from '../testing/database.ts'
import type { Database, Executor } from './database.ts'

let database: Database
beforeAll(async () => {
  database = await cloneDatabase()
  await sql`create table things (id integer, name text)`.execute(database.db)
  await sql`insert into things select n, 'thing ' || n from generate_series(1, 50) n`.execute(
    database.db,
  )
})
afterAll(() => database.close())

const nameOf = async (db: Executor, id: number) =>
  (await sql<{ name: string }>`select name from things where id = ${id}`.execute(db)).rows[0]?.name

const prepared = async (db: Executor) =>
  (
    await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db)
  ).rows.map(({ statement }) => statement)

test('what is said again and again is prepared, and answers what it always did', async () => {
  await database.repeated.connection().execute(async (own) => {
    for (let id = 1; id <= 20; id++) expect(await nameOf(own, id)).toBe(`thing ${id}`)
    expect((await prepared(own)).filter((text) => text.includes('things'))).toHaveLength(1)
  })
})

test('nothing is prepared of what is said for a page', async () => {
  await database.db.connection().execute(async (own) => {
    for (let id = 1; id <= 20; id++)
      await sql`select id as of_a_page from things where id = ${id}`.execute(own)
    expect((await prepared(own)).filter((text) => text.includes('of_a_page'))).toEqual([])
  })
})

test('a table that changes under what two connections prepared costs one try', async () => {
  const all = (db: Executor) => sql`select * from parts where id > ${0}`.execute(db)
  await sql`create table parts (id integer)`.execute(database.db)
  const meeting = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  /** Both hold a connection at once, so that it is not the same one. */
  const useBoth = (work: (own: Executor) => Promise<unknown>) =>
    Promise.allSettled(
      meeting.map((mine, place) =>
        database.repeated.connection().execute(async (own) => {
          mine.resolve()
          await meeting[1 - place]!.promise
          return await work(own)
        }),
      ),
    )
  await useBoth(async (own) => {
    for (let time = 0; time < 10; time++) await all(own)
    expect((await prepared(own)).filter((text) => text.includes('parts'))).toHaveLength(1)
  })
  await sql`alter table parts add column name text`.execute(database.db)
  await expect(all(database.repeated)).rejects.toThrow('cached plan')
  for (let time = 0; time < 20; time++) await all(database.repeated)
  const later = await useBoth(all)
  expect(later.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
})

test('what a server forgot costs one try', async () => {
  const some = (db: Executor) => sql`select name from things where id < ${3}`.execute(db)
  await database.repeated.connection().execute(async (own) => {
    for (let time = 0; time < 10; time++) await some(own)
    await sql`deallocate all`.execute(own)
    await expect(some(own)).rejects.toThrow('does not exist')
  })
  await expect(some(database.repeated)).resolves.toBeDefined()
})

test('values that are written out one by one do not fill the connection', async () => {
  await database.repeated.connection().execute(async (own) => {
    for (let time = 0; time < 10; time++) {
      const ids = sql.join(Array.from({ length: 21 }, (_, n) => n))
      await sql`select name as many from things where id in (${ids})`.execute(own)
    }
    expect((await prepared(own)).filter((text) => text.includes('as many'))).toEqual([])
  })
  await database.repeated.connection().execute(async (own) => {
    for (let text = 0; text < 300; text++)
      for (let time = 0; time < 9; time++)
        await sql`select ${sql.lit(text)}::int from things where id = ${time}`.execute(own)
    const { length } = await prepared(own)
    expect(length).toBeGreaterThan(150)
    // And one or two that were given back above.
    expect(length).toBeLessThan(205)
  })
})
