import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSession } from '../../store/sessions.ts'
import { tellChange } from '../../store/changes.ts'
import { testApi, type TestApi } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'
import { SESSION_COOKIE } from '../session-cookie.ts'

const database = useDatabase()
let api: TestApi
let address: string
let cookie: string

beforeAll(async () => {
  api = await testApi(database.current)
  address = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { id } = await api.as(['analyst'], { sites: ['main'] })
  cookie = `${SESSION_COOKIE}=${await openSession(database.current.db, id, Date.now())}`
})
afterAll(() => api.close())

function upload(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Response> {
  const body = new FormData()
  body.append('file', new Blob([bytes]), name)
  return fetch(`${address}/api/captures`, { method: 'POST', body, headers: { cookie } })
}

test('a capture that is handed in reaches the disk and whoever analyses it', async () => {
  const bytes = new Uint8Array(300_000).map((_, n) => (n * 7) & 0xff)
  bytes.set([0x0a, 0x0d, 0x0d, 0x0a])
  const reply = await upload(bytes, '../../ward 7.pcapng')
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  expect(await reply.json()).toEqual({
    sensorId: `capture:${hash}`,
    name: 'ward 7.pcapng',
    bytes: 300_000,
  })
  expect(api.captures).toMatchObject([{ name: 'ward 7.pcapng' }])
  expect(api.captures[0]?.path).toMatch(/\.pcapng$/)
  expect(Buffer.compare(readFileSync(api.captures[0]!.path), bytes)).toBe(0)
})

test.each([
  ['a text', 'hello, I am no capture'],
  ['too short to be one', 'ab'],
  ['nothing', ''],
])('refuses %s', async (_case, text) => {
  const reply = await upload(new TextEncoder().encode(text), 'x.pcap')
  expect(reply.status).toBe(415)
  expect(await reply.json()).toMatchObject({ code: 'not-a-capture' })
  expect(api.captures.length).toBe(1)
})

test('a capture is not taken from somebody who may only read', async () => {
  const viewer = await api.as(['viewer'])
  expect((await viewer.post('/api/captures', {})).status).toBe(403)
})

test('events tell of changes at the own sites, as they are committed', async () => {
  const { db } = database.current
  const abort = new AbortController()
  const reply = await fetch(`${address}/api/events`, { headers: { cookie }, signal: abort.signal })
  expect(reply.headers.get('content-type')).toBe('text/event-stream')
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader()
  await expect.poll(() => api.changes.watchers).toBe(1)
  await tellChange(db, 'asset.changed', 'other', ['hidden'])
  await db
    .transaction()
    .execute(async (trx) => {
      await tellChange(trx, 'asset.changed', 'main', ['rolled back'])
      throw new Error('no')
    })
    .catch(() => undefined)
  const ids = Array.from({ length: 320 }, (_, n) => `id-${n}`)
  await tellChange(db, 'finding.changed', 'main', ids)
  let text = ''
  while (!text.includes('id-300')) text += (await reader.read()).value ?? ''
  expect(text).toContain('event: finding.changed\ndata: {"id":"id-0"}\n\n')
  expect(text).not.toContain('hidden')
  expect(text).not.toContain('rolled back')
  abort.abort()
  await expect.poll(() => api.changes.watchers).toBe(0)
})

test('who was cut off is told what they missed, or that it may be anything', async () => {
  const { db } = database.current
  const listen = async (lastId: string | undefined, until: string) => {
    const abort = new AbortController()
    const headers = { cookie, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) }
    const reply = await fetch(`${address}/api/events`, { headers, signal: abort.signal })
    const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader()
    if (lastId === undefined) await tellChange(db, 'asset.changed', 'main', ['a', 'b'])
    let text = ''
    while (!text.includes(until)) text += (await reader.read()).value ?? ''
    abort.abort()
    return text
  }
  const first = await listen(undefined, '"b"')
  const id = /id: (\S+)\nevent: asset.changed\ndata: {"id":"b"}/.exec(first)?.[1]
  expect(id).toBeDefined()
  await expect.poll(() => api.changes.watchers).toBe(0)
  await tellChange(db, 'incident.changed', 'other', ['hidden'])
  await tellChange(db, 'incident.changed', 'main', ['missed'])
  await expect.poll(() => api.changes.since(id!)?.length).toBe(2)
  const second = await listen(id, 'missed')
  expect(second).not.toContain('"b"')
  expect(second).not.toContain('hidden')
  expect(await listen('another-run.7', 'sensor.changed\ndata: {"id":"*"}')).toContain(
    'event: asset.changed\ndata: {"id":"*"}',
  )
})

test('events need a session', async () => {
  expect((await fetch(`${address}/api/events`)).status).toBe(401)
})

test('health and metrics; metrics are not for strangers from elsewhere', async () => {
  expect(await (await fetch(`${address}/api/health`)).json()).toEqual({ status: 'ok' })
  const metrics = await (await fetch(`${address}/metrics`)).text()
  expect(metrics).toContain('wardkeeper_messages_waiting 0')
  expect(metrics).toMatch(
    /wardkeeper_http_request_seconds_count\{method="GET",route="\/api\/health",status="200"\} \d/,
  )
  const forwarded = await fetch(`${address}/metrics`, {
    headers: { 'x-forwarded-for': '10.1.1.1' },
  })
  expect(forwarded.status).toBe(401)
})

test('overview, sensors, search and about answer on an empty database', async () => {
  const admin = await api.as(['admin'])
  expect((await admin.get('/api/overview')).body).toMatchObject({
    assets: 0,
    attention: [],
    advisories: { count: 1, date: '2026-01-02', ageDays: expect.any(Number) },
  })
  expect((await admin.get('/api/sensors')).body).toEqual({ items: [] })
  expect((await admin.get('/api/search?q=x')).body).toEqual({ items: [] })
  expect((await admin.get('/api/about')).body).toMatchObject({
    database: expect.stringContaining('PostgreSQL 1'),
  })
  const openapi = (await admin.get('/api/openapi.json')).body as { openapi: string; paths: object }
  expect(openapi.openapi).toBe('3.1.0')
  expect(Object.keys(openapi.paths).length).toBeGreaterThan(25)
})
