import type { KyselyPlugin } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { addAssets } from '../testing/hospital.ts'
import type { Trx } from './database.ts'
import { addLinks, endLinks } from './key-links.ts'
import { lockResolution } from './merge.ts'
import { locksOfMessage, takeReach, type Reach } from './reach.ts'

const database = useDatabase()
const NOW = Date.UTC(2026, 10, 1)

let one = ''
let other = ''

const kindOf = (key: string) => {
  if (key.startsWith('seen:')) return 'binding' as const
  return key.startsWith('mac:') ? ('mac' as const) : ('ip' as const)
}
const link = (key: string, assetId: string) => ({
  key,
  kind: kindOf(key),
  assetId,
  since: NOW,
  until: undefined,
})

beforeEach(async () => {
  const { db, pool } = database.current
  await pool.query('delete from key_links')
  ;[one = '', other = ''] = await addAssets(db, [{ name: 'one' }, { name: 'other' }])
  await db
    .transaction()
    .execute((trx) =>
      addLinks(trx, 'main', [
        link('mac:1', one),
        link('ip:1', one),
        link('mac:2', other),
        link('ip:2', other),
      ]),
    )
})

/** Takes what these keys reach, where there is room for so many locks. */
const take = (trx: Trx, keys: readonly string[], before?: () => Promise<void>, most = 1000) =>
  takeReach(trx, 'main', { keys, strangers: [] }, { before, most })

/** The first takes its reach and goes on once the second has got its own, or waits for it. */
async function beside(
  first: (trx: Trx) => Promise<unknown>,
  second: (trx: Trx, before: () => Promise<void>) => Promise<Reach>,
  then: (trx: Trx) => Promise<unknown> = async () => undefined,
) {
  const { db } = database.current
  const isTaken = Promise.withResolvers<void>()
  const mayEnd = Promise.withResolvers<void>()
  const leading = db.transaction().execute(async (trx) => {
    await first(trx)
    isTaken.resolve()
    await mayEnd.promise
    await then(trx)
  })
  await isTaken.promise
  let waited = false
  const reach = await db.transaction().execute((trx) =>
    second(trx, async () => {
      waited = true
      mayEnd.resolve()
      await leading
    }),
  )
  mayEnd.resolve()
  await leading
  return { waited, ...reach }
}

test('two that have nothing in common are not kept waiting', async () => {
  const { waited, owners, links } = await beside(
    (trx) => take(trx, ['mac:1', 'mac:new']),
    (trx, before) => take(trx, ['ip:2', 'mac:newer'], before),
  )
  expect(waited).toBe(false)
  expect(owners).toEqual([other])
  expect(links.map(({ key }) => key).toSorted()).toEqual(['ip:2', 'mac:2'])
})

test.each([
  ['a key that nobody holds yet', ['mac:new'], ['mac:new', 'mac:2']],
  ['an asset, each by another key', ['mac:1'], ['ip:1', 'mac:2']],
  [
    'a serial number, looked up as it is and linked without strokes',
    ['serial:A/1'],
    ['serial:A-1', 'mac:1', 'mac:2'],
  ],
])('two that want %s go one after the other', async (_, first, second) => {
  const { waited, owners } = await beside(
    (trx) => take(trx, first),
    (trx, before) => take(trx, second, before),
    (trx) => addLinks(trx, 'main', [link('mac:new', one)]),
  )
  expect(waited).toBe(true)
  expect(owners.toSorted()).toEqual([one, other].toSorted())
})

test('an address that an asset was seen with, and that is not its own, is not given to two at once', async () => {
  const { db } = database.current
  await db
    .transaction()
    .execute((trx) => addLinks(trx, 'main', [link('seen:00:1b:44:00:00:01/9.9.9.9', one)]))
  const { waited } = await beside(
    (trx) => take(trx, ['mac:1']),
    (trx, before) => take(trx, ['ip:9.9.9.9'], before),
  )
  expect(waited).toBe(true)
})

