import type { OwnershipRule } from '@wardkeeper/core'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Content } from '../content/load.ts'
import { applyRules } from '../store/apply-rules.ts'
import { lockAssets } from '../store/assets.ts'
import { saveRecords } from '../store/declared-records.ts'
import { addEntry, addMaintenanceRecord } from '../store/dossier.ts'
import { mergeByHand } from '../store/regroup.ts'
import { readRules, replaceRules } from '../store/rules.ts'
import { ensureSite } from '../store/sites.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { addAssets, SEEN } from '../testing/hospital.ts'
import { applyDatedRules } from './apply-dated-rules.ts'
import { applyInventoryRules } from './apply-rules.ts'

const database = useDatabase()
const NOW = Date.UTC(2026, 10, 26, 8)
const DAY = 86_400_000
/** Somebody waits for a lock in them. */
const SLOW = { timeout: 20_000 }
let content: Content

beforeAll(async () => {
  content = await testContent()
  await ensureSite(database.current.db, { id: 'main', name: 'Hospital' })
})

const run = (now: number) => applyDatedRules({ db: database.current.db, content }, now)

/** Puts rules of who answers into force, as a person does. */
async function rule(...rules: readonly OwnershipRule[]): Promise<void> {
  const { vocabulary } = content.knowledge
  await database.current.db.transaction().execute(async (trx) => {
    await replaceRules(trx, 'main', 'ownership', rules, { by: 'ann', reason: 'test' }, NOW)
    const after = await readRules(trx, 'main', content.rules)
    const today = new Date(NOW).toISOString().slice(0, 10)
    await applyRules(trx, 'main', undefined, after, { vocabulary, today, by: 'ann' })
  })
}
async function owners(ids: readonly string[]): Promise<readonly (string | null)[]> {
  const rows = await database.current.db
    .selectFrom('assets')
    .select(['id', 'accountable'])
    .where('id', 'in', ids)
    .execute()
  return ids.map((id) => rows.find((row) => row.id === id)?.accountable ?? null)
}
const nextOf = async (id: string) =>
  (
    await database.current.pool.query<{ next: string }>(
      `select next::text as next from rule_dates where asset_id = '${id}'`,
    )
  ).rows[0]?.next
const own = (accountable: string, when: OwnershipRule['when'], more: object = {}) => ({
  name: accountable,
  when,
  outcome: { accountable, ...more },
})

test('a warranty that ends and an owner who begins change the answer on their day, and no other device is read', async () => {
  const ids = await addAssets(
    database.current.db,
    ['a', 'b', 'c'].map((name) => ({ name })),
  )
  const until = (id: string, date: string) =>
    database.current.pool.query(`update assets set warranty_until = '${date}' where id = '${id}'`)
  await until(ids[0]!, '2026-11-27')
  await until(ids[1]!, '2027-05-01')
  await rule(
    own('Later', [{ field: 'name', is: ['c'] }], { from: '2026-11-28' }),
    own('Out of warranty', [{ date: 'warrantyUntil', pastDays: 0 }]),
    own('Maker', [{ date: 'warrantyUntil', withinDays: 3650 }]),
  )
  expect(await owners(ids)).toEqual(['Maker', 'Maker', null])
  expect(await Promise.all(ids.map(nextOf))).toEqual(['2026-11-28', '2027-05-02', '2026-11-28'])
  await run(NOW + DAY)
  expect(await owners(ids)).toEqual(['Maker', 'Maker', null])
  await run(NOW + 2 * DAY)
  expect(await owners(ids)).toEqual(['Out of warranty', 'Maker', 'Later'])
  expect(await Promise.all(ids.map(nextOf))).toEqual([undefined, '2027-05-02', undefined])
  const { rows } = await database.current.pool.query(
    `select by_name, cause from asset_changes where asset_id = '${ids[0]}' order by id desc limit 1`,
  )
  expect(rows).toEqual([{ by_name: 'rules', cause: 'rule' }])
})

/** Changes a device, lets `work` begin and wait for it, and ends. */
async function whileChanging(id: string, name: string, work: () => Promise<void>): Promise<void> {
  const { db, pool } = database.current
  let working: Promise<void> | undefined
  await db.transaction().execute(async (trx) => {
    await lockAssets(trx, [id])
    working = work()
    const waits = async () => {
      const { rows } = await pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      expect(rows.length).toBe(1)
    }
    await vi.waitFor(waits, { timeout: 10_000 })
    await trx.updateTable('assets').set({ label: name }).where('id', '=', id).execute()
  })
  await working
}

test(
  'a device that changes while all of a site is judged is judged by what it is then',
  SLOW,
  async () => {
    const ids = await addAssets(database.current.db, [{ name: 'was' }, { name: 'is' }])
    await whileChanging(ids[0]!, 'is', () => rule(own('Owner', [{ field: 'name', is: ['is'] }])))
    expect(await owners(ids)).toEqual(['Owner', 'Owner'])
  },
)

