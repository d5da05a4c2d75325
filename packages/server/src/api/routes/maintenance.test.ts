import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMaintenance } from '../../stages/open-maintenance.ts'
import { ensureSite } from '../../store/sites.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { testContent } from '../../testing/content.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets, addTestTechnician } from '../../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let manager: TestUser
let technician: TestUser
let pumps: readonly string[]

beforeAll(async () => {
  const { db } = database.current
  await ensureSite(db, { id: 'main', name: 'Hospital' })
  api = await testApi(database.current)
  api.now = Date.UTC(2026, 10, 26, 12)
  manager = await api.as(['manager'])
  const ann = await addTestTechnician(db, 'Ann', 'Drip 9')
  technician = await api.as(['technician'], { technicianId: ann.id })
  const pump = (name: string) => ({ name, manufacturer: 'Acme', model: 'Drip 9' })
  pumps = await addAssets(db, ['one', 'two', 'three'].map(pump))
})
afterAll(() => api.close())

const clock = async () =>
  openMaintenance({ db: database.current.db, content: await testContent() }, api.now)
const schedule = async (pump: string, starts: string): Promise<string> => {
  const body = {
    name: 'Inspection',
    program: 'manufacturer',
    every: 1,
    unit: 'year',
    starts,
    basis: 'done',
  }
  const made = await manager.post(`/api/assets/${pump}/dossier`, { kind: 'schedule', body })
  return (made.body as { schedules: { id: string }[] }).schedules[0]!.id
}
const SETTINGS = {
  isOn: true,
  leadDays: 14,
  mostDevices: 20,
  withRecords: false,
  since: '2026-11-26',
}

test('it says what would become work, and leaves out what was overdue before', async () => {
  await schedule(pumps[0]!, '2026-12-01')
  await schedule(pumps[1]!, '2026-12-03')
  await schedule(pumps[2]!, '2020-01-01')
  expect((await technician.get('/api/maintenance')).body).toEqual({
    settings: SETTINGS,
    open: { orders: 0, devices: 0 },
    forecast: {
      orders: 1,
      devices: 2,
      backlog: 1,
      unauthorised: 0,
      isCut: false,
      items: [{ title: 'Inspection: 2 devices, Acme Drip 9', devices: 2, due: '2026-12-01' }],
    },
  })
  const earlier = { ...SETTINGS, since: '2020-01-01', mostDevices: 1 }
  expect((await technician.post('/api/maintenance/preview', earlier)).body).toMatchObject({
    orders: 3,
    devices: 3,
    backlog: 0,
  })
  const off = { ...SETTINGS, isOn: false }
  expect((await technician.post('/api/maintenance/preview', off)).body).toMatchObject({ orders: 0 })
  const { rows } = await database.current.pool.query('select from work_orders')
  expect(rows).toEqual([])
})

test('only who runs the board changes it, and it says who did', async () => {
  const body = { settings: { ...SETTINGS, leadDays: 7 }, reason: 'A week is enough' }
  expect((await technician.put('/api/maintenance', body)).status).toBe(403)
  expect((await manager.put('/api/maintenance', body)).status).toBe(200)
  expect((await manager.get('/api/maintenance')).body).toMatchObject({
    settings: { leadDays: 7 },
    from: { by: manager.username, reason: 'A week is enough' },
  })
  const wrong = { ...body, settings: { ...SETTINGS, leadDays: -1 } }
  expect((await manager.put('/api/maintenance', wrong)).status).toBe(400)
  const { rows } = await database.current.pool.query(
    `select body::json as body from audit_entries where action = 'maintenance.settings-changed'`,
  )
  expect(rows).toMatchObject([{ body: { before: { leadDays: 14 }, after: { leadDays: 7 } } }])
})

test('device and order show it, and writing the maintenance down ends it at once', async () => {
  await clock()
  const read = async () =>
    (await technician.get(`/api/assets/${pumps[0]}/dossier`)).body as {
      schedules: { id: string; workOrder?: { id: string; number: number; state: string } }[]
    }
  const [plan] = (await read()).schedules
  expect(plan?.workOrder).toMatchObject({ state: 'assigned' })
  const order = async () => (await technician.get(`/api/work-orders/${plan?.workOrder?.id}`)).body
  expect(await order()).toMatchObject({
    technician: { name: 'Ann' },
    maintenance: [
      { device: { id: pumps[0], label: 'one' }, name: 'Inspection', due: '2026-12-01' },
      { device: { id: pumps[1], label: 'two' }, due: '2026-12-03' },
    ],
  })
  for (const pump of pumps.slice(0, 2)) {
    const dossier = (await technician.get(`/api/assets/${pump}/dossier`)).body as {
      schedules: { id: string }[]
    }
    const body = {
      date: '2026-11-26',
      by: 'Ann',
      what: 'Inspected',
      scheduleId: dossier.schedules[0]!.id,
    }
    expect((await technician.post(`/api/assets/${pump}/maintenance`, body)).status).toBe(200)
  }
  expect(await order()).toMatchObject({
    state: 'closed',
    maintenance: [{ outcome: 'recorded' }, { outcome: 'recorded' }],
  })
  expect((await read()).schedules[0]?.workOrder).toBeUndefined()
})

test('an order closed by hand writes down the maintenance of its devices', async () => {
  const [scale = ''] = await addAssets(database.current.db, [
    { name: 'scale', manufacturer: 'Acme', model: 'Drip 9' },
  ])
  await schedule(scale, '2026-11-28')
  await clock()
  const list = (await technician.get(`/api/work-orders?assetId=${scale}`)).body as {
    items: { id: string; number: number }[]
  }
  const { id, number } = list.items[0]!
  await technician.post(`/api/work-orders/${id}/work`, { move: 'start' })
  await technician.post(`/api/work-orders/${id}/work`, {
    move: 'done',
    resolution: 'Weighed 10 kg',
  })
  await database.current.pool.query(
    `update work_orders set state = 'not-observable' where id = '${id}'`,
  )
  const word = { move: 'close', reason: 'Saw the label' }
  expect((await manager.post(`/api/work-orders/${id}/move`, word)).status).toBe(200)
  expect((await technician.get(`/api/assets/${scale}/dossier`)).body).toMatchObject({
    schedules: [{ lastDone: '2026-11-26', next: '2027-11-26' }],
    maintenance: [{ by: 'Ann', what: `Inspection (work order ${number})` }],
  })
})
