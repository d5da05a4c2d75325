import * as contract from '@wardkeeper/contract'
import { ROLE_PERMISSIONS, type Route } from '@wardkeeper/contract'
import type { Role } from '@wardkeeper/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApi, type TestApi } from '../testing/api.ts'
import { useDatabase } from '../testing/database.ts'
import { newId } from '../store/uuid.ts'

const database = useDatabase()
let api: TestApi
beforeAll(async () => {
  api = await testApi(database.current)
})
afterAll(() => api.close())

const routes = Object.entries(contract as Record<string, unknown>).filter(
  (entry): entry is [string, Route] =>
    typeof entry[1] === 'object' && entry[1] !== null && 'method' in entry[1] && 'path' in entry[1],
)

test('the contract has routes', () => expect(routes.length).toBeGreaterThan(30))

test.each(routes)('%s is served and described', (_name, route) => {
  expect(api.app.hasRoute({ method: route.method, url: route.path })).toBe(true)
  const described = api.app.swagger() as unknown as {
    paths: Record<string, Record<string, { summary: string }>>
  }
  const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
  expect(described.paths[path]?.[route.method.toLowerCase()]?.summary).toBe(route.summary)
})

test.each(routes.filter(([, route]) => route.permission !== 'public'))(
  '%s is refused to strangers and to roles without its permission',
  async (_name, route) => {
    const url = route.path.replace(':id', newId())
    const stranger = await api.app.inject({ method: route.method, url, payload: {} })
    expect(stranger.statusCode).toBe(401)
    const { permission } = route
    if (permission === 'signed-in' || permission === 'public') return
    const without = (Object.keys(ROLE_PERMISSIONS) as Role[]).filter(
      (role) => !ROLE_PERMISSIONS[role].includes(permission),
    )
    // Nobody is left out of reading: then somebody without any role is refused.
    const user = await api.as(without)
    if (route.method === 'POST') expect((await user.post(url, {})).status).toBe(403)
    if (route.method === 'PATCH') expect((await user.patch(url, {})).status).toBe(403)
    if (route.method === 'GET') expect((await user.get(url)).status).toBe(403)
  },
)
