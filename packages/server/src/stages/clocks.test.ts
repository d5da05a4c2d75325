import { expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { useDatabase } from '../testing/database.ts'
import { addAssets, addAttack, addFinding, addTestTechnician, SEEN } from '../testing/hospital.ts'
import { approveDecision, proposeDecision } from '../store/finding-decisions.ts'
import { readFinding } from '../store/findings.ts'
import { readLogs } from '../store/log.ts'
import { addUser } from '../store/users.ts'
import { testContent } from '../testing/content.ts'
import { CLOCKS, startClocks, type ClockContext } from './clocks.ts'
import { scoringOf } from './score-risk.ts'
import { makeVerifier } from './verify-work.ts'

const database = useDatabase()
const DAY = 86_400_000

async function context(): Promise<ClockContext> {
  const { db } = database.current
  const content = await testContent()
  const scoring = scoringOf(content)
  return { db, bus: new InlineBus(db), verifyOrders: makeVerifier(content), scoring, content }
}

test('an incident that nobody takes in time is marked once for each move', async () => {
  const { db } = database.current
  const [pump, other] = await addAssets(db, [
    { name: 'pump', manufacturer: 'Acme', model: 'Drip 9', type: 'infusion-pump' },
    { name: 'other' },
  ])
  const { incidentId, orderId } = await addAttack(db, other!, pump!)
  const marks = async () =>
    (await readLogs(db, [incidentId])).get(incidentId)?.map(({ what }) => what) ?? []
  await CLOCKS['escalate-incidents'](await context(), SEEN)
  expect(await marks()).toEqual([])
  for (let n = 0; n < 2; n++) await CLOCKS['escalate-incidents'](await context(), SEEN + DAY)
  expect(await marks()).toEqual(['Overdue while new'])

  // The order is taken back on the day after the authorization ends, not before.
  const technician = await addTestTechnician(db, 'Ann', 'Drip 9', '2026-06-10')
  await db
    .updateTable('work_orders')
    .set({ state: 'assigned', technician_id: technician.id })
    .where('id', '=', orderId)
    .execute()
  const state = async () =>
    (
      await db
        .selectFrom('work_orders')
        .select('state')
        .where('id', '=', orderId)
        .executeTakeFirst()
    )?.state
  await CLOCKS['take-back-orders'](await context(), Date.UTC(2026, 5, 10, 20))
  expect(await state()).toBe('assigned')
  await CLOCKS['take-back-orders'](await context(), Date.UTC(2026, 5, 12))
  expect(await state()).toBe('ready')
})

test('an accepted risk is open again after its last day', async () => {
  const { db } = database.current
  const [asset] = await addAssets(db, [{ name: 'a' }])
  const id = await addFinding(db, asset!)
  await db.transaction().execute(async (trx) => {
    const one = await addUser(trx, {
      username: 'one',
      name: 'One',
      roles: ['manager'],
      sites: ['*'],
    })
    const two = await addUser(trx, {
      username: 'two',
      name: 'Two',
      roles: ['manager'],
      sites: ['*'],
    })
    const proposal = { decision: 'accept', reason: 'soon replaced', until: '2026-06-10' } as const
    await proposeDecision(trx, (await readFinding(trx, id))!, proposal, one!.id, SEEN)
    await approveDecision(trx, (await readFinding(trx, id))!, two!.id, SEEN)
  })
  await CLOCKS['end-decisions'](await context(), Date.UTC(2026, 5, 10, 23))
  expect((await readFinding(db, id))?.state).toBe('accepted')
  await CLOCKS['end-decisions'](await context(), Date.UTC(2026, 5, 11, 1))
  expect((await readFinding(db, id))?.state).toBe('open')
  const asset1 = await db
    .selectFrom('assets')
    .select('findings_high')
    .where('id', '=', asset!)
    .executeTakeFirst()
  expect(asset1?.findings_high).toBe(1)
})

test('what was muted until a day is raised again on the day after', async () => {
  const { db } = database.current
  const [pump, other] = await addAssets(db, [{ name: 'pump-2' }, { name: 'other-2' }])
  const { detectionId } = await addAttack(db, other!, pump!)
  await db
    .updateTable('detections')
    .set({ state: 'muted', muted_until: '2026-06-10T23:59:59Z' })
    .where('id', '=', detectionId)
    .execute()
  const state = async () =>
    (await db.selectFrom('detections').select('state').where('id', '=', detectionId).execute())[0]
  await CLOCKS['end-mutes'](await context(), Date.UTC(2026, 5, 10, 20))
  expect(await state()).toEqual({ state: 'muted' })
  await CLOCKS['end-mutes'](await context(), Date.UTC(2026, 5, 11))
  expect(await state()).toEqual({ state: 'raised' })
  const waiting = await db.selectFrom('outbox').select(['subject', 'payload']).execute()
  expect(waiting).toEqual([
    { subject: 'detection.raised', payload: { siteId: 'main', detectionIds: [detectionId] } },
  ])
})

test('the clocks start beside the tables of the product and stop again', async () => {
  const { connection, pool } = database.current
  const clocks = await startClocks(connection, await context())
  await pool.query(`select graphile_worker.add_job('watch-sensors')`)
  const waiting = async () => (await pool.query('select from graphile_worker.jobs')).rowCount
  await expect.poll(waiting, { timeout: 5000 }).toBe(0)
  await clocks.stop()
  const open = async () =>
    (
      await pool.query(`select from pg_stat_activity where datname = current_database()
      and application_name = 'wardkeeper clocks'`)
    ).rowCount
  await expect.poll(open).toBe(0)
})
