import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Refusal } from '@wardkeeper/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApi, type TestApi } from '../testing/api.ts'
import { useDatabase } from '../testing/database.ts'
import { ensureFirstAdmin } from '../store/users.ts'
import { ApiError } from './errors.ts'

const database = useDatabase()
let api: TestApi
let first: Awaited<ReturnType<typeof ensureFirstAdmin>>

beforeAll(async () => {
  first = await database.current.db.transaction().execute(ensureFirstAdmin)
  api = await testApi(database.current, {
    extra(app) {
      const open = { config: { permission: 'public' } } as const
      app.get('/api/fails', open, () => {
        throw new Error('the secret of the database')
      })
      app.get('/api/refuses', open, () => {
        throw new Refusal('too-late', ['It is over.'])
      })
      app.get('/api/missing', open, () => {
        throw new ApiError('not-found')
      })
      app.get('/api/breaks/:code', open, ({ params }) => {
        const { code } = params as { readonly code: string }
        throw Object.assign(new Error('the secret of the database'), { code })
      })
      app.post('/api/change', open, async () => ({ done: true }))
    },
  })
})
afterAll(() => api.close())

test('a route that declares no permission keeps the server from starting', async () => {
  const planted = testApi(database.current, {
    extra: (app) => app.get('/api/planted', async () => 'open'),
  })
  await expect(planted).rejects.toThrow('The route GET /api/planted declares no permission')
})

test.each([
  ['/api/fails', 500, 'internal'],
  ['/api/breaks/40P01', 503, 'busy'],
  ['/api/breaks/57P03', 503, 'database-away'],
  ['/api/breaks/ECONNREFUSED', 503, 'database-away'],
  ['/api/breaks/53100', 507, 'disk-full'],
  ['/api/breaks/53300', 500, 'internal'],
  ['/api/breaks/ENOENT', 500, 'internal'],
  ['/api/refuses', 409, 'too-late'],
  ['/api/missing', 404, 'not-found'],
  ['/api/session', 401, 'not-signed-in'],
  ['/api/nowhere', 404, 'no-such-route'],
])('%s answers %i %s in the one shape of errors', async (url, status, code) => {
  const reply = await api.app.inject(url)
  expect(reply.statusCode).toBe(status)
  expect(reply.headers['content-type']).toBe('application/problem+json')
  expect(reply.json()).toMatchObject({ status, code, type: `urn:wardkeeper:error:${code}` })
  expect(reply.body).not.toContain('secret')
})

test('wrong input names the field', async () => {
  const user = await api.as(['viewer'])
  expect(await user.get('/api/assets?limit=0&sort=nonsense')).toMatchObject({
    status: 400,
    body: {
      code: 'invalid-input',
      reasons: [expect.stringContaining('limit'), expect.stringContaining('sort')],
    },
  })
  expect(await user.get('/api/assets/not-an-id')).toMatchObject({ status: 400 })
  expect(await user.get('/api/assets?cursor=abc')).toMatchObject({ status: 400 })
})

test('roles decide: a viewer may read, but neither declare nor see accounts', async () => {
  const viewer = await api.as(['viewer'])
  expect((await viewer.get('/api/assets')).status).toBe(200)
  expect(await viewer.get('/api/users')).toMatchObject({
    status: 403,
    body: { code: 'not-allowed' },
  })
})

test.each([
  [{}, 200],
  [{ origin: 'http://localhost:80' }, 403],
  [{ origin: 'http://evil.example' }, 403],
  [{ origin: 'null' }, 403],
  [{ host: 'ward.example', origin: 'https://ward.example' }, 200],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-site' }, 403],
  [{ 'sec-fetch-site': 'same-origin' }, 200],
])('a change with headers %j answers %i', async (headers, status) => {
  const reply = await api.app.inject({ method: 'POST', url: '/api/change', headers })
  expect(reply.statusCode).toBe(status)
})

test('from the one-time password to a password of the own, and out again', async () => {
  const send = (method: 'GET' | 'POST' | 'DELETE', url: string, cookie: string, payload?: object) =>
    api.app.inject({ method, url, headers: { cookie }, ...(payload ? { payload } : {}) })
  const signIn = (password: string) =>
    send('POST', '/api/session', '', { username: 'Admin', password })

  const entered = await signIn(first!.oneTimePassword)
  expect(entered.json()).toMatchObject({ username: 'admin', mustChangePassword: true })
  const header = String(entered.headers['set-cookie'])
  expect(header).toMatch(/HttpOnly/)
  expect(header).toMatch(/SameSite=Lax/)
  const cookie = header.split(';')[0]!
  expect((await send('GET', '/api/assets', cookie)).json()).toMatchObject({
    code: 'password-change-required',
  })

  const other = String((await signIn(first!.oneTimePassword)).headers['set-cookie']).split(';')[0]!
  const change = { current: first!.oneTimePassword, next: 'correct horse battery' }
  expect(
    (await send('POST', '/api/session/password', cookie, { ...change, current: 'x' })).statusCode,
  ).toBe(401)
  expect((await send('POST', '/api/session/password', cookie, change)).json()).toMatchObject({
    mustChangePassword: false,
  })
  expect((await send('GET', '/api/assets', cookie)).statusCode).toBe(200)
  // The other session of the account ended with the password.
  expect((await send('GET', '/api/session', other)).statusCode).toBe(401)
  expect((await send('DELETE', '/api/session', cookie)).statusCode).toBe(204)
  expect((await send('GET', '/api/session', cookie)).statusCode).toBe(401)
})

test('guessing is slowed down, for names that exist and for those that do not', async () => {
  const signIn = async (username: string) => {
    const reply = await api.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { username, password: 'wrong' },
    })
    return reply.json().code
  }
  api.now += 61_000
  for (const name of ['admin', 'nobody-here']) {
    const codes = []
    for (let n = 0; n < 6; n++) codes.push(await signIn(name))
    expect(codes).toEqual([...Array(5).fill('wrong-credentials'), 'too-many-attempts'])
  }
  api.now += 61_000
  expect(await signIn('admin')).toBe('wrong-credentials')
})

test('the web interface comes from its folder and nothing else does', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'web-'))
  const webFolder = path.join(root, 'dist')
  mkdirSync(path.join(webFolder, 'assets'), { recursive: true })
  writeFileSync(path.join(root, 'secret.txt'), 'secret')
  writeFileSync(path.join(webFolder, 'index.html'), '<p>page')
  writeFileSync(path.join(webFolder, 'assets/app-1.js'), 'run()')
  const web = await testApi(database.current, { webFolder })
  const get = async (url: string) => {
    const { statusCode, body, headers } = await web.app.inject(url)
    return { statusCode, body, cache: headers['cache-control'] }
  }
  expect(await get('/')).toMatchObject({ statusCode: 200, body: '<p>page', cache: 'no-cache' })
  expect(await get('/assets/11?tab=claims')).toMatchObject({ statusCode: 200, body: '<p>page' })
  expect(await get('/assets/app-1.js')).toMatchObject({
    body: 'run()',
    cache: expect.stringContaining('immutable'),
  })
  expect((await get('/assets/gone.js')).statusCode).toBe(404)
  for (const url of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
  ]) {
    expect((await get(url)).body).not.toContain('secret')
  }
  await web.close()
  expect((await api.app.inject('/')).body).toContain('not built')
})
