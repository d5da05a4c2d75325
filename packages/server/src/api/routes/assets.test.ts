import { startBaseline, type Baseline } from '@wardkeeper/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets, addFinding, SEEN } from '../../testing/hospital.ts'
import { countAgain } from '../../store/assets.ts'
import { saveBaselines } from '../../store/baselines.ts'
import { saveFlows } from '../../store/flows.ts'
import { saveObservations } from '../../store/observations.ts'

const database = useDatabase()
let api: TestApi
let viewer: TestUser
let ids: readonly string[]

interface Rows {
  readonly items: readonly { readonly id: string; readonly label: string }[]
  readonly next?: string
  readonly total: number
}

beforeAll(async () => {
  const { db } = database.current
  api = await testApi(database.current)
  viewer = await api.as(['viewer'])
  const pumps = Array.from({ length: 25 }, (_, n) => ({
    name: `pump-${String(n).padStart(2, '0')}`,
    manufacturer: 'Acme',
    model: 'Drip 9',
    type: 'infusion-pump',
    mac: `00:1b:44:00:00:${n.toString(16).padStart(2, '0')}`,
    ip: `10.0.0.${n}`,
    // Many rows with one and the same value: only the id tells them apart.
    lastSeen: SEEN + (n % 3) * 1000,
  }))
  ids = await addAssets(db, [
    ...pumps,
    { name: '100%_odd', ip: '10.0.1.1' },
    { name: 'elsewhere', siteId: 'other', type: 'printer' },
  ])
  await addFinding(db, ids[3]!, { severity: 'critical' })
  await addFinding(db, ids[4]!, { severity: 'low' })
  await countAgain(db, ids)
})
afterAll(() => api.close())

async function readAll(query: string): Promise<string[]> {
  const labels: string[] = []
  let cursor = ''
  do {
    const { body, status } = await viewer.get(`/api/assets?limit=4&${query}${cursor}`)
    expect(status).toBe(200)
    const page = body as Rows
    labels.push(...page.items.map(({ label }) => label))
    cursor = page.next === undefined ? '' : `&cursor=${page.next}`
  } while (cursor !== '')
  return labels
}

test.each([
  'label',
  '-label',
  'lastSeen',
  '-lastSeen',
  'manufacturer',
  '-unit',
  'findings',
  '-findings',
])('pages sorted by %s hold every asset once', async (sort) => {
  const labels = await readAll(`sort=${sort}`)
  expect(labels.length).toBe(27)
  expect(new Set(labels).size).toBe(27)
  if (sort === 'label') expect(labels).toEqual(labels.toSorted())
  if (sort === '-findings') expect(labels.slice(0, 2)).toEqual(['pump-03', 'pump-04'])
})

test('a cursor of another sort is refused', async () => {
  const { body } = await viewer.get('/api/assets?limit=4&sort=label')
  const reply = await viewer.get(`/api/assets?limit=4&sort=-label&cursor=${(body as Rows).next}`)
  expect(reply).toMatchObject({ status: 400, body: { code: 'invalid-input' } })
})

test.each([
  ['q=PUMP-07', ['pump-07']],
  ['q=00:1b:44:00:00:07', ['pump-07']],
  ['q=drip 10.0.0.12', ['pump-12']],
  ['q=100%25_', ['100%_odd']],
  ['q=%25', ['100%_odd']],
  ['type=printer', ['elsewhere']],
  ['type=printer&type=', ['100%_odd', 'elsewhere']],
  ['severity=critical&severity=low', ['pump-03', 'pump-04']],
  ['type=infusion-pump&severity=critical', ['pump-03']],
  ['state=retired', []],
])('%s finds %j', async (query, labels) => {
  expect(await readAll(query)).toEqual(labels)
})

test('the counts of the facets follow the filters', async () => {
  const { body } = await viewer.get('/api/assets/facets?q=10.0')
  expect(body).toMatchObject({
    total: 26,
    type: [{ value: 'infusion-pump', count: 25 }, { count: 1 }],
    manufacturer: [{ value: 'Acme', count: 25 }, { count: 1 }],
    state: [{ value: 'active', count: 26 }],
  })
})

test('who belongs to one site sees only what is there', async () => {
  const local = await api.as(['viewer'], { sites: ['other'] })
  expect((await local.get('/api/assets')).body).toMatchObject({
    total: 1,
    items: [{ label: 'elsewhere' }],
  })
  expect((await local.get('/api/assets/facets')).body).toMatchObject({ total: 1 })
  expect((await local.get(`/api/assets/${ids[0]}`)).status).toBe(404)
  expect((await local.get(`/api/assets/${ids[0]}/observations`)).status).toBe(404)
  expect((await local.get('/api/search?q=pump')).body).toEqual({ items: [] })
  expect((await local.get('/api/findings')).body).toMatchObject({ total: 0 })
  const manager = await api.as(['manager'], { sites: ['other'] })
  expect(
    (await manager.patch(`/api/assets/${ids[0]}`, { room: '1', reason: 'moved' })).status,
  ).toBe(404)
})

