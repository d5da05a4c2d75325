import path from 'node:path'
import { checkAuthorization } from '@wardkeeper/core'
import { expect, test } from 'vitest'
import { readChecked } from '../content/load.ts'
import { useDatabase } from '../testing/database.ts'
import { addAssets } from '../testing/hospital.ts'
import { applyDeclarations } from './declarations.ts'
import { hospitalFile, loadSample } from './sample.ts'
import { loadTechnicians } from './technicians.ts'

const database = useDatabase()
const FILE = path.resolve(import.meta.dirname, '../../../../content/sample/hospital.yaml')

test('the sample hospital is loaded once, and meets its devices before and after they are seen', async () => {
  const { db } = database.current
  const hospital = await readChecked(FILE, hospitalFile)
  const pump = {
    name: 'pump',
    manufacturer: 'BD',
    model: 'Alaris PC Unit 8015',
    type: 'infusion-pump',
  }
  const [early] = await addAssets(db, [{ ...pump, mac: '00:b0:94:61:0f:01' }])
  await loadSample(db, hospital)
  await loadSample(db, hospital)
  const [late] = await addAssets(db, [{ ...pump, mac: '00:b0:94:61:0f:02' }])
  await db.transaction().execute((trx) => applyDeclarations(trx, 'main', [late!]))
  const rows = await db
    .selectFrom('assets')
    .select(['id', 'unit', 'room', 'owner', 'in_use'])
    .orderBy('id')
    .execute()
  expect(rows).toEqual([
    { id: early, unit: 'ICU', room: 'bed 1', owner: 'Clinical engineering', in_use: 'in-use' },
    { id: late, unit: 'ICU', room: 'bed 2', owner: 'Clinical engineering', in_use: 'in-use' },
  ])
  const technicians = await loadTechnicians(db, ['main'])
  const device = { ...pump, siteId: 'main', label: 'pump' }
  const allowed = technicians.map((one) => [
    one.name,
    checkAuthorization(one, device, 'corrective', Date.UTC(2026, 6, 1)).length === 0,
  ])
  expect(allowed).toEqual([
    ['Aoife Byrne', false],
    ['Jonas Weber', false],
    ['Mara Lindqvist', true],
    ['Priya Raman', false],
  ])
})

test('what a person has set is not overwritten by a declaration', async () => {
  const { db } = database.current
  const [asset] = await addAssets(db, [{ name: 'monitor', mac: '00:09:fb:45:11:31' }])
  await db.updateTable('assets').set({ room: 'bed 9' }).where('id', '=', asset!).execute()
  await db.transaction().execute((trx) => applyDeclarations(trx, 'main', [asset!]))
  expect(
    await db.selectFrom('assets').select(['room', 'unit']).where('id', '=', asset!).execute(),
  ).toEqual([{ room: 'bed 9', unit: 'ICU' }])
})
