import type { AssetDetail, IdentityDecision } from '@wardkeeper/contract'
import type { ObservedFact } from '@wardkeeper/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifyDeclared } from '../../stages/apply-declarations.ts'
import { attachStages } from '../../stages/stages.ts'
import { ensureSite } from '../../store/sites.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { testContent } from '../../testing/content.ts'
import { useDatabase } from '../../testing/database.ts'

const database = useDatabase()
let api: TestApi
let manager: TestUser
let content: Awaited<ReturnType<typeof testContent>>

beforeAll(async () => {
  content = await testContent()
  const { db } = database.current
  await ensureSite(db, { id: 'main', name: 'Hospital' })
  api = await testApi(database.current)
  await attachStages({ db, bus: api.bus, log: () => undefined }, { content, siteId: 'main' })
  manager = await api.as(['manager'])
})
afterAll(() => api.close())

let batch = 0
async function see(mac: string, vendorClass: string): Promise<void> {
  const time = Date.UTC(2026, 5, 1, 8) + ++batch * 60_000
  const fact: ObservedFact = {
    subject: { mac },
    field: 'dhcp.vendor-class',
    value: vendorClass,
    sensor: 'live:1',
    first: time,
    last: time,
    count: 1,
    evidence: { frame: batch },
  }
  await api.bus.publish({
    subject: 'observation.recorded',
    id: `obs/identity/${batch}`,
    payload: { siteId: 'main', sensor: 'live:1', batch, facts: [fact] },
  })
  await api.bus.drain()
}

async function idOf(mac: string): Promise<string> {
  const { rows } = await database.current.pool.query<{ asset_id: string }>(
    'select asset_id from key_links where key = $1 and until is null',
    [`mac:${mac}`],
  )
  return rows[0]?.asset_id ?? ''
}

async function claimOf(id: string, attribute: string) {
  const { body } = await manager.get(`/api/assets/${id}`)
  return (body as AssetDetail).claims.find((claim) => claim.attribute === attribute)
}

async function decide(id: string, what: string, body: object, user = manager) {
  api.now += 1000
  const reply = await user.post(`/api/assets/${id}/identity/${what}`, body)
  await api.bus.drain()
  return { status: reply.status, code: (reply.body as { code?: string } | undefined)?.code }
}

async function decisionsOf(id: string): Promise<readonly IdentityDecision[]> {
  return ((await manager.get(`/api/assets/${id}/identity`)).body as { items: IdentityDecision[] })
    .items
}

const reason = 'Read off the label at the device'

test('what is disputed stays visible as doubtful, until it is withdrawn', async () => {
  const mac = '00:1b:44:00:0d:01'
  await see(mac, 'Acme Drip 9 v2.1')
  const id = await idOf(mac)
  const before = await claimOf(id, 'model')
  expect(before?.confidence).toBeGreaterThan(0.6)
  expect(await decide(id, 'dispute', { attribute: 'model', reason })).toMatchObject({ status: 200 })
  const disputed = await claimOf(id, 'model')
  expect(disputed).toMatchObject({ value: before?.value, confidence: 0.5 })
  expect(disputed?.against[0]).toMatchObject({ field: 'disputed.model', sensor: manager.username })
  expect(await decide(id, 'dispute', { attribute: 'model', reason })).toEqual({
    status: 409,
    code: 'disputed',
  })
  await decide(id, 'withdraw', { attribute: 'model', reason: 'I had the wrong device' })
  expect((await claimOf(id, 'model'))?.confidence).toBe(before?.confidence)
  expect(await decisionsOf(id)).toMatchObject([
    { kind: 'dispute', reason, ended: { by: manager.username, reason: 'I had the wrong device' } },
  ])
})

test('a lock stands over all, tells who and why, and ends with a reason', async () => {
  const mac = '00:1b:44:00:0d:02'
  await see(mac, 'Acme Drip 9 v2.1')
  const id = await idOf(mac)
  await decide(id, 'dispute', { attribute: 'model', reason })
  await decide(id, 'lock', { attribute: 'model', value: ' Flow  2 ', reason })
  expect(await claimOf(id, 'model')).toMatchObject({ value: 'Flow 2', rule: 'locked' })
  // What contradicts it stays in the ledger.
  expect((await claimOf(id, 'model'))?.against.map(({ claims }) => claims)).toContain('Drip 9')
  const history = (await manager.get(`/api/assets/${id}/history`)).body as {
    items: { by: string; cause: string; reason?: string; changes: { field: string }[] }[]
  }
  expect(
    history.items.find(({ changes }) => changes.some(({ field }) => field === 'model')),
  ).toMatchObject({ by: manager.username, cause: 'declared', reason })
  expect(await decide(id, 'lock', { attribute: 'model', value: 'Drip 9', reason })).toEqual({
    status: 409,
    code: 'locked',
  })
  expect(await decide(id, 'dispute', { attribute: 'model', reason })).toMatchObject({
    code: 'locked',
  })
  const { rows: audit } = await database.current.pool.query<{ action: string; reason: string }>(
    `select action, reason from audit_entries where subject = $1 order by id`,
    [`asset:${id}`],
  )
  expect(audit).toEqual([
    { action: 'identity.disputed', reason },
    { action: 'identity.locked', reason },
  ])
  await decide(id, 'unlock', { attribute: 'model', reason: 'It was exchanged' })
  expect(await claimOf(id, 'model')).toMatchObject({ value: 'Drip 9' })
  expect(await decisionsOf(id)).toMatchObject([
    { kind: 'lock', value: 'Flow 2', ended: { reason: 'It was exchanged' } },
    { kind: 'dispute', ended: { reason } },
  ])
})