test('and so it is where a message names it', SLOW, async () => {
  const { db } = database.current
  const [id = ''] = await addAssets(db, [{ name: 'was, too' }])
  await rule(own('Owner', [{ field: 'name', is: ['is, too'] }]))
  const { handle } = applyInventoryRules(content)
  const message = { subject: 'asset.changed', id: 'asset/1', payload: {} }
  await whileChanging(id, 'is, too', async () => {
    await db
      .transaction()
      .execute((trx) => handle(trx, { siteId: 'main', assetIds: [id] }, message))
  })
  expect(await owners([id])).toEqual(['Owner'])
})

test('who is seen again is not missed: the day moves on when it comes', async () => {
  const ids = await addAssets(database.current.db, [{ name: 'seen', lastSeen: SEEN }])
  await rule(own('Search', [{ date: 'lastSeen', pastDays: 200 }]))
  const day = new Date(SEEN + 201 * DAY).toISOString().slice(0, 10)
  expect(await nextOf(ids[0]!)).toBe(day)
  await database.current.pool.query(
    `update asset_sights set seen = '2026-12-10T00:00:00Z' where asset_id = '${ids[0]}'`,
  )
  await run(Date.parse(day))
  expect(await owners(ids)).toEqual([null])
  expect(await nextOf(ids[0]!)).toBe('2027-06-29')
  await run(Date.UTC(2027, 5, 29))
  expect(await owners(ids)).toEqual(['Search'])
})

test('maintenance that is written down is judged again with the next pass', async () => {
  const { db } = database.current
  const ids = await addAssets(db, [{ name: 'pump' }])
  const asset = { id: ids[0]!, site_id: 'main' }
  await rule(own('Overdue', [{ date: 'maintenanceDue', pastDays: 0 }]))
  const body = {
    name: 'Inspection',
    program: 'manufacturer',
    every: 1,
    unit: 'year',
    starts: '2026-11-01',
    basis: 'done',
  }
  const scheduleId = await db
    .transaction()
    .execute((trx) => addEntry(trx, asset, 'schedule', body, 'Jo'))
  await run(NOW)
  expect(await owners(ids)).toEqual(['Overdue'])
  const done = { date: '2026-11-26', by: 'Jo', what: 'Inspected', scheduleId }
  await db.transaction().execute((trx) => addMaintenanceRecord(trx, asset, done))
  await run(NOW)
  expect(await owners(ids)).toEqual([null])
  expect(await nextOf(ids[0]!)).toBe('2027-11-27')
})

test('dates of records count where no schedule stands, and what is no date is none', async () => {
  const { db } = database.current
  const ids = await addAssets(db, [{ name: 'r1' }, { name: 'r2' }])
  const tell = (id: string, body: object) =>
    db
      .transaction()
      .execute((trx) =>
        saveRecords(trx, { siteId: 'main', source: 'cmms', importId: undefined, now: NOW }, [
          { nativeKey: id, assetId: id, body },
        ]),
      )
  await tell(ids[0]!, { nextPm: '2026-10-01', endOfSupport: '2030-01-01' })
  await tell(ids[1]!, { nextPm: 'soon', endOfSupport: '2026-02-31' })
  await rule(
    own('Overdue', [{ date: 'maintenanceDue', pastDays: 30 }]),
    own('Old', [{ date: 'endOfSupport', pastDays: 0 }]),
  )
  expect(await owners(ids)).toEqual(['Overdue', null])
  expect(await nextOf(ids[0]!)).toBe('2030-01-02')
})

test('other rules that came with the product are held against all devices once', async () => {
  const { db, pool } = database.current
  const ids = await addAssets(db, [{ name: 'old', type: 'infusion-pump' }])
  await run(NOW)
  const changed = {
    ...content,
    rules: { ...content.rules, medical: [{ name: 'all', when: [], outcome: { medical: 'no' } }] },
  } as Content
  await applyDatedRules({ db, content: changed }, NOW)
  const read = async () =>
    (await pool.query(`select medical, medical_rule from assets where id = '${ids[0]}'`)).rows
  expect(await read()).toEqual([{ medical: 'no', medical_rule: 'all' }])
  await pool.query(`update assets set medical_rule = 'untouched' where id = '${ids[0]}'`)
  await applyDatedRules({ db, content: changed }, NOW)
  expect(await read()).toEqual([{ medical: 'no', medical_rule: 'untouched' }])
})

test('a record that was merged away is forgotten', async () => {
  const { db } = database.current
  const ids = await addAssets(db, [{ name: 'm1' }, { name: 'm2' }])
  await rule(own('Search', [{ date: 'lastSeen', pastDays: 200 }]))
  expect(await nextOf(ids[0]!)).toBeDefined()
  const people = { by: 'ann', reason: 'one' }
  await db
    .transaction()
    .execute((trx) => mergeByHand(trx, 'main', { from: ids[0]!, into: ids[1]! }, people, NOW))
  await run(Date.UTC(2028, 0, 1))
  expect(await nextOf(ids[0]!)).toBeUndefined()
  expect(await owners([ids[1]!])).toEqual(['Search'])
})
