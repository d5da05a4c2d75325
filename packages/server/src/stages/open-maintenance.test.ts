import { close, complete, start } from '@wardkeeper/core'
import { beforeAll, expect, test } from 'vitest'
import type { Content } from '../content/load.ts'
import { saveRecords } from '../store/declared-records.ts'
import { addEntry, addMaintenanceRecord, endEntry } from '../store/dossier.ts'
import { readLogs } from '../store/log.ts'
import { saveMaintenanceSettings } from '../store/maintenance-settings.ts'
import { endByHand } from '../store/maintenance-work.ts'
import { findMerge, mergeByHand, undoMerge } from '../store/regroup.ts'
import { ensureSite } from '../store/sites.ts'
import { saveWorkOrder, workOrderOf } from '../store/work-orders.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { addAssets, addTestTechnician } from '../testing/hospital.ts'
import { openMaintenance } from './open-maintenance.ts'

const database = useDatabase()
const NOW = Date.UTC(2026, 10, 26, 8)
const DAY = 86_400_000
let content: Content | undefined
beforeAll(() => ensureSite(database.current.db, { id: 'main', name: 'Hospital' }))
const run = async (now = NOW) =>
  openMaintenance({ db: database.current.db, content: (content ??= await testContent()) }, now)
let count = 0
/** Pumps of a model of their own, so that each test has batches of its own. */
async function addPumps(many: number): Promise<{ model: string; ids: readonly string[] }> {
  const model = `Drip ${++count}`
  const pumps = Array.from({ length: many }, (_, at) => ({
    name: `${model}-${at}`,
    manufacturer: 'Acme',
    model,
    type: 'infusion-pump',
  }))
  return { model, ids: await addAssets(database.current.db, pumps) }
}
const SCHEDULE = {
  name: 'Annual inspection',
  program: 'manufacturer',
  every: 1,
  unit: 'year',
  basis: 'done',
}
const schedule = (asset: string, starts: string, more: object = {}) =>
  database.current.db
    .transaction()
    .execute((trx) =>
      addEntry(
        trx,
        { id: asset, site_id: 'main' },
        'schedule',
        { ...SCHEDULE, starts, ...more },
        'Jo',
      ),
    )
const recorded = (asset: string, scheduleId: string, date: string) =>
  database.current.db
    .transaction()
    .execute((trx) =>
      addMaintenanceRecord(
        trx,
        { id: asset, site_id: 'main' },
        { date, by: 'Jo Diaz', what: `x ${date}`, scheduleId },
      ),
    )
const ordersOf = async (ids: readonly string[]) => {
  const rows = await database.current.db
    .selectFrom('work_orders')
    .selectAll()
    .orderBy('number')
    .execute()
  return rows
    .filter((row) => row.asset_ids.some((id) => ids.includes(id)))
    .map((row) => workOrderOf(row))
}
const set = (more: object) =>
  database.current.db.transaction().execute((trx) =>
    saveMaintenanceSettings(
      trx,
      'main',
      {
        isOn: true,
        leadDays: 14,
        mostDevices: 20,
        withRecords: false,
        since: '2026-11-26',
        ...more,
      },
      { by: 'ann', reason: 'test' },
      NOW,
    ),
  )

test('due maintenance becomes one order for a round, given to who is authorised, once', async () => {
  const { ids, model } = await addPumps(4)
  const ann = await addTestTechnician(database.current.db, 'Ann', model)
  await schedule(ids[0]!, '2026-12-02')
  await schedule(ids[1]!, '2026-12-05')
  // Not due before the lead time begins, and long overdue when this was switched on.
  await schedule(ids[2]!, '2027-02-01')
  await schedule(ids[3]!, '2024-01-01')
  await run()
  await run()
  const [order, ...others] = await ordersOf(ids)
  expect(others).toEqual([])
  expect(order).toMatchObject({
    kind: 'preventive',
    state: 'assigned',
    technicianId: ann.id,
    title: `Annual inspection: 2 devices, Acme ${model}`,
    assetIds: [ids[0], ids[1]],
    due: Date.UTC(2026, 11, 3) - 1,
  })
  const log = (await readLogs(database.current.db, [order!.id])).get(order!.id)
  expect(log?.map(({ what }) => what)).toEqual([
    'Opened for maintenance that is due, assigned to Ann',
  ])
})

