import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveObservations } from '../../store/observations.ts'
import { saveFlows } from '../../store/flows.ts'
import { ensureSite } from '../../store/sites.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets, addFinding, SEEN } from '../../testing/hospital.ts'
import { countAgain } from '../../store/assets.ts'

const database = useDatabase()
const HOUR = 3_600_000
let api: TestApi
let manager: TestUser
let viewer: TestUser
let pump: string
let server: string
let printer: string

interface Place {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly devices: number
}

beforeAll(async () => {
  const { db } = database.current
  api = await testApi(database.current)
  manager = await api.as(['manager'])
  viewer = await api.as(['viewer'])
  await ensureSite(db, { id: 'main', name: 'Hospital', timeZone: 'Europe/Berlin' })
  ;[pump = '', server = '', printer = ''] = await addAssets(db, [
    { name: 'pump', type: 'infusion-pump', ip: '10.0.1.5', mac: '00:1b:44:00:00:01' },
    { name: 'server', type: 'infusion-server', ip: '10.0.2.9' },
    { name: 'printer', siteId: 'other', ip: '10.0.1.6' },
  ])
})
afterAll(() => api.close())

const placesOf = async (user = manager) =>
  ((await user.get('/api/locations')).body as { items: readonly Place[] }).items
const idOf = async (name: string) => (await placesOf()).find((one) => one.name === name)?.id ?? ''

test('places come from a file: what is bad says why, what is good is kept', async () => {
  const csv = [
    'Building;Floor;Ward;Room;Service line',
    'North;4;ICU;412;Critical care',
    'North;4;ICU;413;',
    ';4;ICU;414;',
    'South;;;;',
  ].join('\r\n')
  const expected = { added: 6, known: 0, errors: [{ row: 4 }] }
  const dry = await manager.post('/api/locations/import', { csv, isDryRun: true })
  expect(dry).toMatchObject({ status: 200, body: expected })
  expect((dry.body as { examples: string[] }).examples).toContain('North > 4 > ICU > 412')
  expect(await placesOf()).toEqual([])
  expect((await viewer.post('/api/locations/import', { csv, isDryRun: false })).status).toBe(403)
  expect(await manager.post('/api/locations/import', { csv, isDryRun: false })).toMatchObject({
    body: expected,
  })
  expect(await manager.post('/api/locations/import', { csv, isDryRun: false })).toMatchObject({
    body: { added: 0, known: 3 },
  })
  expect(
    await manager.post('/api/locations/import', { csv: 'a,b\n1,2', isDryRun: true }),
  ).toMatchObject({ status: 400, body: { reasons: [expect.stringContaining('"building"')] } })
})

