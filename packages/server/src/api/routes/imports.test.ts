import { existsSync } from 'node:fs'
import type {
  ImportDetail,
  ImportRowView,
  ReconciliationDetail,
  ReconciliationItem,
} from '@wardkeeper/contract'
import type { ObservedFact } from '@wardkeeper/core'
import writeWorkbook from 'write-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifyDeclared } from '../../stages/apply-declarations.ts'
import { attachStages } from '../../stages/stages.ts'
import { reconcileSite } from '../../stages/reconcile.ts'
import { ensureSite } from '../../store/sites.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { testContent } from '../../testing/content.ts'
import { useDatabase } from '../../testing/database.ts'
import { SESSION_COOKIE } from '../session-cookie.ts'
import { openSession } from '../../store/sessions.ts'

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

async function upload(
  user: TestUser,
  name: string,
  bytes: Buffer | string,
  query = '',
): Promise<{ status: number; body: ImportDetail & { reasons?: string[] } }> {
  const boundary = 'x0x0x0'
  const payload = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n`,
    ),
    Buffer.from(bytes as string),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const token = await openSession(database.current.db, user.id, api.now)
  const reply = await api.app.inject({
    method: 'POST',
    url: `/api/imports${query}`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    cookies: { [SESSION_COOKIE]: token },
    payload,
  })
  return { status: reply.statusCode, body: reply.json() }
}

async function run(id: string): Promise<ImportDetail> {
  expect((await manager.post(`/api/imports/${id}/run`, {})).status).toBe(200)
  await api.bus.drain()
  return (await manager.get(`/api/imports/${id}`)).body
}

async function rowsOf(id: string): Promise<ImportRowView[]> {
  return (
    (await manager.get(`/api/imports/${id}/rows?limit=200`)).body as { items: ImportRowView[] }
  ).items
}

async function see(
  mac: string,
  ip: string,
  more: readonly (readonly [string, string])[] = [],
): Promise<void> {
  const time = Date.now()
  const facts = [['arp.ip', ip] as const, ...more].map(([field, value]): ObservedFact => ({
    subject: { mac, ip },
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
    id: `obs/${mac}/${time}/${Math.random()}`,
    payload: { siteId: 'main', sensor: 'live:1', batch: 1, facts },
  })
  await api.bus.drain()
}

const HEADER = 'Tag,Serial,Maker,Model,Description,MAC,IP,Unit,Room,Warranty,Version,Patient Name'
const FILE = [
  HEADER,
  'BM-1,AC00001,ACME Medical,Drip 9,"PUMP, INFUSION",00:1B:44:00:00:01,10.4.7.11,ICU,412,2027-01-31,2.0,Jane Roe',
  ' BM-2 ,AC00002,acme,Drip 9,,,,ICU,413,,,John Doe',
  'BM-2,AC00002,Acme,Drip 9,,,,ICU,413,,,John Doe',
  'BM-1,AC00001,Acme,Drip 8,,,,,,,,',
  ',,,,just words,,,,,,,',
  '',
].join('\n')

test('a table is read, shown, run, and every row is accounted for', async () => {
  await see('00:1b:44:00:00:01', '10.4.7.11', [['dhcp.vendor-class', 'Acme Drip 9 v2.1']])
  const { status, body } = await upload(manager, 'cmms.csv', FILE)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    state: 'ready',
    rows: 5,
    counts: { created: 1, matched: 1, queued: 1, refused: 2 },
  })
  expect(body.findings.join(' ')).toMatch(/may name a patient: Patient Name/)
  const before = await rowsOf(body.id)
  const { rows: kept } = await database.current.pool.query<{ path: string }>(
    'select path from imports where id = $1',
    [body.id],
  )
  const file = kept[0]?.path ?? ''
  expect(existsSync(file)).toBe(true)
  const after = await run(body.id)
  // It has columns that are not ours to keep.
  expect(existsSync(file)).toBe(false)
  expect(after).toMatchObject({
    state: 'finished',
    progress: 1,
    counts: { created: 1, matched: 1, queued: 1, refused: 2, updated: 1 },
  })
  const done = await rowsOf(body.id)
  // What the preview showed is what the import did.
  expect(done.map(({ row, outcome, reasons }) => ({ row, outcome, reasons }))).toEqual(
    before.map(({ row, outcome, reasons }) => ({ row, outcome, reasons })),
  )
  const pump = done[0]?.assetId ?? ''
  const asset = (await manager.get(`/api/assets/${pump}`)).body as Record<string, unknown> & {
    claims: {
      attribute: string
      value: string
      rule: string
      against: { rule: string; claims: string }[]
    }[]
  }
  expect(asset).toMatchObject({
    unit: 'ICU',
    room: '412',
    warrantyUntil: '2027-01-31',
    isConnected: true,
  })
  // Firmware is seen: what was typed is evidence against it and does not replace it.
  const firmware = asset.claims.find(({ attribute }) => attribute === 'firmware')
  expect(firmware).toMatchObject({ value: '2.1' })
  expect(
    firmware?.against.some(({ rule, claims }) => rule === 'declared' && claims === '2.0'),
  ).toBe(true)
  const created = done[1]?.assetId ?? ''
  expect((await manager.get(`/api/assets/${created}`)).body).toMatchObject({
    isConnected: false,
    state: 'active',
    manufacturer: { value: 'Acme' },
    serial: 'AC00002',
    room: '413',
  })
})

test('no patient of the file is kept anywhere', async () => {
  const { pool } = database.current
  const { rows } = await pool.query(
    `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  for (const { table_name: table } of rows as { table_name: string }[]) {
    const found = await pool.query(
      `select 1 from ${table} t where t::text like '%Jane Roe%' or t::text like '%John Doe%' limit 1`,
    )
    expect(found.rowCount, table).toBe(0)
  }
})

