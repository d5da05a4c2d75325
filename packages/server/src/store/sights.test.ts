import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { addAssets, SEEN } from '../testing/hospital.ts'
import { createAssets, lockAssets, saveSeenAssets } from './assets.ts'
import { findSilent, savePresence } from './presence.ts'
import { loadSights, saveFirstSights, saveSights } from './sights.ts'
import { newId } from './uuid.ts'

const database = useDatabase()
const LIMITS = { '': { quiet: 1000, missing: 10_000 } }
const PUMP = {
  label: 'pump',
  macs: [],
  ips: [],
  names: { dhcp: 'pump' },
  hostname: 'pump',
  claims: [],
  firstSeen: SEEN,
}
let pump = ''

beforeEach(async () => {
  ;[pump = ''] = await addAssets(database.current.db, [{ name: 'pump', lastSeen: SEEN }])
})

const sightOf = async (id: string) => (await loadSights(database.current.db, [id])).get(id)
const see = (id: string, time: number) =>
  database.current.db.transaction().execute((trx) => saveSights(trx, new Map([[id, time]])))

test('a sight moves forward only, and who was missing is there again', async () => {
  const { db } = database.current
  await see(pump, SEEN - 1000)
  expect(await sightOf(pump)).toMatchObject({ last: SEEN })
  await db.updateTable('assets').set({ state: 'missing' }).where('id', '=', pump).execute()
  expect(await sightOf(pump)).toMatchObject({ last: SEEN, isAbsent: true })
  await see(pump, SEEN + 1000)
  expect(await sightOf(pump)).toMatchObject({ last: SEEN + 1000, isAbsent: false })
})

test('an older moment moves the first sight and nothing else', async () => {
  const { db } = database.current
  const before = await sightOf(pump)
  await db
    .transaction()
    .execute((trx) => saveFirstSights(trx, new Map([[pump, before!.first - 5000]])))
  expect(await sightOf(pump)).toEqual({ ...before, first: before!.first - 5000 })
})

test('a device that nobody saw has a sight, too, at the beginning of time', async () => {
  const { db } = database.current
  const id = newId()
  await db.transaction().execute((trx) => createAssets(trx, 'main', [id], SEEN))
  expect(await sightOf(id)).toMatchObject({ last: 0 })
})

test('a device that nobody saw is not called silent', async () => {
  const { db } = database.current
  const id = newId()
  await db.transaction().execute((trx) => createAssets(trx, 'main', [id], SEEN))
  const silent = await db.transaction().execute((trx) => findSilent(trx, LIMITS, SEEN + 5000))
  expect(silent.map((one) => one.id)).not.toContain(id)
  expect(silent.map((one) => one.id)).toContain(pump)
})

test('a device worked out again is back only where it was seen later than a sight may be behind', async () => {
  const { db } = database.current
  const save = (lastSeen: number, slack?: number) =>
    db.transaction().execute((trx) => saveSeenAssets(trx, [{ ...PUMP, id: pump, lastSeen }], slack))
  const leave = () =>
    db.updateTable('assets').set({ state: 'quiet' }).where('id', '=', pump).execute()
  await save(SEEN)
  await leave()
  await save(SEEN)
  expect(await sightOf(pump)).toMatchObject({ last: SEEN, isAbsent: true })
  await save(SEEN + 5000, 20_000)
  expect(await sightOf(pump)).toMatchObject({ last: SEEN + 5000, isAbsent: true })
  await save(SEEN + 6000)
  expect(await sightOf(pump)).toMatchObject({ last: SEEN + 6000, isAbsent: false })
  await leave()
  await save(SEEN + 60_000, 20_000)
  expect(await sightOf(pump)).toMatchObject({ last: SEEN + 60_000, isAbsent: false })
})

test('a sight is written while somebody works at the device', async () => {
  const { db } = database.current
  await db.transaction().execute(async (trx) => {
    await lockAssets(trx, [pump])
    await see(pump, SEEN + 1000)
  })
  expect(await sightOf(pump)).toMatchObject({ last: SEEN + 1000 })
})

test('who is being seen at this moment is not looked at by who calls devices quiet', async () => {
  const { db } = database.current
  const silentAt = (now: number) =>
    db
      .transaction()
      .execute(async (trx) => (await findSilent(trx, LIMITS, now)).map(({ id }) => id))
  expect(await silentAt(SEEN + 5000)).toContain(pump)
  await db.transaction().execute(async (trx) => {
    await saveSights(trx, new Map([[pump, SEEN + 4500]]))
    expect(await silentAt(SEEN + 5000)).not.toContain(pump)
  })
  expect(await silentAt(SEEN + 5000)).not.toContain(pump)
  expect(await silentAt(SEEN + 6000)).toContain(pump)
})

test('who is called quiet while it is seen is there again', async () => {
  const { db } = database.current
  let isSaved = false
  let saving: Promise<unknown> = Promise.resolve()
  await db.transaction().execute(async (trx) => {
    const silent = await findSilent(trx, LIMITS, SEEN + 5000)
    expect(silent.map(({ id }) => id)).toContain(pump)
    saving = see(pump, SEEN + 4500).then(() => (isSaved = true))
    await wait(200)
    expect(isSaved).toBe(false)
    await savePresence(trx, { id: pump, state: 'quiet', reason: undefined })
  })
  await saving
  expect(await sightOf(pump)).toMatchObject({ last: SEEN + 4500, isAbsent: false })
})
