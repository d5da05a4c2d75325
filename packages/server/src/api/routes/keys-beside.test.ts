import type { ReconciliationItem } from '@wardkeeper/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAssets } from '../../store/assets.ts'
import type { Trx } from '../../store/database.ts'
import { addLinks } from '../../store/key-links.ts'
import { takeReach } from '../../store/reach.ts'
import { openItems } from '../../store/reconciliation.ts'
import { ensureSite } from '../../store/sites.ts'
import { newId } from '../../store/uuid.ts'
import { testApi, type TestApi, type TestUser } from '../../testing/api.ts'
import { useDatabase } from '../../testing/database.ts'

/** What a person says of keys while a message of observations has some of them in hand. */

const database = useDatabase()
const NOW = Date.UTC(2026, 10, 1)
let api: TestApi
let manager: TestUser

beforeAll(async () => {
  const { db } = database.current
  for (const id of ['main', 'north']) await ensureSite(db, { id, name: id })
  api = await testApi(database.current)
  manager = await api.as(['manager'])
})
afterAll(() => api.close())

type Outcome = 'waits' | 'is through'

/** Sees whether the request waits for the message, then lets the message end; answers with what became of the request. */
async function beside<Reply>(
  message: (trx: Trx) => Promise<void>,
  request: () => Promise<Reply>,
  waiters = 1,
): Promise<{ readonly outcome: Outcome; readonly reply: Reply }> {
  const { db } = database.current
  const inHand = Promise.withResolvers<void>()
  const mayEnd = Promise.withResolvers<void>()
  const handling = db.transaction().execute(async (trx) => {
    await message(trx)
    inHand.resolve()
    await mayEnd.promise
  })
  await Promise.race([inHand.promise, handling])
  const replying = request()
  const looking = new AbortController()
  const outcome = await Promise.race([
    replying.then((): Outcome => 'is through'),
    somebodyWaits(looking.signal, waiters).then((): Outcome => 'waits'),
  ])
  looking.abort()
  mayEnd.resolve()
  await handling
  return { outcome, reply: await replying }
}

async function somebodyWaits(signal: AbortSignal, waiters: number): Promise<void> {
  const { pool } = database.current
  while (!signal.aborted) {
    const { rows } = await pool.query(
      `select from pg_locks where locktype = 'advisory' and not granted
         and database = (select oid from pg_database where datname = current_database())`,
    )
    if (rows.length >= waiters) return
  }
}

const reach = async (trx: Trx, siteId: string, keys: readonly string[]) => {
  await takeReach(trx, siteId, { keys, strangers: [] }, { most: 1000 })
}

async function ask(siteId: string, mac: string): Promise<string> {
  const { db } = database.current
  const question = `proposal:${siteId}:${mac}`
  await db.transaction().execute((trx) =>
    openItems(
      trx,
      siteId,
      [
        {
          kind: 'proposal',
          question,
          title: `A device with ${mac}`,
          reasons: [],
          differences: [{ attribute: 'macs', declared: mac, observed: undefined }],
        },
      ],
      NOW,
    ),
  )
  const { items } = (await manager.get(`/api/reconciliation?kind=proposal&limit=200`)).body as {
    items: ReconciliationItem[]
  }
  return items.find(({ title }) => title.endsWith(mac))!.id
}

const answer = (ids: readonly string[], decision: string) =>
  manager.post('/api/reconciliation/decide', { ids, decision, reason: 'looked at it' })

test('a device written down while a message makes it is the one that the message made', async () => {
  const mac = '00:1b:44:00:00:31'
  const made = newId()
  const { outcome, reply } = await beside(
    async (trx) => {
      await reach(trx, 'main', [`mac:${mac}`])
      await createAssets(trx, 'main', [made], NOW)
      await trx
        .updateTable('assets')
        .set({ macs: [mac] })
        .where('id', '=', made)
        .execute()
      await addLinks(trx, 'main', [
        { key: `mac:${mac}`, kind: 'mac', assetId: made, since: NOW, until: undefined },
      ])
    },
    () => manager.post('/api/devices', { device: { mac, tag: 'T-31' }, reason: 'found it' }),
  )
  expect(outcome).toBe('waits')
  expect([reply.status, reply.body]).toMatchObject([200, { assetId: made }])
})

test('an answer that lays keys waits for the messages in hand, and is given', async () => {
  const id = await ask('main', '00:1b:44:00:00:32')
  const { outcome, reply } = await beside(
    (trx) => reach(trx, 'main', ['mac:00:1b:44:00:00:99']),
    () => answer([id], 'create'),
  )
  expect([outcome, reply.status, reply.body]).toEqual(['waits', 200, { decided: 1 }])
  const taken = await beside(
    (trx) => reach(trx, 'main', ['mac:00:1b:44:00:00:99']),
    () => manager.post(`/api/reconciliation/${id}/undo`, { reason: 'not that one' }),
  )
  expect([taken.outcome, taken.reply.status]).toEqual(['waits', 200])
})

test('an answer that lays no key waits for nobody, nor does one of another site', async () => {
  const id = await ask('main', '00:1b:44:00:00:33')
  const { outcome, reply } = await beside(
    (trx) => reach(trx, 'main', ['mac:00:1b:44:00:00:33']),
    () => answer([id], 'dismiss'),
  )
  expect([outcome, reply.status]).toEqual(['is through', 200])
  const other = await ask('main', '00:1b:44:00:00:34')
  const elsewhere = await beside(
    (trx) => reach(trx, 'north', ['mac:00:1b:44:00:00:34']),
    () => answer([other], 'create'),
  )
  expect([elsewhere.outcome, elsewhere.reply.status]).toEqual(['is through', 200])
})

test('bulk answers over several sites given at once are all given, whatever their order', async () => {
  const ids = [await ask('north', '00:1b:44:00:00:41'), await ask('main', '00:1b:44:00:00:42')]
  const others = [await ask('main', '00:1b:44:00:00:43'), await ask('north', '00:1b:44:00:00:44')]
  // Both wait for their first site before either has one.
  const { outcome, reply } = await beside(
    async (trx) => {
      await reach(trx, 'main', ['mac:00:1b:44:00:00:99'])
      await reach(trx, 'north', ['mac:00:1b:44:00:00:99'])
    },
    () => Promise.all([answer(ids, 'create'), answer(others, 'create')]),
    2,
  )
  expect([outcome, ...reply.map(({ status }) => status)]).toEqual(['waits', 200, 200])
})
