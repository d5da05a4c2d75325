import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { saveSeenAssets, type SeenAsset } from '../../store/assets.ts'
import { saveClaims } from '../../store/claims.ts'
import { saveSights } from '../../store/sights.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets, SEEN } from '../../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let technician: TestUser
let manager: TestUser
let second: TestUser
let pump: string
let other: string

interface Entry {
  readonly by: string
  readonly cause: string
  readonly reason?: string
  readonly changes: readonly { field: string; before?: string; after?: string; because?: object }[]
}

beforeAll(async () => {
  api = await testApi(database.current)
  technician = await api.as(['technician'])
  manager = await api.as(['manager'])
  second = await api.as(['manager'])
  ;[pump = '', other = ''] = await addAssets(database.current.db, [
    { name: 'pump-1', manufacturer: 'Acme', model: 'Drip 9', mac: '00:1b:44:00:00:01' },
    { name: 'elsewhere', siteId: 'other' },
  ])
})
afterAll(() => api.close())

const historyOf = async (id: string) =>
  ((await manager.get(`/api/assets/${id}/history`)).body as { items: readonly Entry[] }).items

test('what a sensor sees differently is one entry with the rule that decided; the same again is none', async () => {
  const { db } = database.current
  const before = (await historyOf(pump)).length
  const claim = {
    attribute: 'firmware',
    value: '3.1',
    confidence: 0.9,
    rule: 'acme-drip',
    evidence: [],
    against: [],
  } as const
  const seen: SeenAsset = {
    id: pump,
    label: 'pump-1',
    macs: ['00:1b:44:00:00:01'],
    ips: [],
    names: { dhcp: 'pump-1' },
    hostname: 'pump-1',
    claims: [claim],
    firstSeen: SEEN,
    lastSeen: SEEN + 1000,
  }
  const save = () =>
    db.transaction().execute(async (trx) => {
      await saveSeenAssets(trx, [seen])
      await saveClaims(trx, 'main', new Map([[pump, [claim]]]), Date.now())
    })
  await save()
  await save()
  await db.transaction().execute((trx) => saveSights(trx, new Map([[pump, SEEN + 60_000]])))
  const entries = await historyOf(pump)
  expect(entries.length).toBe(before + 1)
  expect(entries[0]).toMatchObject({ by: 'the network', cause: 'observed' })
  expect(entries[0]!.changes.find(({ field }) => field === 'firmware')).toMatchObject({
    after: '3.1',
    because: { rule: 'acme-drip' },
  })
})

test('between its making and its first change a device was not known yet', async () => {
  const { rows } = await database.current.pool.query<{ made: number; named: number }>(
    `select created_at as made, (select min(time) from asset_changes where asset_id = $1) as named
     from assets where id = $1`,
    [pump],
  )
  const { made, named } = rows[0]!
  expect(named).toBeGreaterThan(made)
  const at = new Date((made + named) / 2).toISOString()
  expect(await manager.get(`/api/assets/${pump}?at=${at}`)).toMatchObject({ status: 404 })
})

test('what a person writes carries the name and the reason, and can be looked at as it was', async () => {
  const then = new Date(Date.now()).toISOString()
  await new Promise((resolve) => setTimeout(resolve, 5))
  const body = { unit: 'Ward 4B', room: '412', reason: 'walked there' }
  expect((await manager.patch(`/api/assets/${pump}`, body)).status).toBe(200)
  const [entry] = await historyOf(pump)
  expect(entry).toMatchObject({
    by: manager.username,
    cause: 'declared',
    reason: 'walked there',
    changes: expect.arrayContaining([{ field: 'room', after: '412' }]),
  })
  expect((await manager.get(`/api/assets/${pump}`)).body).toMatchObject({ unit: 'Ward 4B' })
  const past = (await manager.get(`/api/assets/${pump}?at=${then}`)).body
  expect(past).not.toHaveProperty('unit')
  expect(past).toMatchObject({ label: 'pump-1', claims: [{ value: '3.1' }] })
  const long = await manager.get(`/api/assets/${pump}?at=2001-01-01T00:00:00.000Z`)
  expect(long).toMatchObject({ status: 404, body: { reasons: ['The device was not known then.'] } })
  const clear = { room: '', reason: 'moved out' }
  expect((await manager.patch(`/api/assets/${pump}`, clear)).body).not.toHaveProperty('room')
})

test('the history cannot be rewritten', async () => {
  const { db } = database.current
  await expect(sql`update asset_changes set by_name = 'me'`.execute(db)).rejects.toThrow(
    'append-only',
  )
  await expect(sql`delete from asset_changes`.execute(db)).rejects.toThrow('append-only')
})

