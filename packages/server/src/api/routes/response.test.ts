import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyAudit } from '../../store/audit.ts'
import { testApi, type TestApi } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets, addAttack, addFinding, addTestTechnician } from '../../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let pump: string
let attacker: string

beforeAll(async () => {
  api = await testApi(database.current)
  const assets = await addAssets(database.current.db, [
    { name: 'pump-1', manufacturer: 'Acme', model: 'Drip 9', type: 'infusion-pump' },
    { name: 'laptop-x' },
  ])
  pump = assets[0]!
  attacker = assets[1]!
})
afterAll(() => api.close())

test('work goes only to a technician who is authorised, and is closed only with the network or a word', async () => {
  const { db } = database.current
  const { orderId } = await addAttack(db, attacker, pump)
  const right = await addTestTechnician(db, 'Ann', 'Drip 9')
  const wrong = await addTestTechnician(db, 'Bob', 'Scanner 3')
  const expired = await addTestTechnician(db, 'Cem', 'Drip 9', '2024-01-31')
  const manager = await api.as(['manager'])
  const ann = await api.as(['technician'], { technicianId: right.id })
  const bob = await api.as(['technician'], { technicianId: wrong.id })
  expect((await manager.get('/api/overview')).body).toMatchObject({
    attention: expect.arrayContaining([
      expect.objectContaining({ code: 'incidents-new', title: 'Incident that nobody has taken' }),
    ]),
    sensors: { total: 0, fresh: 0, captures: 0 },
  })
  const url = `/api/work-orders/${orderId}`
  const assign = (technicianId: string) => manager.post(`${url}/assign`, { technicianId })

  expect((await manager.get(`${url}/candidates`)).body).toMatchObject({
    items: [
      { name: 'Ann', reasons: [], openWorkOrders: 0 },
      { name: 'Bob', reasons: [expect.stringContaining('Bob')] },
      { name: 'Cem', reasons: [expect.stringContaining('2024-01-31')] },
    ],
  })
  for (const { id } of [wrong, expired]) {
    expect(await assign(id)).toMatchObject({
      status: 409,
      body: {
        code: 'technician-not-authorised',
        reasons: [expect.any(String), expect.any(String)],
      },
    })
  }
  expect(await ann.post(`${url}/assign`, { technicianId: right.id })).toMatchObject({ status: 403 })
  expect(await assign(right.id)).toMatchObject({
    status: 200,
    body: {
      state: 'assigned',
      technician: { name: 'Ann' },
      expectation: expect.stringContaining('laptop-x'),
    },
  })
  expect((await bob.post(`${url}/work`, { move: 'start' })).status).toBe(409)
  expect((await ann.post(`${url}/work`, { move: 'start' })).body).toMatchObject({
    state: 'in-progress',
  })
  expect((await ann.post(`${url}/work`, { move: 'done', resolution: 'ok' })).status).toBe(400)
  const done = await ann.post(`${url}/work`, { move: 'done', resolution: 'Cable pulled' })
  expect(done.body).toMatchObject({ state: 'done', resolution: 'Cable pulled' })
  expect(await db.selectFrom('outbox').select('subject').execute()).toEqual([
    { subject: 'work-order.done' },
  ])

  const close = (reason?: string) =>
    manager.post(`${url}/move`, { move: 'close', ...(reason && { reason }) })
  expect((await close('I say so')).body).toMatchObject({ code: 'work-order-not-verified' })
  await db
    .updateTable('work_orders')
    .set({ state: 'not-observable' })
    .where('id', '=', orderId)
    .execute()
  expect((await close()).body).toMatchObject({ code: 'work-order-unobservable' })
  expect((await close('Seen with my own eyes')).body).toMatchObject({
    state: 'closed',
    log: expect.arrayContaining([
      expect.objectContaining({ what: 'Closed', by: manager.username }),
    ]),
  })
  expect((await manager.get('/api/work-orders?state=closed&state=ready')).body).toMatchObject({
    total: 1,
  })
})

test('an authorization that ran out after the assignment keeps the work from being started', async () => {
  const { db } = database.current
  const finding = await addFinding(db, pump)
  const manager = await api.as(['manager'])
  const opened = await manager.post(`/api/findings/${finding}/work-order`)
  const { id } = opened.body as { id: string }
  expect(opened.body).toMatchObject({ state: 'ready', kind: 'patch' })
  expect((await manager.post(`/api/findings/${finding}/work-order`)).body).toMatchObject({
    code: 'finding-not-open',
  })
  const dora = await addTestTechnician(db, 'Dora', 'Drip 9')
  expect(
    (await manager.post(`/api/work-orders/${id}/assign`, { technicianId: dora.id })).status,
  ).toBe(200)
  await db
    .updateTable('authorizations')
    .set({ until_date: '2024-01-31' })
    .where('technician_id', '=', dora.id)
    .execute()
  const user = await api.as(['technician'], { technicianId: dora.id })
  expect((await user.post(`/api/work-orders/${id}/work`, { move: 'start' })).body).toMatchObject({
    code: 'technician-not-authorised',
  })
  // Cancelled work leaves the finding open.
  expect(
    (await manager.post(`/api/work-orders/${id}/move`, { move: 'cancel', reason: 'wrong device' }))
      .body,
  ).toMatchObject({
    state: 'cancelled',
  })
  expect((await manager.get(`/api/findings/${finding}`)).body).toMatchObject({ state: 'open' })
})

