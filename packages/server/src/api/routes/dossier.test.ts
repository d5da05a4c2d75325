import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Mds2Form } from '@wardkeeper/core'
import { saveAdvisories } from '../../store/advisories.ts'
import { refreshRisk, scoringOf } from '../../stages/score-risk.ts'
import { saveMds2Form } from '../../store/feed-facts.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { testContent } from '../../testing/content.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets, addFinding } from '../../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let viewer: TestUser
let north: TestUser

beforeAll(async () => {
  const content = await testContent()
  api = await testApi(database.current)
  viewer = await api.as(['viewer'])
  north = await api.as(['viewer'], { sites: ['north'] })
  const { db } = database.current
  await db.transaction().execute((trx) => saveAdvisories(trx, content.advisories))
  const [pump = ''] = await addAssets(db, [
    { name: 'pump', manufacturer: 'Acme', model: 'Drip 9', type: 'infusion-pump' },
    { name: 'other', manufacturer: 'Acme', model: 'Drip 10', type: 'infusion-pump' },
  ])
  await addFinding(db, pump, { kind: 'weakness', subject: 'telnet', remedy: 'configure:telnet' })
  await refreshRisk(db, scoringOf(content), api.now)
})
afterAll(() => api.close())

test('a review says what is published and how such devices behave here', async () => {
  const { status, body } = await viewer.get(
    '/api/dossier?maker=Acme%20Medical&model=drip-9&version=2.1',
  )
  expect(status).toBe(200)
  expect(body).toMatchObject({
    knownAs: 'Acme',
    advisories: [{ id: 'TEST-26-001', verdict: 'affected', knownExploited: ['CVE-2026-0001'] }],
    recalls: { isKnown: false },
    mds2: { isKnown: false },
    experience: { isKnown: true, items: [{ devices: 1, weaknesses: { telnet: 1 } }] },
  })
})

test('devices of sites that may not be seen are not told of', async () => {
  const { body } = await north.get('/api/dossier?maker=Acme&model=Drip%209')
  expect(body).toMatchObject({ experience: { isKnown: false } })
})

test('it needs a maker and a model, and comes as PDF too', async () => {
  expect((await viewer.get('/api/dossier?maker=Acme')).status).toBe(400)
  const { status, body } = await viewer.get('/api/dossier/report.pdf?maker=Acme&model=Drip%209')
  expect(status).toBe(200)
  expect(String(body).slice(0, 5)).toBe('%PDF-')
})

test('what the maker states of its security is part of the review, unanswered questions too', async () => {
  const form = (model: string, range: string): Mds2Form => ({
    id: `mds2:${model}`,
    edition: '2019',
    manufacturer: 'Acme Medical',
    models: [model],
    range,
    documentId: 'D-1',
    claims: [
      { id: 'RMOT-1', answer: 'no', raw: 'No', note: 'never' },
      { id: 'TXCF-2', answer: 'unanswered', raw: '' },
    ],
  })
  await database.current.db.transaction().execute(async (trx) => {
    await saveMds2Form(trx, form('Drip 9', '< 3.0'))
    await saveMds2Form(trx, form('Drip 10', 'vers:all/*'))
  })
  const { body } = await viewer.get('/api/dossier?maker=Acme&model=Drip%209&version=2.1')
  expect(body).toMatchObject({
    mds2: {
      isKnown: true,
      items: [
        { question: 'RMOT-1, remote service', answer: 'No (never) [< 3.0]' },
        { question: 'TXCF-2, confidentiality of sent data', answer: 'not answered [< 3.0]' },
      ],
    },
  })
  const { body: later } = await viewer.get('/api/dossier?maker=Acme&model=Drip%209&version=3.1')
  expect(later).toMatchObject({ mds2: { isKnown: false } })
})
