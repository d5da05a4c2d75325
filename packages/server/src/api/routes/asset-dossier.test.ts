import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveRecords } from '../../store/declared-records.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets } from '../../testing/hospital.ts'

const database = useDatabase()
let api: TestApi
let manager: TestUser
let technician: TestUser
let pump: string

interface Dossier {
  readonly schedules: readonly { readonly id: string }[]
}

beforeAll(async () => {
  api = await testApi(database.current)
  api.now = Date.UTC(2026, 10, 25, 12)
  // Signed in after the clock was set.
  manager = await api.as(['manager'])
  technician = await api.as(['technician'])
  ;[pump = ''] = await addAssets(database.current.db, [{ name: 'pump' }])
})
afterAll(() => api.close())

const add = (kind: string, body: object) =>
  manager.post(`/api/assets/${pump}/dossier`, { kind, body })
const SCHEDULE = {
  name: 'Annual inspection',
  program: 'manufacturer',
  every: 1,
  unit: 'year',
  starts: '2026-06-01',
  basis: 'done',
}

test('a schedule is due until its maintenance is written down', async () => {
  const made = await add('schedule', SCHEDULE)
  expect(made).toMatchObject({
    status: 200,
    body: { schedules: [{ next: '2026-06-01', isOverdue: true }] },
  })
  const scheduleId = (made.body as Dossier).schedules[0]!.id
  const done = { date: '2026-11-20', by: 'Jo Diaz', what: 'Inspected, flow within 2 %', scheduleId }
  expect((await technician.post(`/api/assets/${pump}/maintenance`, done)).body).toMatchObject({
    schedules: [{ lastDone: '2026-11-20', next: '2027-11-20', isOverdue: false }],
    maintenance: [{ by: 'Jo Diaz', schedule: 'Annual inspection' }],
  })
  const tomorrow = { ...done, date: '2026-11-26' }
  expect((await technician.post(`/api/assets/${pump}/maintenance`, tomorrow)).status).toBe(400)
  const another = { ...done, by: 'Somebody Else' }
  expect(await technician.post(`/api/assets/${pump}/maintenance`, another)).toMatchObject({
    status: 409,
    body: { code: 'maintenance-known' },
  })
})

test('what a maintenance system told stands beside it, overdue by its own date', async () => {
  const { db } = database.current
  const told = (nextPm: string) => ({
    tag: 'CE-1',
    serial: '4711',
    lastPm: '2025-05-01',
    nextPm,
    provider: 'Acme',
  })
  const save = (nextPm: string) =>
    db
      .transaction()
      .execute((trx) =>
        saveRecords(trx, { siteId: 'main', source: 'cmms', importId: undefined, now: api.now }, [
          { nativeKey: 'CE-1', assetId: pump, body: told(nextPm) },
        ]),
      )
  await save('2026-05-01')
  const read = async () => (await technician.get(`/api/assets/${pump}/dossier`)).body
  expect(await read()).toMatchObject({
    records: [
      {
        source: 'cmms',
        key: 'CE-1',
        isOverdue: true,
        facts: [
          { field: 'lastPm', value: '2025-05-01' },
          { field: 'nextPm', value: '2026-05-01' },
          { field: 'provider', value: 'Acme' },
        ],
      },
    ],
  })
  await save('2026-11-25')
  expect(await read()).toMatchObject({ records: [{ isOverdue: false }] })
})

test('an alternate schedule needs a justification and takes the place of the maker’s', async () => {
  const alternate = { ...SCHEDULE, program: 'alternate', every: 2 }
  expect((await add('schedule', alternate)).status).toBe(400)
  const because = { ...alternate, justification: 'No failure in 200 inspections.' }
  expect((await add('schedule', because)).body).toMatchObject({
    schedules: [
      { next: '2026-06-01', isOverdue: true },
      { isOverdue: false, replacedBy: expect.any(String) },
    ],
  })
})

test('contracts and costs are written by a manager, end, and stay in the history', async () => {
  const contract = {
    provider: 'Acme Care',
    covers: 'parts and labour',
    until: '2027-12-31',
    amount: 900,
    currency: 'USD',
  }
  const body = { kind: 'contract', body: contract }
  expect((await technician.post(`/api/assets/${pump}/dossier`, body)).status).toBe(403)
  const made = (await add('contract', contract)).body as { contracts: { id: string }[] }
  await add('cost', {
    date: '2024-02-01',
    kind: 'purchase',
    what: 'bought new',
    amount: 4200,
    currency: 'USD',
  })
  expect(
    (
      await add('cost', {
        date: '2024-02-01',
        kind: 'purchase',
        what: 'x',
        amount: 1,
        currency: '$',
      })
    ).status,
  ).toBe(400)
  const end = `/api/assets/${pump}/dossier/${made.contracts[0]!.id}/end`
  expect((await manager.post(end, { reason: 'cancelled' })).body).toMatchObject({
    contracts: [],
    costs: [{}],
  })
  expect((await manager.post(end, { reason: 'cancelled' })).status).toBe(404)
  const { items } = (await manager.get(`/api/assets/${pump}/history?field=contract`)).body as {
    items: { reason?: string; changes: { before?: string }[] }[]
  }
  expect(items[0]).toMatchObject({
    reason: 'cancelled',
    changes: [{ before: expect.stringContaining('Acme Care') }],
  })
})

test('a document is kept by what it is, not by its name, and is only ever downloaded', async () => {
  const pdf = Buffer.from('%PDF-1.7\n%manual')
  const upload = (name: string, bytes: Uint8Array) =>
    technician.upload(`/api/assets/${pump}/documents`, name, bytes)
  expect(await upload('manual.pdf', Buffer.from('<html><script>1</script>'))).toMatchObject({
    status: 415,
    body: { code: 'not-a-document' },
  })
  expect((await upload('manual.pdf', Buffer.alloc(0))).status).toBe(400)
  const added = await upload('C:\\temp\\Manual für Pumpe.pdf', pdf)
  expect(added).toMatchObject({
    status: 200,
    body: { name: 'Manual für Pumpe.pdf', mediaType: 'application/pdf' },
  })
  const { id } = added.body as { id: string }
  const file = await manager.get(`/api/documents/${id}/file`)
  expect(file.headers['content-disposition']).toMatch(
    /^attachment; filename\*=UTF-8''Manual%20f%C3%BCr/,
  )
  expect(file).toMatchObject({ status: 200, body: pdf.toString() })
  const local = await api.as(['viewer'], { sites: ['other'] })
  expect((await local.get(`/api/documents/${id}/file`)).status).toBe(404)
  expect((await manager.post(`/api/documents/${id}/end`, { reason: 'outdated' })).status).toBe(204)
  expect((await manager.get(`/api/assets/${pump}/dossier`)).body).toMatchObject({ documents: [] })
  expect(readdirSync(api.documentFolder)).toHaveLength(1)
})