test('it closes when the maintenance of its last device is written down, and comes again a year later', async () => {
  const { ids } = await addPumps(2)
  const plans = [await schedule(ids[0]!, '2026-11-30'), await schedule(ids[1]!, '2026-11-30')]
  await run()
  await recorded(ids[0]!, plans[0]!, '2026-11-26')
  await run(NOW + 60_000)
  expect(await ordersOf(ids)).toMatchObject([{ state: 'ready' }])
  await recorded(ids[1]!, plans[1]!, '2026-11-26')
  await run(NOW + 120_000)
  await run(NOW + 180_000)
  const [order] = await ordersOf(ids)
  expect(order).toMatchObject({ state: 'closed' })
  expect(order?.verification?.reason).toContain('for 2 devices, the last by Jo Diaz on 2026-11-26')
  await run(Date.UTC(2027, 10, 20))
  expect((await ordersOf(ids)).map(({ state }) => state)).toEqual(['closed', 'ready'])
})

test('nobody authorised: it waits, and says so', async () => {
  const { ids } = await addPumps(1)
  await schedule(ids[0]!, '2026-11-30')
  await run()
  const [order] = await ordersOf(ids)
  expect(order).toMatchObject({ state: 'ready', technicianId: undefined })
  const log = (await readLogs(database.current.db, [order!.id])).get(order!.id)
  expect(log?.[0]?.reason).toContain('Nobody is authorised')
})

test('a retired device gets none; one that is retired later ends its order, and it comes back with the device', async () => {
  const { ids } = await addPumps(2)
  const state = (at: number, to: string) =>
    database.current.db
      .updateTable('assets')
      .set({ state: to })
      .where('id', '=', ids[at]!)
      .execute()
  await state(0, 'retired')
  for (const id of ids) await schedule(id, '2026-11-30')
  await run()
  expect((await ordersOf(ids)).map(({ assetIds }) => assetIds)).toEqual([[ids[1]]])
  await state(1, 'disposed')
  await run()
  expect((await ordersOf(ids)).map((one) => one.state)).toEqual(['cancelled'])
  await state(1, 'active')
  await run()
  expect((await ordersOf(ids)).map((one) => one.state)).toEqual(['cancelled', 'ready'])
})

test('an alternate schedule takes over, and an ended schedule ends its work', async () => {
  const { ids } = await addPumps(1)
  await schedule(ids[0]!, '2026-11-30')
  await run()
  const more = { program: 'alternate', justification: 'no failures' }
  const plan = await schedule(ids[0]!, '2026-12-03', more)
  await run()
  expect((await ordersOf(ids)).map((one) => [one.state, one.due])).toEqual([
    ['cancelled', Date.UTC(2026, 11, 1) - 1],
    ['ready', Date.UTC(2026, 11, 4) - 1],
  ])
  await database.current.db
    .transaction()
    .execute((trx) => endEntry(trx, { id: ids[0]!, site_id: 'main' }, plan, NOW))
  await run()
  // The maker's schedule counts again, for the date whose work had lapsed.
  expect((await ordersOf(ids)).map((one) => one.state)).toEqual(['cancelled', 'cancelled', 'ready'])
})

test('who joins later joins the order that nobody has begun, up to a round', async () => {
  const { ids } = await addPumps(4)
  await set({ mostDevices: 2 })
  await schedule(ids[0]!, '2026-12-02')
  await run()
  for (const id of ids.slice(1)) await schedule(id, '2026-12-01')
  await run()
  expect((await ordersOf(ids)).map(({ assetIds }) => assetIds.length)).toEqual([2, 2])
  expect((await ordersOf(ids))[0]?.due).toBe(Date.UTC(2026, 11, 2) - 1)
  await set({})
})

