import type { Detection, FlowSummary, WorkOrder } from '@wardkeeper/core'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addDetections } from '../store/detections.ts'
import { readFinding } from '../store/findings.ts'
import { saveFlows } from '../store/flows.ts'
import { mergeAssets } from '../store/merge.ts'
import { saveObservations } from '../store/observations.ts'
import { newId } from '../store/uuid.ts'
import { addWorkOrder, readWorkOrder, workOrderOf } from '../store/work-orders.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { addAssets, addAttack, addFinding, addTestTechnician, SEEN } from '../testing/hospital.ts'
import { triageDetections } from './triage.ts'
import { makeVerifier } from './verify-work.ts'

const database = useDatabase()
const DAY = 86_400_000
const AFTER = SEEN + 2 * DAY

function flow(client: string, server: string, port: number, last: number): FlowSummary {
  return {
    siteId: 'main',
    sensor: 'capture:1',
    hour: last - (last % 3_600_000),
    client: { assetId: client, ip: '10.0.0.9' },
    server: { assetId: server, ip: '10.0.0.1' },
    transport: 'tcp',
    port,
    protocol: undefined,
    first: last,
    last,
    sessions: 1,
    packets: [1, 1],
    bytes: [1, 1],
    evidence: {},
  }
}

/** The capture reaches to `AFTER`, and the work was said to be done at `SEEN`. */
async function sayDone(orderId: string): Promise<void> {
  const { db } = database.current
  const times = { done: new Date(SEEN).toISOString(), seen_until: new Date(SEEN).toISOString() }
  await db
    .updateTable('work_orders')
    .set({ state: 'done', ...times })
    .where('id', '=', orderId)
    .execute()
  const at = new Date(AFTER).toISOString()
  const sensor = { id: 'capture:1', site_id: 'main', kind: 'capture', name: 'a', state: 'finished' }
  await db
    .insertInto('sensors')
    .values({
      ...sensor,
      frames: 1,
      flows: 1,
      observations: 1,
      last_frame: at,
      reported_at: at,
      counters: '{}',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function verdictOn(orderId: string, assetId: string): Promise<string | undefined> {
  const verify = makeVerifier(await testContent())
  await database.current.db.transaction().execute((trx) => verify(trx, 'main', [assetId]))
  return (await readWorkOrder(database.current.db, orderId))?.state
}

test('contact with the attacker is found among the flows of a busy device', async () => {
  const { db } = database.current
  const [pump, other, attacker] = await addAssets(db, [{ name: 'p' }, { name: 'o' }, { name: 'a' }])
  const { orderId } = await addAttack(db, attacker!, pump!)
  await sayDone(orderId)
  const busy = Array.from({ length: 5100 }, (_, n) => flow(other!, pump!, n, AFTER - 1000))
  await db
    .transaction()
    .execute((trx) => saveFlows(trx, 'main', [flow(attacker!, pump!, 23, SEEN + DAY), ...busy]))
  expect(await verdictOn(orderId, pump!)).toBe('contradicted')
})

test('an attacker that turns out to be another record stays the attacker', async () => {
  const { db } = database.current
  const [pump, attacker, same] = await addAssets(db, [{ name: 'p' }, { name: 'a' }, { name: 'b' }])
  const { orderId, incidentId, detectionId } = await addAttack(db, attacker!, pump!)
  await db
    .updateTable('incidents')
    .set({ asset_ids: [pump!, attacker!, same!] })
    .where('id', '=', incidentId)
    .execute()
  await db
    .transaction()
    .execute((trx) =>
      mergeAssets(trx, 'main', { from: attacker!, into: same!, because: 'x' }, SEEN),
    )
  const order = workOrderOf((await readWorkOrder(db, orderId))!)
  expect(order.expectation).toEqual({ kind: 'no-contact', actorId: same })
  const incident = await db
    .selectFrom('incidents')
    .selectAll()
    .where('id', '=', incidentId)
    .execute()
  expect(incident).toMatchObject([
    { actor_id: same, remedy: `isolate:${same}`, asset_ids: [pump, same] },
  ])
  const detection = await db
    .selectFrom('detections')
    .selectAll()
    .where('id', '=', detectionId)
    .execute()
  expect(detection).toMatchObject([{ actor_id: same, remedy: `isolate:${same}` }])
  await sayDone(orderId)
  await db
    .transaction()
    .execute((trx) => saveFlows(trx, 'main', [flow(same!, pump!, 24, AFTER - 1000)]))
  expect(await verdictOn(orderId, pump!)).toBe('contradicted')
})

test('a weakness that the network shows to be gone is resolved with the order', async () => {
  const { db } = database.current
  const [pump] = await addAssets(db, [{ name: 'p' }])
  const more = { kind: 'weakness', subject: 'telnet', state: 'in-progress' } as const
  const findingId = await addFinding(db, pump!, more)
  const order: WorkOrder = {
    id: newId(),
    number: 0,
    kind: 'corrective',
    title: 'End telnet',
    state: 'ready',
    severity: 'high',
    assetIds: [pump!],
    incidentId: undefined,
    findingIds: [findingId],
    expectation: { kind: 'weakness-gone', code: 'telnet' },
    technicianId: undefined,
    opened: SEEN,
    due: undefined,
    done: undefined,
    resolution: undefined,
    verification: undefined,
  }
  await db.transaction().execute((trx) => addWorkOrder(trx, 'main', order))
  await sayDone(order.id)
  const times = { first: AFTER - 1000, last: AFTER - 1000, count: 1 }
  const seen = {
    subject: {},
    field: 'http.server',
    value: 'x',
    sensor: 's',
    evidence: {},
    ...times,
  }
  await db
    .transaction()
    .execute((trx) => saveObservations(trx, 'main', [{ fact: seen, assetId: pump! }]))
  expect(await verdictOn(order.id, pump!)).toBe('verified')
  expect(await readFinding(db, findingId)).toMatchObject({
    state: 'resolved',
    verdict: 'not-affected',
  })
})

test('a device that joins an incident gets into its order, which leaves a technician not authorised for it', async () => {
  const { db } = database.current
  const [pump, monitor, attacker] = await addAssets(db, [
    { name: 'p', manufacturer: 'Acme', model: 'Drip 9', type: 'infusion-pump' },
    { name: 'm', manufacturer: 'Acme', model: 'Heart 2', type: 'patient-monitor' },
    { name: 'a' },
  ])
  const stage = triageDetections((await testContent()).responsePlan)
  const attack = async (targetId: string) => {
    const id = newId()
    const what = { detector: 'stranger', severity: 'high', state: 'raised' } as const
    const when = { time: SEEN, lastTime: SEEN, count: 1 }
    const words = { expected: '', seen: 'Somebody came.', techniques: [], evidence: [] }
    const remedy = `isolate:${attacker}`
    const one: Detection = { id, actorId: attacker, targetId, remedy, ...what, ...when, ...words }
    return await db.transaction().execute(async (trx) => {
      await addDetections(trx, 'main', [one])
      const payload = { siteId: 'main', detectionIds: [id] }
      return await stage.handle(trx, payload, { subject: 'detection.raised', id, payload })
    })
  }
  const orders = () =>
    db
      .selectFrom('work_orders')
      .selectAll()
      .where(sql<boolean>`${pump} = any(asset_ids)`)
      .execute()
  expect((await attack(pump!)).map(({ subject }) => subject)).toContain('work-order.opened')
  const ann = await addTestTechnician(db, 'Ann', 'Drip 9')
  const [{ id } = { id: '' }] = await orders()
  const assigned = { state: 'assigned', technician_id: ann.id }
  await db.updateTable('work_orders').set(assigned).where('id', '=', id).execute()
  await attack(pump!)
  expect(await orders()).toMatchObject([{ id, state: 'assigned', asset_ids: [pump] }])
  await attack(monitor!)
  expect(await orders()).toMatchObject([
    { id, state: 'ready', technician_id: null, asset_ids: [pump, monitor] },
  ])
})
