import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FetchPage, pullSettings, pullTable } from './rest-pull.ts'
import { flattenRow, tableOfRows, valueAt } from './rest-rows.ts'

type Answer = (request: IncomingMessage, url: URL, response: ServerResponse) => unknown
let answer: Answer
let asked: string[] = []
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  asked.push(url.pathname + url.search)
  const body = answer(request, url, response)
  if (response.writableEnded) return
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
})
let base = ''

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
beforeEach(() => void (asked = []))

const download: FetchPage = async (url, { headers }) => {
  const got = await fetch(url, { headers })
  if (!got.ok) throw new Error(`answers ${got.status}`)
  return { bytes: await got.bytes(), link: got.headers.get('link') ?? undefined }
}
const pull = (settings: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv = {}) =>
  pullTable(
    pullSettings.parse({ name: 'CMMS', url: `${base}/api`, ...settings }),
    download,
    environment,
  )
const device = (at: number) => ({
  id: at,
  serial: `S${at}`,
  model: { name: 'Pump 3', link: 'https://x' },
})
const devices = (from: number, count: number) =>
  Array.from({ length: count }, (_one, at) => device(from + at))

test('rows go flat, references by what a person reads, and lists by their first', () => {
  const row = {
    sys_id: 'a',
    model: { display_value: 'Alaris 8015', value: '77', link: 'https://x/77' },
    tags: ['one', 'two', 'three', 'four'],
    interfaces: [{ mac: '02:00:00:00:00:01' }, { mac: '02:00:00:00:00:02' }],
    isActive: true,
    gone: null,
  }
  expect(Object.fromEntries(flattenRow(row))).toEqual({
    sys_id: 'a',
    model: 'Alaris 8015',
    'model.display_value': 'Alaris 8015',
    'model.value': '77',
    'model.link': 'https://x/77',
    tags: 'one, two, three',
    'interfaces.mac': '02:00:00:00:00:01',
    isActive: 'true',
  })
  expect(tableOfRows([{ a: 1 }, { b: 2, a: 3 }])).toEqual([
    ['a', 'b'],
    ['1', ''],
    ['3', '2'],
  ])
  let deep: unknown = 'x'
  for (let depth = 0; depth < 10_000; depth++) deep = { deep }
  expect(flattenRow(deep).size).toBe(0)
  expect(valueAt({ 'a/b': { '~': 5 } }, '/a~1b/~0')).toBe(5)
  expect(valueAt({}, '/constructor')).toBeUndefined()
})

test.each([
  ['rows passed over', { by: 'offset', parameter: 'from' }, ['?from=0', '?from=2', '?from=3']],
  ['numbers', { by: 'number', parameter: 'page' }, ['?page=1', '?page=2', '?page=3']],
  ['a cursor', { by: 'cursor', parameter: 'after', at: '/meta/next' }, ['', '?after=2']],
  ['a link in the answer', { by: 'link', at: '/next' }, ['', '?from=2']],
  ['a link in the header', { by: 'link' }, ['', '?from=2']],
])('pages by %s are all read', async (_way, page, addresses) => {
  answer = (_request, url, response) => {
    const at = Number(url.searchParams.get('from') ?? url.searchParams.get('after') ?? NaN)
    const number = Number(url.searchParams.get('page') ?? 0)
    const isFirst = number === 1 || (number === 0 && !(at > 0))
    const isLast = at === 2 || number === 2
    if (isFirst && page.by === 'link')
      response.setHeader('link', '</api?from=1>; rel="prev", </api?from=2>; rel="next"')
    return {
      data: isFirst ? devices(0, 2) : isLast ? devices(2, 1) : [],
      ...(isFirst ? { next: '/api?from=2', meta: { next: 2 } } : {}),
    }
  }
  const { table, pages } = await pull({ rows: '/data', page })
  expect(asked).toEqual(addresses.map((query) => `/api${query}`))
  expect(pages).toBe(addresses.length)
  expect(table.headers).toEqual(['id', 'serial', 'model.name', 'model.link'])
  expect(table.rows.map(([id]) => id)).toEqual(['0', '1', '2'])
})

test('a bundle of FHIR is followed to its end', async () => {
  const entry = (serialNumber: string) => ({
    resource: {
      resourceType: 'Device',
      id: serialNumber,
      serialNumber,
      patient: { reference: 'P' },
    },
  })
  answer = (_request, url) =>
    url.searchParams.has('p')
      ? { resourceType: 'Bundle', entry: [entry('B')] }
      : {
          resourceType: 'Bundle',
          link: [{ relation: 'next', url: `${base}/api?p=2` }],
          entry: [entry('A')],
        }
  const { table } = await pull({ format: 'fhir' })
  expect(table.kind).toBe('fhir')
  expect(table.rows.map((row) => row[table.headers.indexOf('serial')])).toEqual(['A', 'B'])
})

test('keys come from the environment and go to the one server only', async () => {
  let sent: string | undefined
  answer = (request) => {
    sent = request.headers.authorization
    return [device(1)]
  }
  const headers = { Authorization: 'Bearer ${CMMS_TOKEN}' }
  await pull({ headers }, { CMMS_TOKEN: 'top secret' })
  expect(sent).toBe('Bearer top secret')
  await expect(pull({ headers })).rejects.toThrow('The environment has no CMMS_TOKEN')
  answer = () => ({ data: [device(1)], next: 'https://elsewhere.example/api' })
  const page = { by: 'link', at: '/next' }
  await expect(pull({ rows: '/data', page })).rejects.toThrow('its key is not taken there')
})

test.each([
  ['a web page', '<!doctype html><p>Sign in', /is a web page and no JSON.*Look at the key/],
  ['half an answer', '{"data": [{"id": 1}', /no JSON: it may be cut. Nothing was taken in/],
  ['rows elsewhere', { result: [{ id: 1 }] }, /no list at "\/data". Lists are at \/result/],
  ['no rows', { data: [] }, /has no rows at "\/data"/],
])('%s is refused with what to do', async (_what, body, message) => {
  answer = () => body
  await expect(pull({ rows: '/data' })).rejects.toThrow(message)
})

test('pages that lead in a circle end, and a failure in the middle takes nothing in', async () => {
  answer = () => ({ data: [device(1)], next: '/api' })
  const page = { by: 'link', at: '/next' }
  await expect(pull({ rows: '/data', page })).rejects.toThrow('leads back to a page that was read')
  answer = (_request, url, response) => {
    if (url.searchParams.has('from')) response.writeHead(403).end()
    return { data: [device(1)], next: '/api?from=1' }
  }
  await expect(pull({ rows: '/data', page })).rejects.toThrow('answers 403')
})

test('settings with a word too many or without an address are told as such', () => {
  expect(pullSettings.safeParse({ name: 'x', url: 'ftp://x' }).success).toBe(false)
  expect(pullSettings.safeParse({ name: 'x', url: 'https://x', pages: 3 }).success).toBe(false)
})