test('a device put into a room says where it is, and follows when the place is renamed or moved', async () => {
  const room = await idOf('412')
  const reason = 'walked there'
  const put = await manager.post(`/api/locations/${room}/assets`, { assetIds: [pump], reason })
  expect(put).toMatchObject({ status: 200, body: { placed: 1 } })
  const where = async () => (await viewer.get(`/api/assets/${pump}`)).body
  expect(await where()).toMatchObject({ unit: 'ICU', room: '412' })
  const icu = await idOf('ICU')
  await manager.patch(`/api/locations/${icu}`, { name: 'Intensive care', reason: 'new name' })
  expect(await where()).toMatchObject({ unit: 'Intensive care', room: '412' })
  const move = { parentId: await idOf('South'), reason: 'moved house' }
  await manager.patch(`/api/locations/${room}`, move)
  expect(await where()).toMatchObject({ unit: 'South', room: '412' })
  await manager.patch(`/api/locations/${room}`, { parentId: icu, reason: 'back again' })
  const history = (await viewer.get(`/api/assets/${pump}/history?field=unit`)).body
  expect(history).toMatchObject({ items: [{ reason: 'back again' }, {}, {}, {}] })

  const protect = (isProtected: boolean) =>
    manager.put('/api/protected-fields/room', { isProtected, reason: 'as agreed' })
  expect((await protect(true)).status).toBe(200)
  const other = await idOf('413')
  expect(
    await manager.post(`/api/locations/${other}/assets`, { assetIds: [pump], reason }),
  ).toMatchObject({ status: 409 })
  expect(await where()).toMatchObject({ unit: 'Intensive care', room: '412' })
  const rename = { name: '412 A', reason: 'a wall went' }
  expect(await manager.patch(`/api/locations/${room}`, rename)).toMatchObject({
    status: 409,
    body: { code: 'field-protected' },
  })
  const line = { serviceLine: 'Cardiology', reason: 'no device is named by it' }
  expect((await manager.patch(`/api/locations/${room}`, line)).status).toBe(200)
  expect((await protect(false)).status).toBe(200)
  expect((await manager.patch(`/api/locations/${room}`, rename)).status).toBe(409)
  const second = await api.as(['manager'])
  await second.put('/api/protected-fields/room', { isProtected: false, reason: 'as agreed' })

  const bad = { assetIds: [printer], reason }
  expect((await manager.post(`/api/locations/${room}/assets`, bad)).status).toBe(404)
  const circle = { parentId: room, reason: 'into itself' }
  expect(await manager.patch(`/api/locations/${icu}`, circle)).toMatchObject({ status: 409 })
  expect(await manager.post(`/api/locations/${room}/end`, { reason: 'gone' })).toMatchObject({
    status: 409,
    body: { code: 'place-not-empty' },
  })
  expect(
    (await manager.post(`/api/locations/${await idOf('413')}/end`, { reason: 'gone' })).status,
  ).toBe(200)
  expect((await placesOf()).map(({ name }) => name)).not.toContain('413')
  const elsewhere = await api.as(['manager'], { sites: ['other'] })
  expect(await placesOf(elsewhere)).toEqual([])
  expect(
    (await elsewhere.patch(`/api/locations/${icu}`, { name: 'x', reason: 'mine' })).status,
  ).toBe(404)
})

test('a plan is an image and nothing else, and carries the marks of devices', async () => {
  const floor = await idOf('4')
  const png = Buffer.from(
    `89504e470d0a1a0a0000000d49484452000004b0000003200802000000${'00'.repeat(8)}`,
    'hex',
  )
  const svg = Buffer.from('<svg onload="alert(1)"/>')
  expect(await manager.upload(`/api/locations/${floor}/plan`, 'plan.png', svg)).toMatchObject({
    status: 415,
    body: { code: 'not-an-image' },
  })
  expect((await viewer.upload(`/api/locations/${floor}/plan`, 'plan.png', png)).status).toBe(403)
  const big = Buffer.concat([png, Buffer.alloc(10_000_000)])
  expect((await manager.upload(`/api/locations/${floor}/plan`, 'plan.png', big)).status).toBe(413)
  const added = await manager.upload(`/api/locations/${floor}/plan`, '../../etc/plan.png', png)
  expect(added).toMatchObject({ status: 200, body: { width: 1200, height: 800 } })
  const { planId } = added.body as { planId: string }
  const image = await viewer.get(`/api/floor-plans/${planId}/image`)
  expect(image).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } })
  expect(image.headers['x-content-type-options']).toBe('nosniff')

  const mark = (id: string, position?: object) =>
    manager.put(`/api/floor-plans/${planId}/marks/${id}`, { position })
  expect((await mark(pump, { x: 0.25, y: 1.5 })).status).toBe(400)
  expect(await mark(server, { x: 0.5, y: 0.5 })).toMatchObject({
    status: 409,
    body: { code: 'not-on-this-plan' },
  })
  expect((await mark(pump, { x: 0.25, y: 0.75 })).status).toBe(204)
  await addFinding(database.current.db, pump, { severity: 'high' })
  await countAgain(database.current.db, [pump])
  expect((await viewer.get(`/api/locations/${floor}/devices`)).body).toMatchObject({
    plan: { id: planId, name: 'plan.png' },
    items: [{ id: pump, x: 0.25, y: 0.75, severity: 'high' }],
  })
  // A new plan of the same floor keeps the marks; another building does not.
  const next = Buffer.concat([png, Buffer.from([1])])
  await manager.upload(`/api/locations/${floor}/plan`, 'plan-2.png', next)
  expect((await viewer.get(`/api/locations/${floor}/devices`)).body).toMatchObject({
    plan: { name: 'plan-2.png' },
    items: [{ x: 0.25 }],
  })
  const away = { assetIds: [pump], reason: 'lent' }
  await manager.post(`/api/locations/${await idOf('South')}/assets`, away)
  await manager.post(`/api/locations/${await idOf('412')}/assets`, away)
  const { items } = (await viewer.get(`/api/locations/${floor}/devices`)).body as {
    items: readonly object[]
  }
  expect(items[0]).not.toHaveProperty('x')
})