test('the same file again changes nothing and says so', async () => {
  const { pool } = database.current
  const count = async () =>
    (
      await pool.query(`select (select count(*) from assets) as assets, (select count(*) from declared_records) as records,
    (select count(*) from reconciliation_items where kind in ('ambiguous', 'duplicate')) as items, (select count(*) from key_links) as links`)
    ).rows[0] as object
  const before = await count()
  const { body } = await upload(manager, 'cmms.csv', FILE)
  expect(body.sameAs?.by).toBe(manager.username)
  expect(body.counts).toMatchObject({
    created: 0,
    matched: 2,
    unchanged: 2,
    updated: 0,
    queued: 1,
    refused: 2,
  })
  await run(body.id)
  expect(await count()).toEqual(before)
})

test('a newer file updates; what is gone from a full export is a question, not a deletion', async () => {
  const { body } = await upload(
    manager,
    'newer.csv',
    `${HEADER}\nBM-1,AC00001,Acme,Drip 9,,00:1B:44:00:00:01,10.4.7.11,ICU,500,2028-01-31,2.1,\n`,
  )
  const mapped = await manager.put(`/api/imports/${body.id}/mapping`, { isFull: true })
  expect(mapped.status).toBe(200)
  const done = await run(body.id)
  expect(done.counts).toMatchObject({ matched: 1, updated: 1, vanished: 1 })
  const pump = (await rowsOf(body.id))[0]?.assetId ?? ''
  expect((await manager.get(`/api/assets/${pump}`)).body).toMatchObject({
    room: '500',
    warrantyUntil: '2028-01-31',
  })
  const { items } = (await manager.get('/api/reconciliation?kind=vanished')).body as {
    items: ReconciliationItem[]
  }
  expect(items).toHaveLength(1)
  expect(items[0]?.title).toMatch(/BM-2 is no longer in generic/)
})