test('a protected field is proposed by one and approved by another', async () => {
  const retire = { state: 'retired', reason: 'cracked housing' }
  expect(await manager.patch(`/api/assets/${pump}`, retire)).toMatchObject({
    status: 409,
    body: { code: 'field-protected' },
  })
  const wish = { changes: { state: 'retired' }, reason: 'cracked housing' }
  const made = await manager.post(`/api/assets/${pump}/proposals`, wish)
  expect(made).toMatchObject({
    status: 200,
    body: { state: 'open', isOwn: true, changes: [{ field: 'state', after: 'retired' }] },
  })
  const { id } = made.body as { id: string }
  const approve = { decision: 'approve' }
  expect(await manager.post(`/api/proposals/${id}/decide`, approve)).toMatchObject({
    status: 409,
    body: { code: 'approver-is-author' },
  })
  expect((await technician.post(`/api/proposals/${id}/decide`, approve)).status).toBe(403)
  const elsewhere = await api.as(['manager'], { sites: ['other'] })
  expect((await elsewhere.post(`/api/proposals/${id}/decide`, approve)).status).toBe(404)
  expect((await manager.get(`/api/assets/${pump}`)).body).toMatchObject({ state: 'active' })
  expect((await second.post(`/api/proposals/${id}/decide`, approve)).body).toMatchObject({
    state: 'approved',
    isOwn: false,
  })
  expect((await manager.get(`/api/assets/${pump}`)).body).toMatchObject({ state: 'retired' })
  expect((await historyOf(pump))[0]).toMatchObject({
    by: second.username,
    cause: 'approved',
    reason: expect.stringContaining('cracked housing'),
    changes: [{ field: 'state', before: 'active', after: 'retired' }],
  })
  expect((await second.post(`/api/proposals/${id}/decide`, approve)).status).toBe(409)
})

test('a proposal is refused with a reason, or taken back by its author', async () => {
  const wish = { changes: { owner: 'Radiology' }, reason: 'it stands there' }
  const propose = async () =>
    ((await technician.post(`/api/assets/${pump}/proposals`, wish)).body as { id: string }).id
  const id = await propose()
  expect((await manager.post(`/api/proposals/${id}/decide`, { decision: 'refuse' })).status).toBe(
    400,
  )
  const refuse = { decision: 'refuse', reason: 'belongs to the lab' }
  expect((await manager.post(`/api/proposals/${id}/decide`, refuse)).body).toMatchObject({
    state: 'refused',
    decisionReason: 'belongs to the lab',
  })
  expect((await manager.get(`/api/assets/${pump}`)).body).not.toHaveProperty('owner')
  const again = await propose()
  expect((await manager.post(`/api/proposals/${again}/withdraw`)).status).toBe(409)
  expect((await technician.post(`/api/proposals/${again}/withdraw`)).body).toMatchObject({
    state: 'withdrawn',
  })
  const open = (await manager.get('/api/proposals?state=open')).body
  expect(open).toMatchObject({ total: 0 })
})

test('a proposal does not write over what changed meanwhile', async () => {
  const wish = { changes: { owner: 'Radiology' }, reason: 'it stands there' }
  const made = await technician.post(`/api/assets/${pump}/proposals`, wish)
  await manager.patch(`/api/assets/${pump}`, { owner: 'Lab', reason: 'asked them' })
  const { id } = made.body as { id: string }
  expect(await manager.post(`/api/proposals/${id}/decide`, { decision: 'approve' })).toMatchObject({
    status: 409,
    body: { code: 'changed-meanwhile' },
  })
})

test('which fields are protected is for the site to say', async () => {
  const put = (field: string, isProtected: boolean) =>
    manager.put(`/api/protected-fields/${field}`, { isProtected, reason: 'policy 7' })
  expect((await put('owner', true)).body).toMatchObject({
    items: expect.arrayContaining([
      { field: 'owner', isProtected: true },
      { field: 'state', isProtected: true },
      { field: 'room', isProtected: false },
    ]),
  })
  const change = { owner: 'ICU', reason: 'asked them' }
  expect((await manager.patch(`/api/assets/${pump}`, change)).status).toBe(409)
  expect((await put('owner', false)).body).toMatchObject({
    items: expect.arrayContaining([
      {
        field: 'owner',
        isProtected: true,
        lift: {
          by: expect.any(String),
          reason: 'policy 7',
          proposed: expect.any(String),
          isOwn: true,
        },
      },
    ]),
  })
  expect((await manager.patch(`/api/assets/${pump}`, change)).status).toBe(409)
  expect(await put('owner', false)).toMatchObject({
    status: 409,
    body: { code: 'approver-is-author' },
  })
  const same = { isProtected: false, reason: 'policy 8' }
  const lifted = await second.put('/api/protected-fields/owner', same)
  expect(lifted.body).toMatchObject({
    items: expect.arrayContaining([{ field: 'owner', isProtected: false }]),
  })
  expect((await manager.patch(`/api/assets/${pump}`, change)).status).toBe(200)
})

