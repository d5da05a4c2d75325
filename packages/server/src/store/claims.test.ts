import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { addAssets, changeFirmware } from '../testing/hospital.ts'
import { loadClaimedValues, loadEvidence } from './claims.ts'

const database = useDatabase()

test('evidence is that of the value that was read, also when another value came meanwhile', async () => {
  const { db } = database.current
  const product = { manufacturer: 'Acme', model: 'Drip 9', firmware: '2.1' }
  const [pump = ''] = await addAssets(db, [{ name: 'pump', ...product }])
  const read = (await loadClaimedValues(db, [pump])).get(pump) ?? []
  const firmware = read.filter(({ attribute }) => attribute === 'firmware')
  expect(firmware).toMatchObject([{ value: '2.1' }])
  const before = await loadEvidence(db, firmware)
  expect([...before.values()].flat()).not.toEqual([])
  await changeFirmware(db, pump, { name: 'pump', ...product, firmware: '3.0' })
  expect((await loadClaimedValues(db, [pump])).get(pump)).toContainEqual(
    expect.objectContaining({ attribute: 'firmware', value: '3.0' }),
  )
  expect(await loadEvidence(db, firmware)).toEqual(before)
})
