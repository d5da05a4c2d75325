import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { addAssets } from '../testing/hospital.ts'
import { applyDeclarations, declare } from './declarations.ts'

const database = useDatabase()

test('what is said of one device is not written to two that state its serial number at the same time', async () => {
  const { db } = database.current
  const ids = await addAssets(db, [{ name: 'one' }, { name: 'other' }])
  await db.updateTable('assets').set({ serial: 'SN-4711' }).where('id', 'in', ids).execute()
  const body = { owner: 'Cardiology', maintenance: [] }
  await db.transaction().execute((trx) => declare(trx, 'main', 'serial:sn-4711', body))
  const hasWritten = Promise.withResolvers<void>()
  const isAsked = Promise.withResolvers<void>()
  const first = db.transaction().execute(async (trx) => {
    await applyDeclarations(trx, 'main', ids.slice(0, 1))
    hasWritten.resolve()
    await isAsked.promise
  })
  await hasWritten.promise
  const second = db.transaction().execute((trx) => applyDeclarations(trx, 'main', ids.slice(1)))
  // It has read by then that the declaration waits.
  await new Promise((resolve) => setTimeout(resolve, 150))
  isAsked.resolve()
  await Promise.all([first, second])
  const owners = await db.selectFrom('assets').select(['label', 'owner']).orderBy('label').execute()
  expect(owners).toEqual([
    { label: 'one', owner: 'Cardiology' },
    { label: 'other', owner: null },
  ])
})
