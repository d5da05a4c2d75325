import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { together } from './together.ts'

const database = useDatabase()

test('answers come in their order', async () => {
  const { db } = database.current
  const ask = (value: number) =>
    sql<{ value: number }>`select ${value}::integer as value`.execute(db)
  const [one, two] = await together(ask(1), ask(2))
  expect([one.rows, two.rows]).toEqual([[{ value: 1 }], [{ value: 2 }]])
})

test('where one fails nothing of the others stands', async () => {
  const { db, pool } = database.current
  await pool.query('create table kept (value integer primary key)')
  const put = db
    .transaction()
    .execute((trx) =>
      together(
        sql`insert into kept values (1), (1)`.execute(trx),
        sql`insert into kept values (2)`.execute(trx),
        sql`insert into kept values (3)`.execute(trx),
      ),
    )
  await expect(put).rejects.toThrow('kept_pkey')
  expect((await pool.query('select * from kept')).rows).toEqual([])
})
