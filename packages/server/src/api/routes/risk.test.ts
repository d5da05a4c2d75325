import type { RiskMethod } from '@wardkeeper/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Content } from '../../content/load.ts'
import { refreshRisk, scoringOf } from '../../stages/score-risk.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { testContent } from '../../testing/content.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets, addFinding } from '../../testing/hospital.ts'

const database = useDatabase()
let content: Content
let api: TestApi
let viewer: TestUser
let analyst: TestUser
let manager: TestUser
let other: TestUser
let pump = ''
let second = ''
let elsewhere = ''

const refresh = () => refreshRisk(database.current.db, scoringOf(content), api.now)

beforeAll(async () => {
  content = await testContent()
  api = await testApi(database.current)
  viewer = await api.as(['viewer'])
  analyst = await api.as(['analyst'])
  manager = await api.as(['manager'])
  other = await api.as(['manager'], { sites: ['north'] })
  const product = { manufacturer: 'Acme', model: 'Drip 9', type: 'infusion-pump' }
  const ids = await addAssets(database.current.db, [
    { name: '=cmd|pump', ...product, ip: '10.1.1.5' },
    { name: 'pump, "two"', ...product, ip: '10.1.1.6' },
    { name: 'far', ...product, siteId: 'north' },
  ])
  ;[pump = '', second = '', elsewhere = ''] = ids
  await addFinding(database.current.db, pump)
  await addFinding(database.current.db, second, {
    subject: 'telnet',
    kind: 'weakness',
    remedy: 'configure:telnet',
  })
  await refresh()
})
afterAll(() => api.close())

test('a score is shown with every factor, its reason, its evidence, and replays', async () => {
  const { status, body } = await viewer.get(`/api/assets/${pump}/risk`)
  expect(status).toBe(200)
  const risk = body as {
    score: { number: number; isReplayed: boolean }
    factors: { id: string; says: string }[]
    history: unknown[]
  }
  expect(risk.score.isReplayed).toBe(true)
  expect(risk.factors.map(({ id }) => id)).toEqual([
    'exploit',
    'weakness',
    'legacy',
    'reach',
    'control',
    'patient',
    'data',
    'operation',
  ])
  expect(risk.factors[0]).toMatchObject({
    says: 'TEST-26-001: affected, exploitation is not known, taken by its severity (high).',
    evidence: { kind: 'finding' },
    isKnown: false,
  })
  expect(risk.factors.find(({ id }) => id === 'reach')?.says).toMatch(/^Not known/)
  expect(risk.history).toHaveLength(1)
})

test('what is of another site is not there', async () => {
  expect((await other.get(`/api/assets/${pump}/risk`)).status).toBe(404)
  expect((await other.get('/api/risk')).body).toMatchObject({ total: 1 })
  const { body } = await other.post('/api/risk/what-if', {
    scope: { assetIds: [pump] },
    change: {},
  })
  expect(body).toMatchObject({ total: 0 })
  const control = { name: 'Mine', kind: 'segmentation', reason: 'because', assetIds: [pump] }
  expect((await other.post('/api/risk/controls', control)).status).toBe(404)
})

test('devices are counted by band and by unit', async () => {
  expect((await viewer.get('/api/risk')).body).toMatchObject({
    total: 3,
    waiting: 0,
    isTuned: false,
  })
  const { body } = await viewer.get('/api/risk/rollups?scope=model')
  expect(body).toMatchObject({ total: 1, items: [{ key: 'Acme Drip 9', total: 3 }] })
  const history = (await viewer.get('/api/risk/history')).body as { days: unknown[] }
  expect(history.days).toHaveLength(1)
})

test('actions are ranked, and what-if gives the same effect', async () => {
  const { items } = (await viewer.get('/api/risk/actions')).body as {
    items: { kind: string; subject: string; reduction: number; assetIds: string[] }[]
  }
  const patch = items.find(({ kind }) => kind === 'patch')
  expect(patch).toMatchObject({ subject: 'patch:TEST-26-001', assetIds: [pump] })
  const change = { actions: [{ kind: 'patch', subject: 'patch:TEST-26-001' }] }
  const { body } = await viewer.post('/api/risk/what-if', { change })
  expect(body).toMatchObject({ total: 3, changed: 1, change: -(patch?.reduction ?? 0) })
})

test('what-if stores nothing', async () => {
  const before = (await viewer.get(`/api/assets/${pump}/risk`)).body
  const wanted = {
    scope: { assetIds: [pump] },
    change: { reach: 'internet', isKnownExploited: true },
  }
  const { body } = await viewer.post('/api/risk/what-if', wanted)
  expect(body).toMatchObject({ total: 1, changed: 1, items: [{ id: pump }] })
  expect((await viewer.get(`/api/assets/${pump}/risk`)).body).toEqual(before)
  expect((await viewer.post('/api/risk/what-if', { change: { type: 'toaster' } })).status).toBe(400)
})

