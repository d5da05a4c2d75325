import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { configureFeed } from '../store/feeds.ts'
import { useDatabase } from '../testing/database.ts'
import { demandOutside, makeDownload } from './download.ts'
import { runDueFeeds } from './schedule.ts'
import { listFeeds, runFeed } from './service.ts'
import { csafDocument, kevDocument, SAMPLES } from './testing/samples.ts'
import { serveFeeds, type TestServer } from './testing/serve.ts'

const database = useDatabase()
const NOW = Date.parse('2026-11-25T12:00:00Z')
let server: TestServer

beforeAll(async () => void (server = await serveFeeds()))
afterAll(() => server.close())
beforeEach(() => {
  server.pages.clear()
  server.asked.length = 0
  server.headers.length = 0
})

const download = makeDownload({ backOff: [1, 1], timeoutMs: 2000, proxy: {} })
const context = (now = NOW, env: NodeJS.ProcessEnv = {}) => ({
  db: database.current.db,
  download,
  env,
  now: () => now,
})

async function configure(id: string, path: string): Promise<void> {
  await database.current.db
    .transaction()
    .execute((trx) => configureFeed(trx, id, { url: `${server.url}${path}`, isEnabled: true }))
}

const statusOf = async (id: string) =>
  (await listFeeds(database.current.db, NOW)).find(({ feed }) => feed.id === id)!

test('a catalogue is fetched once and asked for again by its entity tag', async () => {
  await configure('kev', '/kev.json')
  server.pages.set('/kev.json', (request, response) => {
    if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end()
    else response.writeHead(200, { etag: '"one"' }).end(JSON.stringify(kevDocument('2026-11-24')))
  })
  expect(await runFeed(context(), 'kev', 'test')).toMatchObject({
    outcome: 'changed',
    counts: { signals: 3 },
  })
  expect(await runFeed(context(NOW + 1000), 'kev', 'test')).toMatchObject({ outcome: 'unchanged' })
  expect((await statusOf('kev')).counts).toMatchObject({ signals: 3 })
})

test('what passes is tried again, what stays is refused with the address but without its query', async () => {
  await configure('epss', '/epss.csv')
  let calls = 0
  server.pages.set('/epss.csv', (_request, response) => {
    if (++calls < 3) response.writeHead(503).end()
    else response.end(gzipSync(SAMPLES.epss!('2026-11-24').bytes))
  })
  expect(await runFeed(context(), 'epss', 'test')).toMatchObject({ counts: { signals: 2 } })
  expect(calls).toBe(3)
  await configure('epss', '/gone.csv?token=hush')
  const refused = runFeed(context(), 'epss', 'test')
  await expect(refused).rejects.toThrow(/gone\.csv answers 404/)
  await expect(refused).rejects.not.toThrow('hush')
})