test('an import is undone: what it said ends, what it replaced stands again', async () => {
  const list = (await manager.get('/api/imports')).body as { items: { id: string; name: string }[] }
  const newer = list.items.find(({ name }) => name === 'newer.csv')
  expect(
    (await manager.post(`/api/imports/${newer?.id}/undo`, { reason: 'wrong file' })).status,
  ).toBe(200)
  await api.bus.drain()
  expect((await manager.get(`/api/imports/${newer?.id}`)).body).toMatchObject({ state: 'undone' })
  const pump = (await rowsOf(newer?.id ?? ''))[0]?.assetId ?? ''
  expect((await manager.get(`/api/assets/${pump}`)).body).toMatchObject({
    room: '412',
    warrantyUntil: '2027-01-31',
  })
  expect(
    ((await manager.get('/api/reconciliation?kind=vanished')).body as { items: unknown[] }).items,
  ).toEqual([])
  const { body } = await upload(manager, 'only.csv', 'Tag,Serial,Maker\nZZ-9,ZZ99999,Acme\n')
  await run(body.id)
  const [row] = await rowsOf(body.id)
  await manager.post(`/api/imports/${body.id}/undo`, { reason: 'wrong file' })
  await api.bus.drain()
  expect((await manager.get(`/api/assets/${row?.assetId}`)).body).toMatchObject({
    state: 'retired',
  })
})

test('a device that was imported before it was seen is the same when it shows up', async () => {
  const { body } = await upload(
    manager,
    'early.csv',
    'Tag,Serial,Maker,Model,MAC,Room\nBM-7,AC00007,Acme,Drip 7,001b44000007,7A\n',
  )
  await run(body.id)
  const [row] = await rowsOf(body.id)
  expect((await manager.get(`/api/assets/${row?.assetId}`)).body).toMatchObject({
    isConnected: false,
    state: 'expected',
    macs: ['00:1b:44:00:00:07'],
  })
  await see('00:1b:44:00:00:07', '10.4.7.17', [['dhcp.vendor-class', 'Acme Drip 9 v2.1']])
  const asset = (await manager.get(`/api/assets/${row?.assetId}`)).body as {
    claims: { attribute: string; value: string; confidence: number }[]
  }
  expect(asset).toMatchObject({ isConnected: true, state: 'active', room: '7A' })
  // The record stands, disputed by what the device says; reconciliation asks.
  expect(asset.claims.find(({ attribute }) => attribute === 'model')).toMatchObject({
    value: 'Drip 7',
    confidence: 0.65,
  })
  await reconcileSite(
    {
      db: database.current.db,
      vocabulary: content.knowledge.vocabulary,
      inventory: content.inventory,
    },
    'main',
    Date.now(),
  )
  const { items } = (await manager.get('/api/reconciliation?kind=wrong-model')).body as {
    items: ReconciliationItem[]
  }
  expect(items.map(({ title }) => title)).toEqual([
    expect.stringMatching(/record says model Drip 7, the network Drip 9/),
  ])
  const side = (await manager.get(`/api/reconciliation/${items[0]?.id}`))
    .body as ReconciliationDetail
  expect(side.decisions).toEqual(['take-declared', 'take-observed', 'dismiss'])
  expect(side.right[0]?.values).toMatchObject({ model: 'Drip 7' })
  expect(
    (
      await manager.post('/api/reconciliation/decide', {
        ids: [items[0]?.id],
        decision: 'take-observed',
        reason: 'read the label',
      })
    ).status,
  ).toBe(200)
  await api.bus.drain()
  const settled = (await manager.get(`/api/assets/${row?.assetId}`)).body as { model: object }
  expect(settled.model).toMatchObject({ value: 'Drip 9' })
  expect(
    (await manager.post(`/api/reconciliation/${items[0]?.id}/undo`, { reason: 'wrong label' }))
      .status,
  ).toBe(200)
  await api.bus.drain()
  expect(
    ((await manager.get(`/api/assets/${row?.assetId}`)).body as { model: object }).model,
  ).toMatchObject({ value: 'Drip 7' })
})