test('who proposes to accept a risk cannot approve it', async () => {
  const finding = await addFinding(database.current.db, pump, {
    subject: 'TEST-26-002',
    severity: 'critical',
  })
  const url = `/api/findings/${finding}`
  const manager = await api.as(['manager'])
  const other = await api.as(['manager'])
  expect((await manager.post(`${url}/approve`)).body).toMatchObject({ code: 'nothing-proposed' })
  const proposal = { decision: 'accept', reason: 'Replaced in March', until: '2099-03-31' }
  expect((await manager.post(`${url}/decision`, proposal)).body).toMatchObject({
    state: 'open',
    decision: { by: manager.username, reason: 'Replaced in March' },
  })
  expect(await manager.post(`${url}/approve`)).toMatchObject({
    status: 409,
    body: { code: 'approver-is-author' },
  })
  expect((await other.post(`${url}/approve`)).body).toMatchObject({
    state: 'accepted',
    decision: { by: manager.username, approvedBy: other.username, until: '2099-03-31' },
  })
  expect((await manager.post(`${url}/decision`, proposal)).body).toMatchObject({
    code: 'finding-not-open',
  })
  const page = await manager.get(`/api/findings?state=accepted&severity=critical&q=test-26-002`)
  expect(page.body).toMatchObject({ total: 1, items: [{ asset: 'pump-1' }] })
  expect((await manager.get('/api/findings/by-remedy')).status).toBe(200)
})

test('an incident goes through its moves in order, with dossier, timeline and log', async () => {
  const { id: incidentId } = await database.current.db
    .selectFrom('incidents')
    .select('id')
    .executeTakeFirstOrThrow()
  const analyst = await api.as(['analyst'])
  const move = (name: string, note?: string) =>
    analyst.post(`/api/incidents/${incidentId}/move`, { move: name, ...(note && { note }) })
  expect((await move('contain')).body).toMatchObject({ code: 'incident-not-acknowledged' })
  for (const [name, state] of [
    ['acknowledge', 'acknowledged'],
    ['contain', 'contained'],
    ['resolve', 'resolved'],
    ['review', 'reviewed'],
  ]) {
    expect((await move(name!, 'a note')).body).toMatchObject({
      state,
      timeline: [{ detector: 'scan' }],
      log: expect.arrayContaining([
        expect.objectContaining({ what: `Is now ${state}`, reason: 'a note' }),
      ]),
    })
  }
  expect((await analyst.get('/api/incidents?state=reviewed')).body).toMatchObject({ total: 1 })
})

test('a detection is learned, muted or closed, once', async () => {
  const row = await database.current.db
    .selectFrom('detections')
    .select('id')
    .executeTakeFirstOrThrow()
  const analyst = await api.as(['analyst'])
  const url = `/api/detections/${row.id}/decision`
  expect(
    (await analyst.post(url, { verb: 'mute', reason: 'test', until: 'tomorrow' })).status,
  ).toBe(400)
  expect(
    (await analyst.post(url, { verb: 'mute', reason: 'a test', until: '2099-01-01' })).body,
  ).toMatchObject({
    state: 'muted',
  })
  expect((await analyst.post(url, { verb: 'learn', reason: 'it is normal' })).body).toMatchObject({
    state: 'explained',
  })
  expect((await analyst.post(url, { verb: 'close', reason: 'again' })).body).toMatchObject({
    code: 'detection-decided',
  })
})

test('accounts, technicians and the audit chain', async () => {
  const admin = await api.as(['admin'])
  const body = { username: 'eva', name: 'Eva', roles: ['technician'] }
  const added = await admin.post('/api/users', body)
  expect(added.body).toMatchObject({
    user: { username: 'eva', sites: ['*'] },
    oneTimePassword: expect.any(String),
  })
  expect(await admin.post('/api/users', body)).toMatchObject({
    status: 409,
    body: { code: 'username-taken' },
  })
  const manager = await api.as(['manager'])
  const technician = { name: 'Eva', employer: 'Clinic', username: 'eva', authorizations: [] }
  expect((await manager.post('/api/technicians', technician)).body).toMatchObject({
    username: 'eva',
  })
  expect((await manager.post('/api/technicians', technician)).status).toBe(400)
  const { body: users } = await admin.get('/api/users')
  expect(JSON.stringify(users)).not.toContain('argon2')
  const check = await verifyAudit(database.current.db)
  expect(check.broken).toBeUndefined()
  expect(check.entries).toBeGreaterThan(10)
})