test('a cancelled order is not made again for the same date; a closed one writes the maintenance down', async () => {
  const { ids, model } = await addPumps(2)
  const tech = await addTestTechnician(database.current.db, 'Bo', model)
  const plan = await schedule(ids[0]!, '2026-11-30')
  await run()
  const [order] = await ordersOf(ids)
  const done = complete(start(order!, tech.id, NOW), tech.id, 'Inspected', NOW + DAY)
  const closed = close(
    { ...done, state: 'not-observable' },
    { by: 'Mel', reason: 'Saw the label' },
    NOW,
  )
  await database.current.db.transaction().execute(async (trx) => {
    await saveWorkOrder(trx, closed)
    await endByHand(trx, closed, { by: 'Bo', username: 'mel', now: NOW + DAY })
  })
  const records = await database.current.db
    .selectFrom('maintenance_records')
    .selectAll()
    .where('schedule_id', '=', plan)
    .execute()
  expect(records).toMatchObject([{ asset_id: ids[0], date: '2026-11-27', by_name: 'Bo' }])
  await schedule(ids[1]!, '2026-12-04')
  await run()
  const second = (await ordersOf(ids))[1]!
  await database.current.db.transaction().execute(async (trx) => {
    await saveWorkOrder(trx, { ...second, state: 'cancelled' })
    await endByHand(
      trx,
      { ...second, state: 'cancelled' },
      { by: 'Mel', username: 'mel', now: NOW },
    )
  })
  await run()
  expect((await ordersOf(ids)).map(({ state }) => state)).toEqual(['closed', 'cancelled'])
})

test('dates of records count on request, and a schedule of our own stands over them', async () => {
  const { ids } = await addPumps(3)
  const tell = (asset: string, key: string, nextPm: string) =>
    database.current.db
      .transaction()
      .execute((trx) =>
        saveRecords(trx, { siteId: 'main', source: 'cmms', importId: undefined, now: NOW }, [
          { nativeKey: key, assetId: asset, body: { tag: key, nextPm } },
        ]),
      )
  await tell(ids[0]!, `${ids[0]}`, '2026-12-01')
  await tell(ids[1]!, `${ids[1]}`, '2025-12-01')
  await tell(ids[2]!, `${ids[2]}`, '2026-12-01')
  await schedule(ids[2]!, '2027-06-01')
  await run()
  expect(await ordersOf(ids)).toEqual([])
  await set({ withRecords: true })
  await run()
  expect((await ordersOf(ids)).map(({ assetIds }) => assetIds)).toEqual([[ids[0]]])
  await tell(ids[0]!, `${ids[0]}`, '2027-12-01')
  await run()
  expect(await ordersOf(ids)).toMatchObject([
    {
      state: 'closed',
      verification: { reason: expect.stringContaining('for 1 device, the last in cmms.') },
    },
  ])
  // The backlog is let in by moving the day back.
  await set({ withRecords: true, since: '2025-01-01' })
  await run()
  expect((await ordersOf(ids)).map(({ assetIds }) => assetIds)).toEqual([[ids[0]], [ids[1]]])
  await set({})
})

test('switched off nothing is opened, and what is open still ends', async () => {
  const { ids } = await addPumps(2)
  const plan = await schedule(ids[0]!, '2026-11-30')
  await run()
  await set({ isOn: false })
  await schedule(ids[1]!, '2026-11-30')
  await recorded(ids[0]!, plan, '2026-11-26')
  await run()
  expect((await ordersOf(ids)).map(({ state }) => state)).toEqual(['closed'])
  await set({})
})

test('a merge takes the work along, and an undo brings it back', async () => {
  const { ids } = await addPumps(2)
  await schedule(ids[0]!, '2026-11-30')
  await run()
  const { db } = database.current
  const lines = () =>
    db
      .selectFrom('maintenance_work')
      .select(['asset_id', 'outcome'])
      .where('asset_id', 'in', ids)
      .execute()
  const mergeId = await db
    .transaction()
    .execute((trx) =>
      mergeByHand(trx, 'main', { from: ids[0]!, into: ids[1]! }, { by: 'ann', reason: 'one' }, NOW),
    )
  await run()
  expect(await lines()).toEqual([{ asset_id: ids[1], outcome: null }])
  expect(await ordersOf(ids)).toMatchObject([{ state: 'ready', assetIds: [ids[1]] }])
  const merge = await findMerge(db, mergeId)
  await db.transaction().execute((trx) => undoMerge(trx, merge!, { by: 'ann', reason: 'two' }, NOW))
  await run()
  expect(await lines()).toEqual([{ asset_id: ids[0], outcome: null }])
})