test('a server has room for the locks of two messages', async () => {
  // 64 for each of 200 connections, as the server of the tests is set up.
  expect(await locksOfMessage(database.current.db)).toBe(Math.floor((64 * 200) / 6))
})

test('what an asset lost while it was waited for is not its any more', async () => {
  const { waited, owners, links } = await beside(
    (trx) => take(trx, ['mac:1', 'mac:2']),
    (trx, before) => take(trx, ['ip:1'], before),
    async (trx) => {
      await endLinks(trx, 'main', [{ ...link('ip:1', one), until: NOW }])
      await addLinks(trx, 'main', [link('ip:1', other)])
    },
  )
  expect(waited).toBe(true)
  expect(owners).toEqual([other])
  expect(links.map(({ key }) => key).toSorted()).toEqual(['ip:1', 'ip:2', 'mac:2'])
})

test('a key that went to another asset after it was read whose it is, is read again', async () => {
  const { db } = database.current
  const isTaken = Promise.withResolvers<void>()
  const isRead = Promise.withResolvers<void>()
  const leading = db.transaction().execute(async (trx) => {
    await take(trx, ['mac:1', 'mac:2'])
    isTaken.resolve()
    await isRead.promise
    await endLinks(trx, 'main', [{ ...link('ip:1', one), until: NOW }])
    await addLinks(trx, 'main', [link('ip:1', other)])
  })
  await isTaken.promise
  // Whoever led ends between the answer that `one` holds the key and the attempt to lock `one`.
  const pause: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (result.rows.some((row) => row['assetId'] === one)) {
        isRead.resolve()
        await leading
      }
      return result
    },
  }
  const { owners } = await db
    .transaction()
    .execute((trx) => take(trx.withPlugin(pause), ['ip:1'], async () => undefined))
  expect(owners).toEqual([other])
})

test('facts about the same stranger go one after the other', async () => {
  const stranger = { keys: [], strangers: ['01:00:5e:00:00:fb 224.0.0.251'] }
  const { waited } = await beside(
    (trx) => takeReach(trx, 'main', stranger, { most: 1000 }),
    (trx, before) => takeReach(trx, 'main', stranger, { before, most: 1000 }),
  )
  expect(waited).toBe(true)
})

test('who reaches too far for locks of each has the whole site', async () => {
  const many = Array.from({ length: 1001 }, (_, n) => `mac:many-${n}`)
  const isTaken = Promise.withResolvers<void>()
  const { db } = database.current
  let isThrough = false
  const holding = db.transaction().execute(async (trx) => {
    await take(trx, ['mac:1'])
    isTaken.resolve()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(isThrough).toBe(false)
  })
  await isTaken.promise
  const { owners } = await db.transaction().execute(async (trx) => {
    const reach = await take(trx, [...many, 'mac:2'])
    isThrough = true
    return reach
  })
  expect(owners).toEqual([other])
  await holding
})

test('who regroups a site waits for those who have a part of it', async () => {
  const { db } = database.current
  const isTaken = Promise.withResolvers<void>()
  let isEnded = false
  const holding = db.transaction().execute(async (trx) => {
    await take(trx, ['mac:1'])
    isTaken.resolve()
    await new Promise((resolve) => setTimeout(resolve, 200))
    isEnded = true
  })
  await isTaken.promise
  await db.transaction().execute((trx) => lockResolution(trx, 'elsewhere'))
  expect(isEnded).toBe(false)
  await db.transaction().execute((trx) => lockResolution(trx, 'main'))
  expect(isEnded).toBe(true)
  await holding
})

test('one that has to be tried again takes nothing', async () => {
  const { db } = database.current
  const again = new Error('the one before failed')
  const holding = Promise.withResolvers<void>()
  const isTaken = Promise.withResolvers<void>()
  const leading = db.transaction().execute(async (trx) => {
    await take(trx, ['mac:1'])
    isTaken.resolve()
    await holding.promise
  })
  await isTaken.promise
  const following = db
    .transaction()
    .execute((trx) => take(trx, ['ip:1'], () => Promise.reject(again)))
  await expect(following).rejects.toThrow(again)
  holding.resolve()
  await leading
})
