import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets } from '../../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let viewer: TestUser

beforeAll(async () => {
  api = await testApi(database.current)
  viewer = await api.as(['viewer'])
  await addAssets(database.current.db, [
    { name: '=cmd|" /C calc"!A0', manufacturer: 'Acme', type: 'infusion-pump' },
    { name: 'ct, "main"', type: 'ct' },
    { name: 'elsewhere', siteId: 'other' },
  ])
})
afterAll(() => api.close())

test('the list leaves as CSV, filtered, and a name never becomes a formula', async () => {
  const all = await viewer.get('/api/assets/export?format=csv&sort=label')
  expect(all.headers['content-disposition']).toBe('attachment; filename="devices.csv"')
  const rows = parse(all.body as string, { bom: true, columns: true }) as Record<string, string>[]
  expect(rows.map((row) => row['Device'])).toEqual([
    `'=cmd|" /C calc"!A0`,
    'ct, "main"',
    'elsewhere',
  ])
  expect(rows[0]).toMatchObject({ Maker: 'Acme', Type: 'infusion-pump', 'Critical findings': '0' })
  const some = await viewer.get('/api/assets/export?type=ct')
  expect(parse(some.body as string, { columns: true })).toHaveLength(1)
  const local = await api.as(['viewer'], { sites: ['other'] })
  expect(
    parse((await local.get('/api/assets/export')).body as string, { columns: true }),
  ).toHaveLength(1)
  expect((await viewer.get('/api/assets/export?format=pdf')).status).toBe(400)
  expect((await viewer.get('/api/assets/export?sort=colour')).status).toBe(400)
})

test('tags and the fields of the hospital leave with it', async () => {
  const manager = await api.as(['manager'])
  const field = { label: 'Room key', type: 'text' }
  expect((await manager.post('/api/custom-fields', field)).status).toBe(200)
  const { items } = (await manager.get('/api/assets?type=ct')).body as {
    readonly items: readonly { readonly id: string }[]
  }
  const id = items[0]?.id ?? ''
  await manager.post('/api/assets/bulk', {
    assetIds: [id],
    addTags: ['loan', 'icu'],
    reason: 'lent',
  })
  await manager.patch(`/api/assets/${id}/custom`, { values: { 'room-key': 'K 7' }, reason: 'read' })
  const some = await viewer.get('/api/assets/export?type=ct')
  expect(parse(some.body as string, { bom: true, columns: true })).toMatchObject([
    { Tags: 'icu loan', 'Room key': 'K 7' },
  ])
  expect((await viewer.get('/api/assets?type=ct')).body).toMatchObject({
    items: [{ tags: ['icu', 'loan'], custom: { 'room-key': 'K 7' } }],
  })
  const counted = await viewer.get('/api/assets/facets?tag=loan')
  const tag = [
    { value: 'icu', count: 1 },
    { value: 'loan', count: 1 },
  ]
  expect(counted.body).toMatchObject({ total: 1, tag })
})

test('and as a sheet', async () => {
  const { status, headers, body } = await viewer.get('/api/assets/export?format=xlsx')
  expect(status).toBe(200)
  expect(headers['content-type']).toContain('spreadsheetml')
  expect((body as string).startsWith('PK')).toBe(true)
})