test('one asset with claims, evidence, interfaces, traffic, and what people say of it', async () => {
  const { db } = database.current
  const [id, peer] = ids as [string, string]
  await db.transaction().execute(async (trx) => {
    const fact = (value: string) => ({
      assetId: id,
      fact: {
        subject: { ip: '10.0.0.0' },
        field: 'http.server',
        value,
        sensor: 's',
        first: SEEN,
        last: SEEN,
        count: 2,
        evidence: { frame: 3 },
      },
    })
    await saveObservations(trx, 'main', [fact('a'), fact('b'), fact('a')])
    const flow = {
      siteId: 'main',
      sensor: 's',
      client: { ip: '10.0.0.0', assetId: id },
      server: { ip: '10.0.0.1', assetId: peer },
      transport: 'tcp',
      port: 443,
      protocol: 'tls',
      sessions: 2,
      packets: [1, 1],
      bytes: [10, 20],
      evidence: {},
    } as const
    const hour = 3_600_000
    await saveFlows(trx, 'main', [
      { ...flow, hour: SEEN, first: SEEN, last: SEEN + 1 },
      { ...flow, hour: SEEN + hour, first: SEEN + hour, last: SEEN + hour + 1 },
    ])
  })
  const detail = (await viewer.get(`/api/assets/${id}`)).body
  expect(detail).toMatchObject({
    label: 'pump-00',
    manufacturer: { value: 'Acme', confidence: expect.closeTo(0.9, 5) },
    interfaces: [
      { mac: '00:1b:44:00:00:00', maker: 'Acme Medical Ltd', addresses: [{ ip: '10.0.0.0' }] },
    ],
  })
  const { claims } = detail as { claims: { attribute: string; evidence: object[] }[] }
  expect(claims.find((claim) => claim.attribute === 'model')?.evidence).toMatchObject([
    { frame: 7, file: 'a.pcap', field: 'test.field' },
  ])
  expect((await viewer.get(`/api/assets/${id}/observations?sort=-last`)).body).toMatchObject({
    total: 2,
    items: expect.arrayContaining([expect.objectContaining({ value: 'a', count: 4, frame: 3 })]),
  })
  expect((await viewer.get(`/api/assets/${id}/conversations`)).body).toMatchObject({
    total: 1,
    items: [
      {
        peerId: peer,
        peer: 'pump-01',
        direction: 'to-peer',
        port: 443,
        sessions: 4,
        bytesSent: 20,
        bytesReceived: 40,
        first: new Date(SEEN).toISOString(),
      },
    ],
  })
  expect((await viewer.get(`/api/assets/${peer}/conversations`)).body).toMatchObject({
    items: [{ direction: 'from-peer', bytesSent: 40, bytesReceived: 20 }],
  })

  const judged = async (known: Baseline['known']) => {
    const baseline = { ...startBaseline(id, SEEN), stage: 'watching' as const, known }
    await db.transaction().execute((trx) => saveBaselines(trx, 'main', [baseline]))
    return (await viewer.get(`/api/assets/${id}/conversations`)).body
  }
  expect((await viewer.get(`/api/assets/${id}/conversations`)).body).not.toHaveProperty(
    'items.0.isNormal',
  )
  expect(await judged({})).toMatchObject({ items: [{ isNormal: false }] })
  const habit = { first: SEEN, last: SEEN, count: 1 }
  expect(await judged({ [`out tcp/443 tls asset:${peer}`]: habit })).toMatchObject({
    items: [{ isNormal: true }],
  })

  const manager = await api.as(['manager'])
  expect((await manager.patch(`/api/assets/${id}`, { room: '7.12' })).status).toBe(400)
  const body = { room: '7.12', unit: 'Ward 7', warrantyUntil: '2027-01-31', reason: 'moved in' }
  expect((await manager.patch(`/api/assets/${id}`, body)).body).toMatchObject({
    room: '7.12',
    unit: 'Ward 7',
    warrantyUntil: '2027-01-31',
  })
  expect(await readAll('unit=Ward 7')).toEqual(['pump-00'])
  const { body: audit } = await (await api.as(['compliance'])).get('/api/audit')
  expect(audit).toMatchObject({
    items: [
      {
        action: 'asset.declared',
        subject: `asset:${id}`,
        by: manager.username,
        reason: 'moved in',
      },
    ],
  })
})
