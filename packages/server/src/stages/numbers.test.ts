import type { Advisory } from '@wardkeeper/core'
import { beforeAll, expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { saveAdvisories } from '../store/advisories.ts'
import { saveRecords } from '../store/declared-records.ts'
import { testApi, type TestApi } from '../testing/api.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { addAssets, SEEN } from '../testing/hospital.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()
const DI = '00802526579707'
let bus: InlineBus
let api: TestApi
let inLot = ''
let otherLot = ''
let noLot = ''
let sent = 0

const recall: Advisory = {
  id: 'Z-1-2026',
  kind: 'recall',
  source: 'FDA',
  revision: '1',
  published: '2026-01-01',
  updated: '2026-01-01',
  products: [
    {
      pid: 'Z-1-2026',
      vendor: 'Acme Medical',
      product: 'Infusion system of another name',
      range: 'vers:all/*',
      cves: [],
      udis: [DI],
      lots: [{ from: 'L1000', to: 'L1999' }],
      leaf: 'Infusion system, lots L1000 to L1999',
    },
  ],
  recall: { firm: 'Acme Medical', number: 'Z-1-2026', class: 'II' },
  vulnerabilities: [],
  remedies: [],
  link: 'https://example.org/z-1',
}

beforeAll(async () => {
  const { db } = database.current
  bus = new InlineBus(db, { backOff: [1, 1] })
  const content = await testContent()
  await attachStages({ db, bus, log: () => undefined }, { content, siteId: 'main' })
  api = await testApi(database.current)
  const product = { manufacturer: 'Acme', model: 'Drip 9', firmware: '9.9' }
  ;[inLot = '', otherLot = '', noLot = ''] = await addAssets(db, [
    { name: 'in the lot', ...product },
    { name: 'of another lot', ...product },
    { name: 'without a lot', ...product },
  ])
  await declare(inLot, { di: DI, lot: 'L1500' })
  await declare(otherLot, { udi: `(01)${DI}(10)L2500`, lot: 'L2500' })
  await declare(noLot, { di: DI })
  await db.transaction().execute((trx) => saveAdvisories(trx, [recall]))
  await publish('advisory.published', { siteId: '*', advisoryIds: [recall.id] })
})

/** What a record of the inventory says of a device, as an import and an entry by hand keep it. */
async function declare(assetId: string, body: Readonly<Record<string, string>>): Promise<void> {
  const to = { siteId: 'main', source: 'cmms', importId: undefined, now: SEEN + ++sent }
  await database.current.db
    .transaction()
    .execute((trx) => saveRecords(trx, to, [{ nativeKey: assetId, assetId, body }]))
}

async function publish(subject: string, payload: object): Promise<void> {
  await bus.publish({ subject, id: `n/${++sent}`, payload })
  await bus.drain()
}

const found = async (assetId: string) =>
  await database.current.db
    .selectFrom('findings')
    .selectAll()
    .where('asset_id', '=', assetId)
    .where('subject', '=', recall.id)
    .execute()

test('a recall by UDI and lot names the device of the lot, clears the other, and asks for a lot', async () => {
  expect(await found(inLot)).toMatchObject([
    { verdict: 'affected', state: 'open', remedy: 'recall:Z-1-2026' },
  ])
  const [affected] = await found(inLot)
  expect(affected?.grounds).toMatchObject([{ matcher: 'udi' }])
  expect(affected?.evidence).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ field: 'declared.udi', value: DI, rule: 'record:cmms' }),
      expect.objectContaining({ field: 'declared.lot', value: 'L1500', rule: 'record:cmms' }),
    ]),
  )
  expect(await found(otherLot)).toEqual([])
  expect(await found(noLot)).toMatchObject([{ verdict: 'possibly-affected', missing: 'lot' }])
})

test('the lot that somebody read on the label settles it', async () => {
  await declare(noLot, { di: DI, lot: 'L3000' })
  await publish('asset.changed', { siteId: 'main', assetIds: [noLot] })
  expect(await found(noLot)).toMatchObject([{ verdict: 'not-affected', state: 'resolved' }])
})

test('a device written down by hand with its UDI is held against the recall too', async () => {
  const person = await api.as(['manager', 'admin'])
  const device = {
    serial: 'SN-77',
    manufacturer: 'Acme',
    model: 'Drip 9',
    udi: `(01)${DI}(10)L1700`,
    tag: 'T-77',
  }
  const { status, body } = await person.post('/api/devices', { device, reason: 'new pump' })
  expect([status, body]).toMatchObject([200, { outcome: expect.stringMatching(/created|new/) }])
  await bus.drain()
  const { assetId } = body as { assetId: string }
  expect(await found(assetId)).toMatchObject([{ verdict: 'affected', state: 'open' }])
  await api.close()
})