test('who thinks better of it keeps a field protected, and a later wish begins anew', async () => {
  const put = (user: TestUser, isProtected: boolean) =>
    user.put('/api/protected-fields/state', { isProtected, reason: 'policy 9' })
  await put(manager, false)
  const kept = await put(manager, true)
  expect(kept.body).toMatchObject({
    items: expect.arrayContaining([{ field: 'state', isProtected: true }]),
  })
  await put(second, false)
  const retire = { state: 'retired', reason: 'cracked housing' }
  expect((await second.patch(`/api/assets/${pump}`, retire)).status).toBe(409)
  await put(second, true)
})

test('the change feed goes on where it stopped, by site, and never skips what commits late', async () => {
  const { db, pool } = database.current
  interface Feed {
    readonly items: readonly { assetId: string; changes: readonly { field: string }[] }[]
    readonly next: string
    readonly hasMore: boolean
  }
  const read = async (query: string, user = manager) =>
    (await user.get(`/api/changes?${query}`)).body as unknown as Feed
  const all = await read('limit=1000')
  expect(new Set(all.items.map(({ assetId }) => assetId))).toEqual(new Set([pump, other]))
  const paged: string[] = []
  let cursor = ''
  for (let hasMore = true; hasMore;) {
    const page = await read(`limit=2${cursor}`)
    paged.push(...page.items.map(({ assetId }) => assetId))
    cursor = `&since=${page.next}`
    ;({ hasMore } = page)
  }
  expect(paged).toEqual(all.items.map(({ assetId }) => assetId))
  expect((await read(`limit=2${cursor}`)).items).toEqual([])

  // One transaction writes first and commits last.
  const late = await pool.connect()
  await late.query('begin')
  await late.query(`update assets set room = '9' where id = $1`, [other])
  await sql`update assets set room = '8' where id = ${pump}`.execute(db)
  const during = await read(`limit=9${cursor}`)
  await late.query('commit')
  late.release()
  const after = await read(`limit=9&since=${during.next}`)
  const seen = [...during.items, ...after.items].map(({ assetId }) => assetId)
  expect(seen.toSorted()).toEqual([pump, other].toSorted())

  const local = await api.as(['viewer'], { sites: ['other'] })
  const own = await read('limit=1000', local)
  expect(new Set(own.items.map(({ assetId }) => assetId))).toEqual(new Set([other]))
  const fromNow = await read(`since=${new Date(Date.now() + 1000).toISOString()}`)
  expect(fromNow.items).toEqual([])
  expect((await read('since=2001-01-01T00:00:00Z&limit=1000')).items.length).toBe(
    all.items.length + 2,
  )
  expect((await manager.get('/api/changes?since=yesterday')).status).toBe(400)
})

test('who has no site of it does not see which fields are protected', async () => {
  const elsewhere = await api.as(['manager'], { sites: ['other'] })
  expect((await elsewhere.get('/api/protected-fields')).status).toBe(404)
  expect((await elsewhere.get('/api/risk/method')).status).toBe(404)
})

test.each(['-'.repeat(36), 'a'.repeat(36), '0-'.repeat(18)])('%s is no id', async (id) => {
  for (const place of [
    `/api/documents/${id}/file`,
    `/api/floor-plans/${id}/image`,
    `/api/imports/${id}/report.csv`,
  ]) {
    expect([400, 404], place).toContain((await manager.get(place)).status)
  }
})

test('each column of an asset is told in its history, or known not to be', async () => {
  const { db } = database.current
  const { rows } = await sql<{ column: string; is_told: boolean }>`
    select attname as column, (select prosrc from pg_proc where proname = 'follow_assets')
      like '%told_change(''' || attname || ''', o.' || attname || ', n.' || attname || ')%' as is_told
    from pg_attribute where attrelid = 'assets'::regclass and attnum > 0 and not attisdropped`.execute(
    db,
  )
  // Identity and times, what is counted, and scores, which have a history of their own.
  expect(rows.filter(({ is_told }) => !is_told).map(({ column }) => column)).toEqual([
    'id',
    'site_id',
    'is_connected',
    'manufacturer_confidence',
    'model_confidence',
    'type_confidence',
    'category_confidence',
    'firmware_confidence',
    'in_use',
    'findings_critical',
    'findings_high',
    'findings_medium',
    'findings_low',
    'finding_rank',
    'open_incidents',
    'first_seen',
    'created_at',
    'updated_at',
    'number',
    'risk',
    'risk_low',
    'risk_high',
    'risk_band',
  ])
})