describe('weights of the site', () => {
  const tuned = (): RiskMethod => {
    const { method } = content.risk
    return { ...method, weights: { ...method.weights, exploit: 10, legacy: 5 } }
  }

  test('are tried out without being kept', async () => {
    const { status, body } = await viewer.post('/api/risk/method/preview', { method: tuned() })
    expect(status).toBe(200)
    expect(body).toMatchObject({ total: 3, changed: 3 })
    expect((await viewer.get('/api/risk')).body).toMatchObject({ isTuned: false })
  })

  test('that contradict themselves are refused with the reason', async () => {
    const method = { ...tuned(), reach: { ...content.risk.method.reach, internet: 1 } }
    const { status, body } = await analyst.post('/api/risk/method/proposal', {
      method,
      reason: 'test',
    })
    expect(status).toBe(400)
    expect((body as { reasons: string[] }).reasons[0]).toMatch(/^reach: the worse case/)
  })

  test('need a second person, and then every score is made with them', async () => {
    const proposal = { method: tuned(), reason: 'we patch quickly' }
    expect((await viewer.post('/api/risk/method/proposal', proposal)).status).toBe(403)
    expect((await manager.post('/api/risk/method/proposal', proposal)).status).toBe(204)
    expect((await analyst.post('/api/risk/method/approve')).status).toBe(403)
    const refused = await manager.post('/api/risk/method/approve')
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ code: 'approver-is-author' })
    const approver = await api.as(['manager'])
    expect((await approver.get('/api/risk/method')).body).toMatchObject({
      proposal: { reason: 'we patch quickly', isOwn: false },
    })
    const before = (await viewer.get(`/api/assets/${pump}/risk`)).body as {
      score: { number: number }
    }
    expect((await approver.post('/api/risk/method/approve')).status).toBe(204)
    await refresh()
    const after = (await viewer.get(`/api/assets/${pump}/risk`)).body as {
      score: { number: number; isReplayed: boolean }
      history: unknown[]
    }
    expect(after.score.number).toBeLessThan(before.score.number)
    expect(after.score.isReplayed).toBe(true)
    expect(after.history).toHaveLength(2)
    expect((await viewer.get('/api/risk')).body).toMatchObject({ isTuned: true })
    expect((await approver.post('/api/risk/method/approve')).status).toBe(409)
    expect((await approver.post('/api/risk/method/withdraw')).status).toBe(409)
  })
})

describe('a compensating control', () => {
  const control = () => ({
    name: 'Pumps alone',
    kind: 'segmentation',
    reason: 'rule 12',
    assetIds: [pump, second],
  })

  test('is proposed, approved by another, confirmed and taken back', async () => {
    expect((await viewer.post('/api/risk/controls', control())).status).toBe(403)
    const proposed = await manager.post('/api/risk/controls', control())
    expect(proposed.status).toBe(200)
    const { id } = proposed.body as { id: string }
    expect(proposed.body).toMatchObject({
      isOwn: true,
      assets: [{ state: 'proposed' }, { state: 'proposed' }],
    })
    expect((await manager.post(`/api/risk/controls/${id}/approve`)).status).toBe(409)
    const approver = await api.as(['manager'])
    const approved = await approver.post(`/api/risk/controls/${id}/approve`)
    expect(approved.body).toMatchObject({ assets: [{ state: 'blind' }, { state: 'blind' }] })
    expect((await other.post(`/api/risk/controls/${id}/end`)).status).toBe(404)
    expect((await analyst.post(`/api/risk/controls/${id}/confirm`)).status).toBe(200)
    expect((await analyst.post(`/api/risk/controls/${id}/end`)).body).toMatchObject({
      assets: [{ state: 'ended' }, { state: 'ended' }],
    })
    expect((await analyst.post(`/api/risk/controls/${id}/end`)).status).toBe(409)
  })

  test('of two sites, or without its service, is refused', async () => {
    const wide = { ...control(), assetIds: [pump, elsewhere] }
    expect((await manager.post('/api/risk/controls', wide)).status).toBe(400)
    const closed = { ...control(), kind: 'closed-service' }
    expect((await manager.post('/api/risk/controls', closed)).status).toBe(400)
  })
})

test('the CSV holds every device, and no cell is a formula', async () => {
  const { status, body, headers } = await viewer.get('/api/risk/export.csv')
  expect(status).toBe(200)
  expect(headers['content-type']).toMatch(/^text\/csv/)
  const lines = String(body).trim().split('\r\n')
  expect(lines).toHaveLength(4)
  expect(lines[0]).toMatch(/^id,device,maker,model,type,unit,owner,risk,low,high,band,exploit,/)
  expect(String(body)).toContain(",'=cmd|pump,")
  expect(String(body)).toContain('"pump, ""two"""')
})

test('the report is a PDF', async () => {
  const reply = await viewer.get('/api/risk/report.pdf')
  expect(reply.status).toBe(200)
  expect(reply.headers['content-type']).toBe('application/pdf')
  expect(String(reply.body).slice(0, 5)).toBe('%PDF-')
})
