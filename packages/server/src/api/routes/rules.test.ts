import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyInventoryRules } from '../../stages/apply-rules.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { testContent } from '../../testing/content.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets } from '../../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let manager: TestUser
let pump: string
let fridge: string

const FRIDGE = {
  name: 'vaccine fridge',
  when: [
    { field: 'type', is: ['refrigerator'] },
    {
      any: [
        { field: 'name', contains: ['vaccine'] },
        { field: 'unit', is: ['Pharmacy'] },
      ],
    },
  ],
  outcome: { medical: 'yes' },
}

beforeAll(async () => {
  api = await testApi(database.current)
  manager = await api.as(['manager'])
  ;[pump = '', fridge = ''] = await addAssets(database.current.db, [
    { name: 'pump', type: 'infusion-pump' },
    { name: 'vaccine-02', type: 'refrigerator' },
    { name: 'kitchen', type: 'refrigerator' },
    { name: 'elsewhere', siteId: 'other' },
  ])
})
afterAll(() => api.close())

test('a device that changes is judged by the rules that are in force', async () => {
  const content = await testContent()
  const run = () =>
    database.current.db
      .transaction()
      .execute((trx) =>
        applyInventoryRules(content).handle(
          trx,
          { siteId: 'main', assetIds: [pump, fridge] },
          { id: 'm', subject: 'asset.changed', payload: {} },
        ),
      )
  await run()
  await run()
  expect((await manager.get(`/api/assets/${pump}`)).body).toMatchObject({
    medical: { value: 'yes', rule: 'regulated' },
  })
  expect((await manager.get(`/api/assets/${fridge}`)).body).not.toHaveProperty('medical')
  const { items } = (await manager.get(`/api/assets/${pump}/history`)).body as {
    items: { cause: string; by: string }[]
  }
  expect(items.filter(({ cause }) => cause === 'rule')).toHaveLength(1)
  expect((await manager.get('/api/rules')).body).toMatchObject({
    medical: [{ name: 'regulated' }],
    counts: { yes: 1, no: 0, undecided: 2 },
    unowned: [
      { type: 'refrigerator', count: 2 },
      { type: 'infusion-pump', count: 1 },
    ],
  })
})

test('rules are tried on the inventory without writing, then put into force with a reason', async () => {
  const regulated = {
    name: 'regulated',
    when: [{ field: 'regulated', is: ['yes'] }],
    outcome: { medical: 'yes' },
  }
  const rest = {
    name: 'rest',
    when: [{ field: 'type', isKnown: true }],
    outcome: { medical: 'no' },
  }
  const set = { kind: 'medical', rules: [FRIDGE, regulated, rest] }
  expect((await manager.post('/api/rules/preview', set)).body).toMatchObject({
    assets: 3,
    changed: 2,
    outcomes: [
      { value: 'no', before: 0, after: 1 },
      { value: 'undecided', before: 2, after: 0 },
      { value: 'yes', before: 1, after: 2 },
    ],
    rules: [
      { name: 'vaccine fridge', count: 1 },
      { name: 'regulated', count: 1 },
      { name: 'rest', count: 1 },
    ],
    items: expect.arrayContaining([
      { id: fridge, label: 'vaccine-02', after: 'yes', rule: 'vaccine fridge' },
    ]),
  })
  expect((await manager.get(`/api/assets/${fridge}`)).body).not.toHaveProperty('medical')
  const viewer = await api.as(['viewer'])
  expect((await viewer.put('/api/rules', { set, reason: 'mine now' })).status).toBe(403)
  const saved = await manager.put('/api/rules', { set, reason: 'pharmacy asked' })
  expect(saved).toMatchObject({ status: 200, body: { changed: 2 } })
  expect((await manager.get(`/api/assets/${fridge}`)).body).toMatchObject({
    medical: { value: 'yes', rule: 'vaccine fridge' },
  })
  expect((await manager.get('/api/rules')).body).toMatchObject({
    medicalFrom: { by: manager.username, reason: 'pharmacy asked' },
  })
  const twice = { kind: 'medical', rules: [FRIDGE, FRIDGE] }
  expect(await manager.put('/api/rules', { set: twice, reason: 'by mistake' })).toMatchObject({
    status: 409,
    body: { code: 'rules-with-faults' },
  })
  const wrong = { kind: 'medical', rules: [{ ...FRIDGE, when: [{ field: 'colour', is: ['x'] }] }] }
  expect((await manager.post('/api/rules/preview', wrong)).status).toBe(400)
})

test('who answers for a device is said by a rule with dates; what has no owner is a queue', async () => {
  const rule = (until: string) => ({
    kind: 'ownership',
    rules: [
      {
        name: 'cold chain',
        when: [{ field: 'type', is: ['refrigerator'] }],
        outcome: { accountable: 'Pharmacy', responsible: 'Ann Ito', deputy: 'Ben Roe', until },
      },
    ],
  })
  await manager.put('/api/rules', { set: rule('2099-12-31'), reason: 'agreed in May' })
  expect((await manager.get(`/api/assets/${fridge}`)).body).toMatchObject({
    ownership: { accountable: 'Pharmacy', responsible: 'Ann Ito', deputy: 'Ben Roe' },
  })
  expect((await manager.get('/api/rules')).body).toMatchObject({
    unowned: [{ type: 'infusion-pump', count: 1 }],
  })
  await manager.put('/api/rules', { set: rule('2020-12-31'), reason: 'over since long' })
  expect((await manager.get(`/api/assets/${fridge}`)).body).not.toHaveProperty('ownership')
})
