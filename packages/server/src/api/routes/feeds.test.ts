import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeKeys } from '../../feeds/bundle.ts'
import { openFeedDesk } from '../../feeds/desk.ts'
import { makeBundle } from '../../feeds/service.ts'
import { kevDocument, SAMPLES } from '../../feeds/testing/samples.ts'
import { openSession } from '../../store/sessions.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'
import { SESSION_COOKIE } from '../session-cookie.ts'

const database = useDatabase()
const folder = mkdtempSync(path.join(tmpdir(), 'wk-feeds-'))
const keys = makeKeys()
let api: TestApi
let admin: TestUser
let analyst: TestUser
let viewer: TestUser

beforeAll(async () => {
  mkdirSync(path.join(folder, 'feed-keys'))
  writeFileSync(path.join(folder, 'feed-keys', 'a.pub'), keys.publicKey)
  const feeds = openFeedDesk(
    { db: database.current.db, env: {} },
    path.join(folder, 'feed-keys'),
    () => undefined,
  )
  api = await testApi(database.current, { context: { feeds } })
  admin = await api.as(['admin'])
  analyst = await api.as(['analyst'])
  viewer = await api.as(['viewer'])
})
afterAll(() => api.close())

/** Sends one file as a browser does. */
async function send(user: TestUser, url: string, name: string, bytes: Uint8Array) {
  const edge = 'edge-of-the-part'
  const head = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  const token = await openSession(database.current.db, user.id, api.now)
  const reply = await api.app.inject({
    method: 'POST',
    url,
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${edge}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${edge}` },
    cookies: { [SESSION_COOKIE]: token },
  })
  return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() }
}

const feedNamed = async (id: string) => {
  const { body } = await viewer.get('/api/feeds')
  return (body as { items: { id: string }[] }).items.find((one) => one.id === id)
}

test('everybody sees how fresh feeds are; only administrators run or change them', async () => {
  expect(await feedNamed('kev')).toMatchObject({
    isEnabled: false,
    state: 'never-run',
    isStale: true,
    freshness: expect.stringMatching(/never loaded/),
  })
  for (const user of [viewer, analyst]) {
    expect(await user.post('/api/feeds/kev/run')).toMatchObject({ status: 403 })
    expect(await user.patch('/api/feeds/kev', { isEnabled: true })).toMatchObject({ status: 403 })
  }
  expect(await admin.patch('/api/feeds/kev', { isEnabled: true, everyHours: 12 })).toMatchObject({
    status: 204,
  })
  expect(await feedNamed('kev')).toMatchObject({ isEnabled: true, everyHours: 12 })
  expect(await admin.patch('/api/feeds/kev', { url: 'file:///etc/passwd' })).toMatchObject({
    status: 400,
  })
  expect(await admin.patch('/api/feeds/none', { isEnabled: true })).toMatchObject({ status: 404 })
})

test('a refused document is an answer with the reason, and is counted as a refused run', async () => {
  const page = Buffer.from('<html>Please sign in</html>')
  expect(await send(admin, '/api/feeds/kev/documents', 'kev.json', page)).toMatchObject({
    status: 422,
    body: { code: 'feed-refused', reasons: [expect.stringContaining('web page')] },
  })
  expect(await feedNamed('kev')).toMatchObject({
    state: 'refused',
    problem: expect.stringContaining('web page'),
  })
  expect(await admin.get('/api/feeds/kev/runs')).toMatchObject({
    body: { items: [{ outcome: 'refused' }] },
  })
  const good = Buffer.from(JSON.stringify(kevDocument('2026-11-20')))
  expect(await send(admin, '/api/feeds/kev/documents', 'kev.json', good)).toMatchObject({
    status: 200,
    body: { counts: { signals: 3 } },
  })
  expect(await send(analyst, '/api/feeds/kev/documents', 'kev.json', good)).toMatchObject({
    status: 403,
  })
})

test('rows that cannot be used wait in quarantine, and their text comes as a download', async () => {
  const table = Buffer.from(
    'Maker,Model,Reference,Validated\nExample,Pump 300,EX-1,2026-11-01\nExample,,EX-2,\n',
  )
  expect(await send(analyst, '/api/feeds/patches/documents', 'example.csv', table)).toMatchObject({
    status: 200,
    body: { counts: { patches: 1, quarantined: 1 } },
  })
  expect(await viewer.get('/api/patches?q=pump')).toMatchObject({
    body: { total: 1, items: [{ reference: 'EX-1', validated: '2026-11-01', devices: 0 }] },
  })
  const { body } = await viewer.get('/api/quarantine?feedId=patches')
  const [entry] = (body as { items: { id: string; name: string; reason: string }[] }).items
  expect(entry).toMatchObject({ name: 'row 3', reason: 'maker and model are needed' })
  const raw = await admin.get(`/api/quarantine/${entry!.id}/raw`)
  expect(raw).toMatchObject({ status: 200, body: 'Example,,EX-2,' })
  expect(raw.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': 'attachment; filename="row_3.txt"',
  })
  expect(await viewer.get(`/api/quarantine/${entry!.id}/raw`)).toMatchObject({ status: 403 })
})

test('a bundle is imported by administrators, and a spoilt one changes nothing', async () => {
  const file = path.join(folder, 'x.wkb')
  const given = new Map([['csaf-cisa', [SAMPLES['csaf-cisa']!('2026-11-20')]]])
  await makeBundle({}, file, keys.privateKey, ['csaf-cisa'], given)
  const bytes = await readFile(file)
  expect(await send(analyst, '/api/feeds/bundle', 'x.wkb', bytes)).toMatchObject({ status: 403 })
  expect(await send(admin, '/api/feeds/bundle', 'x.wkb', bytes.subarray(0, -5))).toMatchObject({
    status: 422,
    body: { reasons: [expect.stringContaining('cut short')] },
  })
  expect(await feedNamed('csaf-cisa')).toMatchObject({ state: 'never-run' })
  expect(await send(admin, '/api/feeds/bundle', 'x.wkb', bytes)).toMatchObject({
    status: 200,
    body: { outcomes: [{ feedId: 'csaf-cisa' }] },
  })
  expect(await feedNamed('csaf-cisa')).toMatchObject({
    state: 'fresh',
    lastWay: 'bundle',
    isStale: false,
  })
})

test('an advisory that is typed in reaches the line, and a range that is not understood is said', async () => {
  const entered = {
    id: 'EX-2026-7',
    source: 'Example Medical',
    link: 'https://example.com/security/7',
    published: '2026-11-01',
    cves: ['CVE-2026-0007'],
    vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    products: [
      { maker: 'Example', model: 'Pump 300', range: '< 2.0' },
      { maker: 'Example', model: 'Pump 310', range: '< the blue' },
    ],
    remedy: 'vendor_fix',
    fixedVersion: '2.0',
  }
  expect(await viewer.post('/api/advisories', entered)).toMatchObject({ status: 403 })
  expect(await analyst.post('/api/advisories', { ...entered, vector: 'nonsense' })).toMatchObject({
    status: 400,
  })
  expect(
    await analyst.post('/api/advisories', { ...entered, link: 'javascript:alert(1)' }),
  ).toMatchObject({ status: 400 })
  expect(await analyst.post('/api/advisories', entered)).toMatchObject({
    status: 200,
    body: { unclear: ['< the blue'] },
  })
  const { rows } = await database.current.pool.query(
    `select body from advisories where id = 'EX-2026-7'`,
  )
  expect(rows).toMatchObject([
    { body: { vulnerabilities: [{ baseScore: 9.8 }], remedies: [{ version: '2.0' }] } },
  ])
  // What a source published is not replaced by what somebody types.
  await database.current.pool.query(
    `insert into advisories (id, kind, source, revision, published, revised, body)
     values ('ICSMA-26-001-01', 'csaf', 'CISA', '1', '2026-01-01', '2026-01-01', '{}')`,
  )
  expect(
    await analyst.post('/api/advisories', { ...entered, id: 'ICSMA-26-001-01' }),
  ).toMatchObject({ status: 409, body: { code: 'advisory-known' } })
  expect(
    await analyst.post('/api/advisories', { ...entered, published: '2199-01-01' }),
  ).toMatchObject({ status: 400 })
  expect(await analyst.post('/api/advisories', { ...entered, id: 'CVE-2026-1' })).toMatchObject({
    status: 400,
  })
  expect(await analyst.post('/api/advisories', { ...entered, remedy: 'mitigation' })).toMatchObject(
    {
      status: 200,
    },
  )
  const told = await database.current.pool.query(
    `select payload from outbox where subject = 'advisory.published' order by seq desc limit 1`,
  )
  expect(told.rows).toMatchObject([{ payload: { advisoryIds: ['EX-2026-7'] } }])
})

test('forms and bills of materials are shown first and kept when the person says so', async () => {
  const rows = [
    'DOC-1,Manufacturer,Example',
    'DOC-3,Model,Pump 300',
    'MPII-1,x?,Yes',
    'RMOT-1,x?,No',
    'TXCF-2,x?,Yes',
    'CONN-4,x?,____',
  ]
  const form = Buffer.from(rows.join('\n'))
  expect(await send(analyst, '/api/mds2?preview=true', 'f.csv', form)).toMatchObject({
    status: 200,
    body: { isSaved: false, form: { models: ['Pump 300'] } },
  })
  expect(await viewer.get('/api/mds2')).toMatchObject({ body: { items: [] } })
  expect(await send(analyst, '/api/mds2', 'f.csv', form)).toMatchObject({
    status: 200,
    body: { isSaved: true },
  })
  expect(await viewer.get('/api/mds2')).toMatchObject({
    body: { items: [{ manufacturer: 'Example', yes: 2, no: 1, unanswered: 1 }] },
  })
  const bom = SAMPLES.sbom!('2026-11-01').bytes
  expect(await send(analyst, '/api/sboms?preview=true', 'b.json', bom)).toMatchObject({
    body: { isSaved: false, model: 'Pump 300', total: 1 },
  })
  expect(await send(analyst, '/api/sboms?version=7', 'b.json', bom)).toMatchObject({
    body: { isSaved: true, range: '7' },
  })
  expect((await database.current.pool.query('select 1 from sboms')).rows).toHaveLength(1)
  // What clears devices is no word of one person.
  const vex = Buffer.from(
    JSON.stringify({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': 'urn:example:vex:1',
      author: 'Example',
      timestamp: '2026-11-01T00:00:00Z',
      version: 1,
      statements: [
        {
          vulnerability: { name: 'CVE-2026-1000' },
          products: [{ '@id': 'pkg:generic/example/pump-300@7' }],
          status: 'not_affected',
          justification: 'component_not_present',
        },
      ],
    }),
  )
  expect(
    await send(analyst, '/api/sboms?manufacturer=Example&model=Pump%20300', 'v.json', vex),
  ).toMatchObject({
    status: 409,
    body: { code: 'clears-devices' },
  })
  expect((await database.current.pool.query('select 1 from vex_statements')).rows).toHaveLength(0)
  expect(await send(analyst, '/api/sboms', 'b.json', Buffer.from('nonsense'))).toMatchObject({
    status: 422,
  })
})

test('the recall desk shows recalls that touch devices here, or all', async () => {
  await send(
    admin,
    '/api/feeds/fda-recalls/documents',
    'r.json',
    SAMPLES['fda-recalls']!('2026-11-20').bytes,
  )
  expect(await viewer.get('/api/recalls')).toMatchObject({ body: { total: 0 } })
  expect(await viewer.get('/api/recalls?matched=all&q=z-0001')).toMatchObject({
    body: { total: 1, items: [{ number: 'Z-0001-2026', class: 'II', affected: 0, tasks: [] }] },
  })
})
