import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveAdvisories } from '../../store/advisories.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { testContent } from '../../testing/content.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets, addFinding } from '../../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let viewer: TestUser
let manager: TestUser
let elsewhere: TestUser
let id = ''

beforeAll(async () => {
  const { db } = database.current
  api = await testApi(database.current)
  viewer = await api.as(['viewer'])
  manager = await api.as(['manager'])
  elsewhere = await api.as(['manager'], { sites: ['north'] })
  const { advisories } = await testContent()
  await db.transaction().execute((trx) => saveAdvisories(trx, advisories))
  const product = { manufacturer: 'Acme', model: 'Drip 9', firmware: '2.1' }
  const [pump = ''] = await addAssets(db, [{ name: '=cmd|pump', ...product }])
  id = await addFinding(db, pump, {
    grounds: [
      {
        matcher: 'product',
        pid: 'P1',
        vendor: 'Acme',
        product: 'Drip 9',
        leaf: 'Acme Drip 9: versions before 3.0',
        range: '< 3.0',
        version: '2.1',
        cves: ['CVE-2026-0001'],
        verdict: 'affected',
        reason: 'It is in the range.',
      },
    ],
    evidence: [
      {
        field: 'dhcp.vendor-class',
        value: 'Acme Drip 9 v2.1',
        time: 1,
        file: 'a.pcap',
        frame: 7,
        rule: 'acme-drip',
        weight: 4,
      },
    ],
  })
})
afterAll(() => api.close())

test("a finding leads from the source's words to the frame that gave the version", async () => {
  const { status, body } = await viewer.get(`/api/findings/${id}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    link: 'https://example.org/TEST-26-001',
    advisory: { id: 'TEST-26-001', revision: '1', source: 'test' },
    grounds: [
      { pid: 'P1', leaf: 'Acme Drip 9: versions before 3.0', range: '< 3.0', version: '2.1' },
    ],
    evidence: [{ value: 'Acme Drip 9 v2.1', file: 'a.pcap', frame: 7 }],
  })
})

test('an advisory shows its products and how many devices have which verdict', async () => {
  const { status, body } = await viewer.get('/api/advisories/TEST-26-001')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    kind: 'csaf',
    products: [{ vendor: 'Acme', product: 'Drip 9', range: '< 3.0' }],
    vulnerabilities: [{ cve: 'CVE-2026-0001', kev: '2026-02-03' }],
    verdicts: [{ verdict: 'affected', count: 1 }],
  })
  expect((await viewer.get('/api/advisories/none')).status).toBe(404)
})

test('who has no site of it sees the advisory, but none of its devices', async () => {
  const { body } = await elsewhere.get('/api/advisories/TEST-26-001')
  expect(body).toMatchObject({ verdicts: [] })
  expect((await elsewhere.get(`/api/findings/${id}`)).status).toBe(404)
})

test('the table for a spreadsheet carries out no formula, and only own sites', async () => {
  const { status, headers, body } = await viewer.get('/api/findings/export.csv')
  expect(status).toBe(200)
  expect(headers['content-type']).toContain('text/csv')
  expect(String(body)).toContain(`,TEST-26-001,affected,high,open,`)
  expect(String(body)).toContain("'=cmd|pump")
  const { body: none } = await elsewhere.get('/api/findings/export.csv')
  expect(String(none).trim().split('\r\n')).toHaveLength(1)
})

test('a decision on the whole model is proposed with its scope', async () => {
  const proposal = { decision: 'suppress', reason: 'the port is closed', scope: 'model' }
  const { status } = await manager.post(`/api/findings/${id}/decision`, proposal)
  expect(status).toBe(200)
  const row = await database.current.db
    .selectFrom('finding_decisions')
    .select('scope')
    .where('finding_id', '=', id)
    .executeTakeFirst()
  expect(row?.scope).toBe('model')
  expect((await manager.post(`/api/findings/${id}/approve`)).status).toBe(409)
})