test('a transfer that breaks off, a body without end and a gzip bomb change nothing', async () => {
  await configure('kev', '/kev.json')
  const before = (await statusOf('kev')).counts
  server.pages.set('/kev.json', (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"catalogVersion"', () => response.destroy())
  })
  await expect(runFeed(context(), 'kev', 'test')).rejects.toThrow(/broke off|socket hang up/)
  const bomb = gzipSync(Buffer.alloc(120_000_000))
  server.pages.set('/kev.json', (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  )
  await expect(runFeed(context(), 'kev', 'test')).rejects.toThrow(
    /unpacks to more than 50,000,000 bytes/,
  )
  server.pages.set('/kev.json', (_request, response) => {
    response.writeHead(200, { 'content-length': '90000000' })
    response.end()
  })
  await expect(runFeed(context(), 'kev', 'test')).rejects.toThrow(/larger than/)
  expect((await statusOf('kev')).counts).toEqual(before)
})

test('plain HTTP to another machine is refused, also behind a redirect, and a key stays with its host', async () => {
  await configure('kev', '/kev.json')
  server.pages.set('/kev.json', (_request, response) =>
    response.writeHead(302, { location: 'http://feeds.example.org/kev.json' }).end(),
  )
  await expect(runFeed(context(), 'kev', 'test')).rejects.toThrow('is not HTTPS')
})

function provide(id: string, day: string, range: string): void {
  const bytes = Buffer.from(JSON.stringify(csafDocument(id, day, range)))
  server.pages.set(`/white/2026/${id}.json`, bytes)
  server.pages.set(
    `/white/2026/${id}.json.sha512`,
    `${createHash('sha512').update(bytes).digest('hex')}  ${id}.json\n`,
  )
}

test('a CSAF folder is read by changes.csv; only what is newer is fetched; a wrong hash is set aside', async () => {
  await configure('csaf-other', '/white')
  provide('EX-1', '2026-11-01', '< 2.0')
  provide('EX-2', '2026-11-02', '< 3.0')
  provide('EX-3', '2026-11-03', '< 4.0')
  server.pages.set('/white/2026/EX-2.json.sha512', `${'0'.repeat(128)}  EX-2.json\n`)
  const changes = (...rows: string[]) => server.pages.set('/white/changes.csv', rows.join('\n'))
  changes(
    '2026/EX-3.json,2026-11-03T10:00:00Z',
    'csaf_files/OT/white/2026/EX-2.json,2026-11-02T10:00:00Z',
    '"2026/EX-1.json","2026-11-01T10:00:00Z"',
  )
  const first = await runFeed(context(), 'csaf-other', 'test')
  expect(first.counts).toMatchObject({ documents: 2, advisories: 2, quarantined: 1 })
  const { rows } = await database.current.pool.query(
    `select name, reason from quarantined_documents where feed_id = 'csaf-other' and ended is null`,
  )
  expect(rows).toEqual([
    { name: 'EX-2.json', reason: expect.stringContaining('sha512 hash is not the one') },
  ])

  server.asked.length = 0
  provide('EX-2', '2026-11-04', '< 3.5')
  changes('2026/EX-2.json,2026-11-04T10:00:00Z', '2026/EX-3.json,2026-11-03T10:00:00Z')
  expect((await runFeed(context(), 'csaf-other', 'test')).counts).toMatchObject({
    documents: 1,
    advisories: 1,
  })
  expect(server.asked.filter((one) => one.endsWith('EX-3.json'))).toEqual([])
  expect((await statusOf('csaf-other')).quarantined).toBe(0)
})

test('provider metadata leads to a ROLIE feed', async () => {
  await configure('csaf-siemens', '/provider-metadata.json')
  provide('EX-9', '2026-11-05', '< 9')
  const rolie = `${server.url}/white/feed.json`
  server.pages.set(
    '/provider-metadata.json',
    JSON.stringify({ distributions: [{ rolie: { feeds: [{ url: rolie, tlp_label: 'WHITE' }] } }] }),
  )
  const src = `${server.url}/white/2026/EX-9.json`
  const link = [{ rel: 'hash', href: `${src}.sha512` }]
  const entry = [{ id: 'EX-9', updated: '2026-11-05T10:00:00Z', content: { src }, link }]
  server.pages.set('/white/feed.json', JSON.stringify({ feed: { entry } }))
  expect((await runFeed(context(), 'csaf-siemens', 'test')).counts).toMatchObject({ advisories: 1 })
})

test('NVD is read page by page, then in windows of what changed; the key goes in a header', async () => {
  await configure('nvd', '/nvd')
  const sample = JSON.parse(Buffer.from(SAMPLES.nvd!('2026-11-20').bytes).toString()) as Record<
    string,
    unknown
  >
  server.pages.set('/nvd', (request, response) => {
    const query = new URL(request.url ?? '', server.url).searchParams
    const isAll = !query.has('lastModStartDate')
    const row = (sample.vulnerabilities as { cve: object }[])[0]!
    const id = isAll ? `CVE-2026-1${query.get('startIndex')!.padStart(5, '0')}` : 'CVE-2026-77777'
    const vulnerabilities = [{ cve: { ...row.cve, id } }]
    response.end(JSON.stringify({ ...sample, totalResults: isAll ? 4001 : 1, vulnerabilities }))
  })
  const fast = { ...context(NOW, { WARDKEEPER_NVD_KEY: 'hush' }) }
  const { counts } = await runFeed(fast, 'nvd', 'test')
  expect(counts).toMatchObject({ documents: 3, advisories: 3 })
  expect(server.headers[0]).toMatchObject({ apikey: 'hush' })
  expect(server.asked.join(' ')).not.toContain('hush')
  server.asked.length = 0
  await runFeed({ ...fast, now: () => NOW + 200 * 86_400_000 }, 'nvd', 'test').catch(
    () => undefined,
  )
  const windows = server.asked.map((one) => new URL(one, server.url).searchParams)
  expect(windows.length).toBe(2)
  for (const one of windows) {
    const length = Date.parse(one.get('lastModEndDate')!) - Date.parse(one.get('lastModStartDate')!)
    expect(length).toBeLessThanOrEqual(120 * 86_400_000)
  }
})

test('recalls and enforcement reports are joined on the recall number; 404 is an empty answer', async () => {
  await configure('fda-recalls', '/device')
  const meta = { last_updated: '2026-11-20' }
  const report = JSON.parse(
    Buffer.from(SAMPLES['fda-recalls']!('2026-11-20').bytes).toString(),
  ) as { results: object[] }
  server.pages.set(
    '/device/recall.json',
    JSON.stringify({
      meta,
      results: [
        {
          product_res_number: 'Z-0001-2026',
          res_event_number: '90001',
          product_code: 'FRN',
          product_description: 'Example Pump',
          recalling_firm: 'Example Medical, Inc.',
          event_date_initiated: '2026-11-20',
        },
      ],
    }),
  )
  server.pages.set('/device/enforcement.json', JSON.stringify({ meta, ...report }))
  expect((await runFeed(context(), 'fda-recalls', 'test')).counts).toMatchObject({ advisories: 1 })
  const { rows } = await database.current.pool.query(
    `select body->'recall' recall from advisories where kind = 'recall'`,
  )
  expect(rows).toContainEqual({
    recall: expect.objectContaining({ number: 'Z-0001-2026', class: 'II', productCode: 'FRN' }),
  })
  const nothing = (
    _request: unknown,
    response: { writeHead(code: number): { end(text: string): void } },
  ) => response.writeHead(404).end('{"error":{"code":"NOT_FOUND","message":"No matches found!"}}')
  server.pages.set('/device/recall.json', nothing)
  server.pages.set('/device/enforcement.json', nothing)
  expect(await runFeed(context(NOW + 1000), 'fda-recalls', 'test')).toMatchObject({
    outcome: 'changed',
    counts: { changed: 0 },
  })
})

test('only feeds that are enabled and due run by themselves', async () => {
  await database.current.db.updateTable('feeds').set({ is_enabled: false }).execute()
  await configure('kev', '/kev.json')
  server.pages.set('/kev.json', JSON.stringify(kevDocument('2026-11-25')))
  const later = Date.now() + 7 * 3_600_000
  const more = { log: () => undefined, onLoaded: () => undefined }
  expect(await runDueFeeds({ ...context(later), ...more })).toEqual(['kev'])
  expect(await runDueFeeds({ ...context(Date.now()), ...more })).toEqual([])
})

test('a source elsewhere sends us to nothing on this machine, neither by a link nor by a redirect', async () => {
  const { db } = database.current
  const url = 'https://feeds.example.org/feed.json'
  await db.transaction().execute((trx) => configureFeed(trx, 'csaf-cisa', { url }))
  const inside = `${server.url}/secret.json`
  const entry = { content: { src: inside }, updated: '2026-11-24T00:00:00Z', link: [] }
  const bytes = Buffer.from(JSON.stringify({ feed: { entry: [entry] } }))
  const answer = { status: 200, bytes, etag: undefined, lastModified: undefined, link: undefined }
  const split: typeof download = async (address, options) =>
    address === url ? answer : await download(address, options)
  await expect(runFeed({ ...context(), download: split }, 'csaf-cisa', 'test')).rejects.toThrow(
    'points to this machine itself',
  )
  expect(server.asked).toEqual([])
  for (const to of [
    'http://127.0.0.2:1/',
    'https://localhost/',
    'http://[::1]/',
    'http://2130706433/',
  ]) {
    expect(() => demandOutside(url, to)).toThrow('points to this machine')
  }
  expect(() => demandOutside(url, 'https://mirror.example.org/a')).not.toThrow()
  expect(() => demandOutside(server.url, inside)).not.toThrow()
})
