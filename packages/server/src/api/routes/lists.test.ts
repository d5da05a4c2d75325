import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets } from '../../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let manager: TestUser
let viewer: TestUser
let one: string
let two: string
let other: string

beforeAll(async () => {
  api = await testApi(database.current)
  manager = await api.as(['manager'])
  viewer = await api.as(['viewer'])
  ;[one = '', two = '', other = ''] = await addAssets(database.current.db, [
    { name: 'one' },
    { name: 'two' },
    { name: 'other', siteId: 'other' },
  ])
})
afterAll(() => api.close())

const reason = 'yearly round'

test('many devices change at once, or none', async () => {
  const tag = { assetIds: [one, two], addTags: ['Cold Chain', 'loan'], owner: 'Pharmacy', reason }
  expect((await viewer.post('/api/assets/bulk', tag)).status).toBe(403)
  expect((await manager.post('/api/assets/bulk', tag)).body).toEqual({ changed: 2 })
  const untag = { assetIds: [two], removeTags: ['loan'], addTags: ['cold chain'], reason }
  await manager.post('/api/assets/bulk', untag)
  expect((await viewer.get(`/api/assets/${two}`)).body).toMatchObject({
    tags: ['cold chain'],
    owner: 'Pharmacy',
  })
  const listed = async (query: string) => (await viewer.get(`/api/assets?${query}`)).body
  expect(await listed('tag=loan')).toMatchObject({ total: 1, items: [{ id: one }] })
  expect(await listed('tag=loan&tag=cold chain')).toMatchObject({ total: 2 })
  const mixed = { assetIds: [one, other], owner: 'Lab', reason }
  expect(await manager.post('/api/assets/bulk', mixed)).toMatchObject({
    body: { code: 'several-sites' },
  })
  const local = await api.as(['manager'], { sites: ['main'] })
  expect((await local.post('/api/assets/bulk', mixed)).status).toBe(404)
  expect((await viewer.get(`/api/assets/${one}`)).body).toMatchObject({ owner: 'Pharmacy' })
  expect((await manager.post('/api/assets/bulk', { ...tag, addTags: ['<b>'] })).status).toBe(400)
  expect((await viewer.get(`/api/assets/${two}/history?field=tags`)).body).toMatchObject({
    items: [{ reason, changes: [{ before: 'cold chain, loan', after: 'cold chain' }] }, {}],
  })
})

test('a hospital adds fields with types, and wrong values are told by name', async () => {
  const add = (body: object) => manager.post('/api/custom-fields', body)
  expect((await add({ label: 'Class', type: 'choice' })).status).toBe(400)
  expect((await add({ label: 'Class', type: 'choice', choices: ['A', 'B'] })).status).toBe(200)
  expect((await add({ label: ' class ', type: 'text' })).status).toBe(409)
  await add({ label: 'Leased until', type: 'date' })
  const set = (values: object) => manager.patch(`/api/assets/${one}/custom`, { values, reason })
  expect(await set({ class: 'C', 'leased-until': 'soon', colour: 'red' })).toMatchObject({
    status: 400,
    body: {
      reasons: [
        'Class: one of A, B',
        expect.stringMatching(/^Leased until/),
        'colour: there is no such field',
      ],
    },
  })
  expect((await set({ class: 'A', 'leased-until': '2027-01-31' })).status).toBe(200)
  expect((await set({ class: '' })).body).toEqual({ values: { 'leased-until': '2027-01-31' } })
  expect((await viewer.get(`/api/assets/${one}`)).body).toMatchObject({
    custom: { 'leased-until': '2027-01-31' },
  })
})

test('views are one’s own or shared, and end by their owner', async () => {
  const view = { name: 'Cold chain', search: 'tag=cold+chain', isShared: false }
  await manager.post('/api/views', view)
  const namesOf = async (user: TestUser) =>
    ((await user.get('/api/views')).body as { items: { name: string }[] }).items.map(
      ({ name }) => name,
    )
  expect(await namesOf(viewer)).toEqual([])
  const shared = await manager.post('/api/views', { ...view, isShared: true })
  expect(shared.body).toMatchObject({ items: [{ isOwn: true, isShared: true }] })
  expect(await namesOf(viewer)).toEqual(['Cold chain'])
  const { id } = (shared.body as { items: { id: string }[] }).items[0]!
  expect((await viewer.post(`/api/views/${id}/end`)).status).toBe(404)
  expect((await manager.post(`/api/views/${id}/end`)).body).toEqual({ items: [] })
})
