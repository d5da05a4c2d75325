import type { ReconciliationDetail, ReconciliationItem } from '@wardkeeper/contract'
import type { ObservedFact } from '@wardkeeper/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSite } from '../store/sites.ts'
import { testApi, type TestApi, type TestUser } from '../testing/api.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { reconcileSite } from './reconcile.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()
const DAY = 86_400_000
const BEFORE = Date.UTC(2026, 5, 1)
let api: TestApi
let manager: TestUser
let content: Awaited<ReturnType<typeof testContent>>
let sent = 0

beforeAll(async () => {
  content = await testContent()
  const { db } = database.current
  await ensureSite(db, { id: 'main', name: 'Hospital' })
  api = await testApi(database.current)
  await attachStages({ db, bus: api.bus, log: () => undefined }, { content, siteId: 'main' })
  manager = await api.as(['manager'])
})
afterAll(() => api.close())

async function see(
  ip: string,
  time: number,
  more: readonly (readonly [field: string, value: string])[],
): Promise<void> {
  const facts = [['tcp.port', '443'] as const, ...more].map(([field, value]): ObservedFact => ({
    subject: { ip },
    field,
    value,
    sensor: 'live:1',
    first: time,
    last: time,
    count: 1,
    evidence: { frame: 1 },
  }))
  await api.bus.publish({
    subject: 'observation.recorded',
    id: `seen/${++sent}`,
    payload: { sensor: 'live:1', siteId: 'main', batch: sent, facts },
  })
  await api.bus.drain()
}

async function questions(state = 'open'): Promise<readonly ReconciliationItem[]> {
  const { vocabulary } = content.knowledge
  const context = { db: database.current.db, vocabulary, inventory: content.inventory }
  await reconcileSite(context, 'main', Date.now())
  const page = await manager.get(`/api/reconciliation?kind=seen-twice&state=${state}`)
  return (page.body as { items: ReconciliationItem[] }).items
}

const assetAt = async (ip: string) =>
  ((await manager.get(`/api/assets?q=${ip}`)).body as { items: { id: string; ips: string[] }[] })
    .items

test('a device behind a router that got another address is asked for, merged by an answer, and parted again', async () => {
  const certificate = ['tls.certificate-sha256', 'cd'.repeat(32)] as const
  await see('10.1.0.5', BEFORE, [certificate])
  await see('10.2.0.9', BEFORE + 2 * DAY, [certificate])
  const [earlier] = await assetAt('10.1.0.5')
  const [later] = await assetAt('10.2.0.9')
  expect(earlier?.id).not.toBe(later?.id)

  const [question, ...others] = await questions()
  expect(others).toEqual([])
  expect(question).toMatchObject({ assetId: later?.id, title: expect.stringContaining('probably') })
  const detail = (await manager.get(`/api/reconciliation/${question?.id}`))
    .body as ReconciliationDetail
  expect(detail.decisions).toEqual(['merge', 'dismiss'])
  expect(detail.right[0]).toMatchObject({ assetId: earlier?.id })

  const answer = { ids: [question?.id], decision: 'merge', reason: 'the label says so' }
  expect((await manager.post('/api/reconciliation/decide', answer)).status).toBe(200)
  await api.bus.drain()
  expect(await assetAt('10.2.0.9')).toMatchObject([{ id: earlier?.id }])
  expect(await questions()).toEqual([])

  const undo = { reason: 'it was another one' }
  const taken = await manager.post(`/api/reconciliation/${question?.id}/undo`, undo)
  expect(taken.status).toBe(200)
  await api.bus.drain()
  expect(await assetAt('10.2.0.9')).toMatchObject([{ id: later?.id }])
  expect(await assetAt('10.1.0.5')).toMatchObject([{ id: earlier?.id }])
  // A person keeps them apart now.
  expect(await questions()).toEqual([])
})

test('the certificate that a maker puts on each of its devices asks for nothing', async () => {
  const certificate = ['tls.certificate-sha256', 'ef'.repeat(32)] as const
  await see('10.3.0.1', BEFORE, [certificate])
  await see('10.3.0.2', BEFORE + DAY, [certificate])
  await see('10.3.0.1', BEFORE + 2 * DAY, [certificate])
  expect(await questions()).toEqual([])
})

test('what very many show gives no reason beside what two of them share', async () => {
  const many = [
    ['dicom.ae-title', 'STORE'],
    ['dicom.station-name', 'DEFAULT'],
  ] as const
  for (let host = 1; host <= 22; host++) {
    await see(`10.4.0.${host}`, BEFORE, many)
    await see(`10.4.0.${host}`, BEFORE + 9 * DAY, many)
  }
  const own = ['tls.certificate-sha256', 'aa'.repeat(32)] as const
  await see('10.5.0.1', BEFORE, [own, ...many])
  await see('10.5.0.2', BEFORE + 2 * DAY, [own, ...many])
  const [question] = await questions()
  expect(question?.reasons.join(' ')).toContain('certificate')
  expect(question?.reasons.join(' ')).not.toContain('DICOM')
})
