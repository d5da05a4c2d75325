import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveAdvisories } from '../../store/advisories.ts'
import { finishRun, lockFeed } from '../../store/feeds.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { testContent } from '../../testing/content.ts'
import { useDatabase } from '../../testing/database.ts'
import { addAssets, addFinding } from '../../testing/hospital.ts'

const DAY = 86_400_000
const FEED = 'csaf-cisa'
const database = useDatabase()
let api: TestApi
let viewer: TestUser
let id = ''
let loaded = 0

beforeAll(async () => {
  const { db } = database.current
  api = await testApi(database.current)
  viewer = await api.as(['viewer'])
  const { advisories } = await testContent()
  await db.transaction().execute((trx) => saveAdvisories(trx, advisories))
  const product = { manufacturer: 'Acme', model: 'Drip 9', firmware: '3.1' }
  const [pump = ''] = await addAssets(db, [{ name: 'pump', ...product }])
  id = await addFinding(db, pump, {
    verdict: 'not-affected',
    state: 'resolved',
    because: 'It is affected only in < 3.0, and this one is 3.1.',
  })
  loaded = api.now
  await look(loaded)
})
afterAll(() => api.close())

/** The feed is looked at with success, and tells the same advisories. */
async function look(at: number): Promise<void> {
  await database.current.db.transaction().execute(async (trx) => {
    await lockFeed(trx, FEED)
    const { advisories } = await testContent()
    await saveAdvisories(trx, advisories, FEED)
    const run = { feedId: FEED, way: 'online', by: 'test', started: at, ended: at } as const
    await finishRun(trx, { ...run, outcome: 'changed', counts: {}, seen: at })
  })
}

/** Nobody stays signed in for so long. */
async function moveTo(time: number): Promise<void> {
  api.now = time
  viewer = await api.as(['viewer'])
}

const shown = async () => {
  const { body: finding } = await viewer.get(`/api/findings/${id}`)
  const { body: advisory } = await viewer.get('/api/advisories/TEST-26-001')
  const { body: freshness } = await viewer.get('/api/freshness')
  const count = async (verdict: string) => {
    const { body } = await viewer.get(`/api/findings?verdict=${verdict}`)
    return (body as { items: unknown[] }).items.length
  }
  const { body: csv } = await viewer.get('/api/findings/export.csv')
  return {
    verdict: (finding as { verdict: string }).verdict,
    because: (finding as { because: string }).because,
    counts: (advisory as { verdicts: unknown }).verdicts,
    absence: (freshness as { absence?: string }).absence,
    safe: await count('not-affected'),
    unknown: await count('unknown'),
    csv: /,TEST-26-001,([a-z-]+),/.exec(String(csv))?.[1],
  }
}

test('what an old feed cleared is unknown, and cleared again when it was looked at', async () => {
  const clear = {
    verdict: 'not-affected',
    because: 'It is affected only in < 3.0, and this one is 3.1.',
    counts: [{ verdict: 'not-affected', count: 1 }],
    absence: undefined,
    safe: 1,
    unknown: 0,
    csv: 'not-affected',
  }
  expect(await shown()).toEqual(clear)

  await moveTo(loaded + 14 * DAY)
  expect(await shown()).toEqual(clear)

  await moveTo(loaded + 41 * DAY)
  const why = 'Unknown because CISA ICS and medical advisories (CSAF) is 41 days old.'
  expect(await shown()).toEqual({
    verdict: 'unknown',
    because: `${why} Before: It is affected only in < 3.0, and this one is 3.1.`,
    counts: [{ verdict: 'unknown', count: 1 }],
    absence: why,
    safe: 0,
    unknown: 1,
    csv: 'unknown',
  })
  const stored = await database.current.db.selectFrom('findings').select('verdict').execute()
  expect(stored).toEqual([{ verdict: 'not-affected' }])

  await look(api.now)
  expect(await shown()).toEqual(clear)
})

test('a source that is turned on and was never loaded clears nobody', async () => {
  const { db } = database.current
  await db.insertInto('feeds').values({ id: 'nvd', is_enabled: true }).execute()
  const { body } = await viewer.get('/api/freshness')
  expect(body).toMatchObject({ absence: 'Unknown because NVD was never loaded.' })
  await db.deleteFrom('feeds').where('id', '=', 'nvd').execute()
})