test('what an import makes at once is what weighing it again would write', async () => {
  const made = await upload(
    manager,
    'more.csv',
    [
      HEADER,
      'ZZ-1,ZZ900001,ACME Medical,Drip 9,"PUMP, INFUSION",00:1B:44:00:0F:01,,ICU,412,2027-01-31,2.0,',
      'ZZ-2,ZZ900002,acme,,Bed scale,,,Ward 4B,,,,',
      'ZZ-3,,,,A thing,00:1B:44:00:0F:03,,,,,,',
    ].join('\n'),
    '?source=zz',
  )
  expect((await run(made.body.id)).counts).toMatchObject({ created: 3 })
  const { db, pool } = database.current
  const written = async () => {
    const { rows } = await pool.query<{ id: string }>(
      `select to_jsonb(a) - 'updated_at' as asset, (select jsonb_agg(to_jsonb(c) - 'updated_at' order by c.attribute) from claims c where c.asset_id = a.id) as claims, a.id
       from assets a join declared_records d on d.asset_id = a.id where d.source = 'zz' order by d.native_key`,
    )
    return rows
  }
  const before = await written()
  expect(before.length).toBe(3)
  const ids = before.map(({ id }) => id)
  const { knowledge, inventory } = content
  await db
    .transaction()
    .execute((trx) => identifyDeclared(trx, 'main', ids, knowledge, inventory.precedence))
  expect(await written()).toEqual(before)
})

test('an ambiguous row waits, is linked by a person, and is known from then on', async () => {
  await see('00:1b:44:00:00:21', '10.4.7.21', [['dhcp.hostname', 'drip-21']])
  const file = 'Tag,Hostname\nAM-1,drip-21\n'
  const { body } = await upload(manager, 'ambiguous.csv', file)
  expect(body.counts).toMatchObject({ queued: 1 })
  await run(body.id)
  const { items } = (await manager.get('/api/reconciliation?kind=ambiguous')).body as {
    items: ReconciliationItem[]
  }
  expect(items).toHaveLength(1)
  expect(items[0]?.suggestion?.score).toBeCloseTo(0.7)
  expect(
    (
      await manager.post('/api/reconciliation/decide', {
        ids: items.map(({ id }) => id),
        decision: 'link',
        reason: 'looked at it',
      })
    ).body,
  ).toEqual({ decided: 1 })
  await api.bus.drain()
  const again = await upload(manager, 'ambiguous.csv', file)
  expect(again.body.counts).toMatchObject({ matched: 1, unchanged: 1, queued: 0 })
})

test('the rule tester and the barcode reader say what an import would do', async () => {
  const tried = (
    await manager.post('/api/imports/try', {
      headers: ['Tag', 'Serial', 'Maker'],
      cells: ['BM-2', 'AC00002', 'ACME medical'],
    })
  ).body as { outcome: string; device: object }
  expect(tried).toMatchObject({ outcome: 'matched', device: { tag: 'BM-2', manufacturer: 'Acme' } })
  expect((await manager.post('/api/barcodes', { text: '010950600013435221SN-77' })).body).toEqual({
    issuer: 'GS1',
    di: '09506000134352',
    serial: 'SN-77',
  })
  expect((await manager.post('/api/barcodes', { text: 'nonsense' })).body).toHaveProperty('problem')
})

test('who may not decide proposes; a manager makes it a device', async () => {
  const technician = await api.as(['technician'])
  const proposed = (
    await technician.post('/api/devices', {
      device: { udi: '010950600013435221SN-78', manufacturer: 'Acme' },
      reason: 'found in the store room',
    })
  ).body as { outcome: string; itemId: string }
  expect(proposed).toMatchObject({ outcome: 'queued' })
  expect(
    (
      await technician.post('/api/reconciliation/decide', {
        ids: [proposed.itemId],
        decision: 'create',
        reason: 'mine',
      })
    ).status,
  ).toBe(403)
  expect(
    (
      await manager.post('/api/reconciliation/decide', {
        ids: [proposed.itemId],
        decision: 'create',
        reason: 'seen it',
      })
    ).status,
  ).toBe(200)
  await api.bus.drain()
  const { body } = await manager.get('/api/assets?q=SN-78')
  expect((body as { items: { isConnected: boolean }[] }).items).toMatchObject([
    { isConnected: false },
  ])
})