test('the network map says who talks to whom; use says when, and where nobody looked', async () => {
  const { db } = database.current
  const hour = Date.UTC(2026, 5, 1, 6)
  await db
    .insertInto('sensors')
    .values({
      id: 's',
      site_id: 'main',
      kind: 'capture',
      name: 's',
      state: 'finished',
      reported_at: new Date(SEEN).toISOString(),
      first_frame: new Date(hour).toISOString(),
      last_frame: new Date(hour + 2 * HOUR - 1).toISOString(),
    })
    .execute()
  const flow = {
    siteId: 'main',
    sensor: 's',
    hour,
    client: { ip: '10.0.1.5', assetId: pump },
    server: { ip: '10.0.2.9', assetId: server },
    transport: 'tcp',
    port: 443,
    protocol: 'tls',
    first: hour,
    last: hour + 1,
    sessions: 2,
    packets: [1, 1],
    bytes: [10, 20],
    evidence: {},
  } as const
  await db.transaction().execute((trx) => saveFlows(trx, 'main', [flow]))
  const tagged = (value: string) => ({
    fact: {
      subject: { mac: '00:1b:44:00:00:01' },
      field: 'mac.vlan',
      value,
      sensor: 's',
      first: hour,
      last: hour,
      count: 1,
      evidence: {},
    },
    assetId: pump,
  })
  await db
    .transaction()
    .execute((trx) => saveObservations(trx, 'main', [tagged('20'), tagged('10.20')]))
  const map = (await viewer.get('/api/network-map')).body
  expect(map).toMatchObject({
    edges: [{ from: pump, to: server, sessions: 2, bytes: 30, protocols: ['tls'] }],
    isCut: false,
  })
  expect((map as { nodes: { id: string; segment: string }[] }).nodes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        id: pump,
        segment: '10.0.1.0/24',
        severity: 'high',
        vlans: ['10.20', '20'],
      }),
      expect.objectContaining({ id: server, vlans: [] }),
    ]),
  )
  const local = await api.as(['viewer'], { sites: ['other'] })
  expect((await local.get('/api/network-map')).body).toMatchObject({
    nodes: [{ id: printer }],
    edges: [],
  })
  const use = (await viewer.get(`/api/assets/${pump}/use`)).body as {
    cells: readonly object[]
  }
  // Monday, 6 o'clock in UTC is 8 in Berlin in June.
  expect(use.cells[8]).toMatchObject({ looked: 1, active: 1, bytes: 30 })
  expect(use.cells[9]).toMatchObject({ looked: 1, active: 0 })
  expect(use.cells[10]).toMatchObject({ looked: 0 })
  expect((await viewer.get(`/api/assets/${pump}/controls`)).body).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({ code: 'encryption', state: 'works' }),
      expect.objectContaining({ code: 'no-internet', state: 'unknown' }),
    ]),
  })
  expect((await local.get(`/api/assets/${pump}/use`)).status).toBe(404)
})
