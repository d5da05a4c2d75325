import { afterAll, beforeAll, expect, test } from 'vitest'
import { countAgain } from '../store/assets.ts'
import { verifyAudit } from '../store/audit.ts'
import { addUser } from '../store/users.ts'
import { testApi, type TestApi } from '../testing/api.ts'
import { useDatabase } from '../testing/database.ts'
import { addAssets, addAttack, addFinding, addTestTechnician } from '../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let pump: string
let attacker: string
let elsewhere: string

beforeAll(async () => {
  api = await testApi(database.current)
  const assets = await addAssets(database.current.db, [
    { name: 'pump-1', manufacturer: 'Acme', model: 'Drip 9', type: 'infusion-pump' },
    { name: 'laptop-x' },
    { name: 'pump-far', siteId: 'far', manufacturer: 'Acme', model: 'Drip 9' },
  ])
  pump = assets[0]!
  attacker = assets[1]!
  elsewhere = assets[2]!
})
afterAll(() => api.close())

const LISTS = [
  '/api/assets',
  '/api/findings',
  '/api/detections',
  '/api/incidents',
  '/api/work-orders',
  '/api/audit',
]

test.each(LISTS)('a forged cursor of %s is wrong input, not a failure', async (url) => {
  const user = await api.as(['compliance'])
  const sort = { '/api/assets': 'lastSeen', '/api/audit': '-time' }[url] ?? '-severity'
  const name = url === '/api/detections' || url === '/api/incidents' ? '-severity' : sort
  const key = url === '/api/work-orders' ? '-opened' : name
  for (const [value, id] of [
    ['nonsense', '018f0000-0000-7000-8000-000000000000'],
    ['1', 'no-id'],
    ['\0', '018f0000-0000-7000-8000-000000000000'],
    ["1'; drop table assets; --", "x' or true"],
    ['99999999999999999999999', '99999999999999999999'],
  ]) {
    const cursor = Buffer.from(JSON.stringify([key, value, id])).toString('base64url')
    const answer = await user.get(`${url}?sort=${key}&cursor=${cursor}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-input' } })
  }
})

test('text that no database holds is wrong input, wherever it stands', async () => {
  const analyst = await api.as(['analyst', 'admin'])
  for (const url of [
    '/api/assets?q=%00',
    '/api/search?q=a%00b',
    '/api/findings?subject=%00',
    '/api/assets?unit=%00',
  ]) {
    expect(await analyst.get(url)).toMatchObject({ status: 400, body: { code: 'invalid-input' } })
  }
  for (const room of ['a\0b', 'half \ud800 of a pair']) {
    const answer = await analyst.patch(`/api/assets/${pump}`, { room, reason: 'because' })
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-input' } })
  }
  await analyst.patch(`/api/assets/${pump}`, { room: '7', reason: 'half \ud800 of a pair' })
  expect((await verifyAudit(database.current.db)).broken).toBeUndefined()
})

test.each([
  ['POST', '/api/nowhere', 404],
  ['GET', '/%E0%A4%A', 400],
  ['GET', '/api/%E0%A4%A', 400],
  ['DELETE', '/', 404],
])('%s %s answers %i in the one shape of errors', async (method, url, status) => {
  const reply = await api.app.inject({ method: method as 'GET', url })
  expect(reply.statusCode).toBe(status)
  expect(reply.json()).toMatchObject({ status, code: expect.any(String) })
})

test.each(['['.repeat(400_000), '{"a":'.repeat(100_000), '{"__proto__":{"x":1}}', '{', 'null', ''])(
  'a body that is no body (%#) is wrong input',
  async (payload) => {
    const reply = await api.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'content-type': 'application/json' },
      payload,
    })
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toMatchObject({ code: 'invalid-input' })
  },
)

test('answers of the API are kept by nobody on the way', async () => {
  const user = await api.as(['viewer'])
  expect((await user.get('/api/assets')).headers['cache-control']).toBe('no-store')
})

test('many guesses at once are slowed down like many one after the other', async () => {
  const codes = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const payload = { username: 'at-once', password: 'wrong' }
      const reply = await api.app.inject({ method: 'POST', url: '/api/session', payload })
      return reply.json().code as string
    }),
  )
  expect(codes.filter((code) => code === 'wrong-credentials')).toHaveLength(5)
})

test('who administers one site makes no account for another, and sees none', async () => {
  const { db } = database.current
  const admin = await api.as(['admin'], { sites: ['far'] })
  const body = { username: 'mole', name: 'Mole', roles: ['manager'] }
  for (const sites of [['*'], ['main'], ['far', 'main'], []]) {
    const answer = await admin.post('/api/users', { ...body, sites })
    expect(answer.status, sites.join()).toBe(400)
  }
  const answer = await admin.post('/api/users', { ...body, sites: ['far'] })
  expect(answer.status).toBe(200)
  await db
    .transaction()
    .execute((trx) =>
      addUser(trx, { username: 'main-only', name: 'M', roles: ['viewer'], sites: ['main'] }),
    )
  const names = ((await admin.get('/api/users')).body as { items: { username: string }[] }).items
  expect(names.map(({ username }) => username)).toEqual([admin.username, 'mole'])
})

test('an account for a technician who is not there is wrong input', async () => {
  const admin = await api.as(['admin'])
  const technicianId = '018f0000-0000-7000-8000-000000000000'
  const body = { username: 'ghost', name: 'G', roles: ['technician'], technicianId }
  expect(await admin.post('/api/users', body)).toMatchObject({ status: 400 })
})

test('a manager of one site gives nobody leave for all sites, nor for another', async () => {
  const manager = await api.as(['manager'], { sites: ['far'] })
  const authorization = {
    manufacturer: '*',
    model: '*',
    type: '*',
    siteId: '*',
    level: 'service',
    from: '2020-01-01',
    until: '2099-01-01',
    proof: 'none',
  }
  for (const siteId of ['*', 'main']) {
    const authorizations = [{ ...authorization, siteId }]
    const answer = await manager.post('/api/technicians', {
      name: 'X',
      employer: 'Y',
      authorizations,
    })
    expect(answer.status, siteId).toBeGreaterThanOrEqual(400)
  }
  const upside = [{ ...authorization, siteId: 'far', from: '2030-01-01', until: '2020-01-01' }]
  expect(
    (await manager.post('/api/technicians', { name: 'X', employer: 'Y', authorizations: upside }))
      .status,
  ).toBe(400)
})

test('what belongs to another site is not there: lists, details, moves', async () => {
  const { db } = database.current
  const { orderId, incidentId, detectionId } = await addAttack(db, attacker, pump)
  const finding = await addFinding(db, pump, { subject: 'TEST-26-077' })
  const all = ['viewer', 'analyst', 'manager', 'admin', 'compliance', 'technician'] as const
  const user = await api.as(all, { sites: ['far'] })
  for (const url of [
    `/api/assets/${pump}`,
    `/api/assets/${pump}/observations`,
    `/api/assets/${pump}/conversations`,
    `/api/findings/${finding}`,
    `/api/incidents/${incidentId}`,
    `/api/work-orders/${orderId}`,
    `/api/work-orders/${orderId}/candidates`,
  ]) {
    expect((await user.get(url)).status, url).toBe(404)
  }
  const reason = 'a good one'
  for (const [url, body] of [
    [`/api/findings/${finding}/decision`, { decision: 'accept', reason }],
    [`/api/findings/${finding}/approve`, undefined],
    [`/api/findings/${finding}/work-order`, undefined],
    [`/api/incidents/${incidentId}/move`, { move: 'acknowledge' }],
    [`/api/detections/${detectionId}/decision`, { verb: 'close', reason }],
    [`/api/work-orders/${orderId}/move`, { move: 'cancel', reason }],
  ] as const) {
    expect((await user.post(url, body)).status, url).toBe(404)
  }
  for (const url of LISTS.filter((one) => one !== '/api/audit' && one !== '/api/assets')) {
    expect((await user.get(url)).body, url).toMatchObject({ total: 0 })
  }
  expect((await user.get('/api/assets')).body).toMatchObject({
    items: [{ id: elsewhere }],
    total: 1,
  })
  expect((await user.get('/api/search?q=pump')).body).toMatchObject({ items: [{ id: elsewhere }] })
  expect((await user.get('/api/overview')).body).toMatchObject({ assets: 1, openIncidents: 0 })
  expect((await user.get('/api/assets/facets')).body).toMatchObject({ total: 1 })
  const upload = await user.post('/api/captures')
  expect(upload.status).toBeGreaterThanOrEqual(400)
})

test('somebody without any site sees an empty system, not a failure', async () => {
  const nobody = await api.as(['viewer', 'admin', 'compliance'], { sites: [] })
  for (const url of [...LISTS, '/api/sensors', '/api/overview', '/api/technicians', '/api/users']) {
    expect((await nobody.get(url)).status, url).toBe(200)
  }
})

test('one finding gets one work order, however many ask at once', async () => {
  const finding = await addFinding(database.current.db, pump, { subject: 'TEST-26-078' })
  const analyst = await api.as(['analyst'])
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => analyst.post(`/api/findings/${finding}/work-order`)),
  )
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
    200, 409, 409, 409, 409, 409,
  ])
})

test('a detection is muted until a day to come', async () => {
  const { detectionId } = await addAttack(database.current.db, elsewhere, attacker)
  const analyst = await api.as(['analyst'])
  const mute = (until: string) =>
    analyst.post(`/api/detections/${detectionId}/decision`, {
      verb: 'mute',
      reason: 'noise',
      until,
    })
  expect(await mute('2020-01-01')).toMatchObject({ status: 400 })
})

test('work that the network contradicted can be given to somebody else', async () => {
  const { db } = database.current
  const { orderId } = await addAttack(db, pump, attacker)
  const first = await addTestTechnician(db, 'First', 'Drip 9')
  await db
    .updateTable('work_orders')
    .set({ state: 'contradicted', technician_id: first.id, asset_ids: [pump] })
    .where('id', '=', orderId)
    .execute()
  const second = await addTestTechnician(db, 'Second', 'Drip 9')
  const manager = await api.as(['manager'])
  const url = `/api/work-orders/${orderId}`
  expect((await manager.post(`${url}/assign`, { technicianId: second.id })).body).toMatchObject({
    state: 'assigned',
    technician: { name: 'Second' },
  })
})

test('work closed on a word leaves its finding open, and new work can be ordered for it', async () => {
  const { db } = database.current
  const finding = await addFinding(db, pump, { subject: 'TEST-26-079' })
  const manager = await api.as(['manager'])
  const order = () => manager.post(`/api/findings/${finding}/work-order`)
  const { id } = (await order()).body as { id: string }
  await db
    .updateTable('work_orders')
    .set({ state: 'not-observable' })
    .where('id', '=', id)
    .execute()
  const close = { move: 'close', reason: 'The firewall is set, I saw it' }
  expect((await manager.post(`/api/work-orders/${id}/move`, close)).body).toMatchObject({
    state: 'closed',
  })
  expect((await manager.get(`/api/findings/${finding}`)).body).toMatchObject({ state: 'open' })
  expect((await order()).status).toBe(200)
})

test('a device whose advisories are in dispute or unknown does not look safe in the list', async () => {
  const { db } = database.current
  const [id] = await addAssets(db, [{ name: 'doubtful' }])
  for (const verdict of ['disputed', 'unknown'] as const) {
    await addFinding(db, id!, { verdict, subject: `TEST-${verdict}`, severity: 'critical' })
  }
  await countAgain(db, [id!])
  const viewer = await api.as(['viewer'])
  expect((await viewer.get(`/api/assets/${id}`)).body).toMatchObject({ findings: { critical: 2 } })
  const { body } = await viewer.get('/api/overview')
  const severities = (body as { findingsBySeverity: object[] }).findingsBySeverity
  expect(severities).toContainEqual({ severity: 'critical', affected: 0, possible: 2 })
})