test('precedence is previewed before it is set', async () => {
  const rule = { attribute: 'model', sources: ['locked', 'accepted', 'observed', 'declared'] }
  const preview = (await manager.post('/api/precedence/preview', rule)).body as {
    changed: number
    examples: object[]
  }
  expect(preview).toMatchObject({ changed: 1, examples: [{ before: 'Drip 7', after: 'Drip 9' }] })
  expect(
    (await manager.post('/api/precedence', { ...rule, reason: 'devices know better' })).body,
  ).toEqual({ changed: 1 })
  await api.bus.drain()
  expect(
    ((await manager.get('/api/assets?q=10.4.7.17')).body as { items: { model: object }[] }).items[0]
      ?.model,
  ).toMatchObject({ value: 'Drip 9' })
})

test('a workbook, FHIR and hostile files', async () => {
  const workbook = await writeWorkbook([
    [{ value: 'Export of 3 March' }],
    [{ value: 'Tag' }, { value: 'Serial' }, { value: 'Maker' }, { value: 'Warranty' }],
    [
      { value: 'XL-1' },
      { value: '0001234567' },
      { value: 'Acme' },
      { value: new Date('2027-03-05'), type: Date, format: 'dd/mm/yyyy' },
    ],
  ]).toBuffer()
  const { body } = await upload(manager, 'book.xlsx', workbook)
  expect(body).toMatchObject({ rows: 1, counts: { created: 1 } })
  expect((await rowsOf(body.id))[0]?.device).toMatchObject({
    tag: 'XL-1',
    serial: '0001234567',
    warrantyUntil: '2027-03-05',
  })
  const bundle = {
    resourceType: 'Bundle',
    entry: [
      {
        resource: {
          resourceType: 'Device',
          id: 'd1',
          manufacturer: 'Acme',
          serialNumber: 'FH00001',
          modelNumber: 'Drip 9',
          patient: { display: 'Jane Roe' },
        },
      },
      { resource: { resourceType: 'Patient', id: 'p' } },
    ],
  }
  const fhir = await upload(manager, 'devices.json', JSON.stringify(bundle))
  expect(fhir.body).toMatchObject({ rows: 1 })
  expect(fhir.body.findings.join(' ')).toMatch(/1 others passed over/)
  for (const [name, bytes, says] of [
    ['old.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old or a protected/],
    ['empty.csv', '', /empty/],
    ['head.csv', 'Tag,Serial\n', /no rows/],
    ['page.csv', '<!doctype html><p>sign in', /HTML/],
    ['cut.xlsx', Buffer.from('504b030400000000', 'hex'), /cut short/],
    ['none.json', '{"resourceType":"Patient"}', /no FHIR Device/],
  ] as const) {
    const { status, body: problem } = await upload(manager, name, bytes)
    expect(status, name).toBe(415)
    expect(problem.reasons?.join(' '), name).toMatch(says)
  }
})

test('a report has a line for each row, and no formula in it', async () => {
  const { body } = await upload(
    manager,
    'formula.csv',
    'Tag,Serial,Maker,Model\nBM-77,AC11111,Acme,-5V supply\n,,,\nT-2,AC22222,Acme,2\n',
  )
  await run(body.id)
  const report = await manager.get(`/api/imports/${body.id}/report.csv`)
  const lines = String(report.body).trim().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[1]).toMatch(/^2,created/)
  expect(lines[1]).toMatch(/'-5V supply/)
  expect(lines[2]).toMatch(/^3,refused/)
})

test('viewers look, technicians do not import', async () => {
  const viewer = await api.as(['viewer'])
  expect((await viewer.get('/api/imports')).status).toBe(200)
  expect((await upload(viewer, 'x.csv', FILE)).status).toBe(403)
  expect(
    (
      await viewer.post('/api/reconciliation/decide', {
        ids: ['00000000-0000-4000-8000-000000000000'],
        decision: 'dismiss',
        reason: 'why not',
      })
    ).status,
  ).toBe(403)
  const stranger = await api.as(['manager'], { sites: ['other'] })
  expect(((await stranger.get('/api/imports')).body as { items: unknown[] }).items).toEqual([])
  expect((await upload(stranger, 'x.csv', FILE)).status).toBe(404)
})