test('a locked type brings its category; unknown ones and categories that do not fit are refused', async () => {
  const mac = '00:1b:44:00:0d:03'
  await see(mac, 'Nobody knows')
  const id = await idOf(mac)
  const { types } = (await manager.get(`/api/assets/${id}/identity`)).body as { types: string[] }
  const type = types[0] ?? ''
  expect(await decide(id, 'lock', { attribute: 'type', value: 'toaster', reason })).toMatchObject({
    code: 'unknown-type',
  })
  await decide(id, 'lock', { attribute: 'type', value: type, reason })
  const category = content.knowledge.vocabulary.types.get(type)?.category
  expect(await claimOf(id, 'category')).toMatchObject({ value: category, rule: 'locked' })
  await decide(id, 'unlock', { attribute: 'category', reason })
  const other = [...content.knowledge.vocabulary.categories.keys()].find((one) => one !== category)
  expect(
    await decide(id, 'lock', { attribute: 'category', value: other ?? 'none', reason }),
  ).toMatchObject({ status: 409 })
  await decide(id, 'unlock', { attribute: 'type', reason })
  expect(await claimOf(id, 'type')).toBeUndefined()
  expect(await decide(id, 'unlock', { attribute: 'type', reason })).toMatchObject({
    code: 'not-locked',
  })
})

test('only who may decide decides, and never without a reason', async () => {
  const id = await idOf('00:1b:44:00:0d:01')
  const viewer = await api.as(['viewer'])
  const body = { attribute: 'model', value: 'X', reason }
  for (const what of ['lock', 'unlock', 'dispute', 'withdraw'])
    expect((await decide(id, what, body, viewer)).status).toBe(403)
  expect((await decide(id, 'lock', { ...body, reason: ' ' })).status).toBe(400)
  const stranger = await api.as(['manager'], { sites: ['elsewhere'] })
  expect((await decide(id, 'lock', body, stranger)).status).toBe(404)
})

/** Whatever comes after a lock, by number. */
const EVENTS: readonly ((mac: string, id: string, other: string) => Promise<unknown>)[] = [
  (mac) => see(mac, 'Acme Drip 9 v3.0'),
  (_mac, id) =>
    database.current.db
      .transaction()
      .execute((trx) =>
        identifyDeclared(trx, 'main', [id], content.knowledge, content.inventory.precedence),
      ),
  async (mac) => {
    const text = `Tag,Serial,Maker,Model,Description,MAC\nT-${batch},S${mac.replaceAll(':', '')},Other,Flow 8,,${mac}\n`
    const made = await manager.upload('/api/imports', 'more.csv', Buffer.from(text))
    await manager.post(`/api/imports/${(made.body as { id: string }).id}/run`, {})
    await api.bus.drain()
  },
  async (_mac, id, other) => {
    await decide(other, 'lock', { attribute: 'model', value: 'Flow 7', reason })
    await manager.post(`/api/assets/${id}/merge`, { from: other, reason })
    await api.bus.drain()
  },
]
const ORDERS = [
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [2, 0, 3, 1],
] as const

test('a locked value survives observations, imports, merges and working out again, in any order', async () => {
  for (const [at, order] of ORDERS.entries()) {
    const [mac, second] = [`00:1b:44:00:0e:0${at}`, `00:1b:44:00:0f:0${at}`]
    await see(mac, 'Acme Drip 9 v2.1')
    await see(second, 'Acme Drip 9 v2.1')
    const [id, other] = [await idOf(mac), await idOf(second)]
    await decide(id, 'lock', { attribute: 'model', value: 'Flow 2', reason })
    for (const event of order) {
      await EVENTS[event]?.(mac, id, other)
      expect(await claimOf(id, 'model'), `${order.join(' ')} at ${event}`).toMatchObject({
        value: 'Flow 2',
        rule: 'locked',
      })
    }
  }
})

test('a lock moves with a merge over what was only accepted, and back with its undo', async () => {
  const [first, second] = ['00:1b:44:00:0e:0a', '00:1b:44:00:0e:0b']
  await see(first, 'Acme Drip 9 v2.1')
  await see(second, 'Acme Drip 9 v2.1')
  const [id, other] = [await idOf(first), await idOf(second)]
  await database.current.pool.query(
    `insert into accepted_values (id, site_id, asset_id, attribute, value, by_name, reason, since)
     values (gen_random_uuid(), 'main', $1, 'model', 'Flow 5', 'm', 'r', now())`,
    [id],
  )
  await decide(other, 'lock', { attribute: 'model', value: 'Flow 2', reason })
  await manager.post(`/api/assets/${id}/merge`, { from: other, reason })
  await api.bus.drain()
  expect(await claimOf(id, 'model')).toMatchObject({ value: 'Flow 2', rule: 'locked' })
  const list = (await manager.get(`/api/assets/${id}/regroupings`)).body as {
    items: { id: string }[]
  }
  const undone = await manager.post(`/api/regroupings/${list.items[0]?.id}/undo`, { reason })
  expect(undone.status).toBe(200)
  await api.bus.drain()
  expect(await claimOf(id, 'model')).toMatchObject({ value: 'Flow 5', rule: 'accepted' })
  expect(await claimOf(other, 'model')).toMatchObject({ value: 'Flow 2', rule: 'locked' })
})
