import type { FlowSummary, ObservedFact } from '@wardkeeper/core'
import { expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { verifyAudit } from '../store/audit.ts'
import { declare } from '../store/declarations.ts'
import { summarize } from '../store/summary.ts'
import { lockWorkOrder, markSeenUntil, saveWorkOrder, workOrderOf } from '../store/work-orders.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { toldOnce as fact } from '../testing/facts.ts'
import { saveAdvisories } from '../store/advisories.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()

const DAY = 86_400_000
const START = Date.UTC(2026, 5, 1, 8)
const PUMP = { mac: '00:1b:44:00:00:01', ip: '10.0.0.11' }
const SERVER = { mac: '00:1b:44:00:00:02', ip: '10.0.0.2' }
const ATTACKER = { mac: '00:1b:44:00:00:99', ip: '10.0.0.99' }

function flow(
  client: typeof PUMP,
  server: typeof PUMP,
  port: number,
  time: number,
  more = {},
): FlowSummary {
  return {
    siteId: 'main',
    sensor: 'capture:1',
    hour: Math.floor(time / 3_600_000) * 3_600_000,
    client,
    server,
    transport: 'tcp',
    port,
    protocol: undefined,
    first: time,
    last: time + 1000,
    sessions: 1,
    packets: [10, 10],
    bytes: [1000, 1000],
    evidence: {},
    ...more,
  }
}

let batch = 0

async function openLine() {
  const failures: string[] = []
  const bus = new InlineBus(database.current.repeated, {
    backOff: [1, 1],
    onFailure: (name, { id }, error) => failures.push(`${name} ${id}: ${String(error)}`),
  })
  const content = await testContent()
  await database.current.db.transaction().execute((trx) => saveAdvisories(trx, content.advisories))
  await attachStages(
    { db: database.current.repeated, bus, log: () => undefined },
    { content, siteId: 'main' },
  )
  const origin = { sensor: 'capture:1', siteId: 'main' }
  return {
    bus,
    failures,
    observe: (facts: readonly ObservedFact[], number = ++batch) =>
      bus.publish({
        subject: 'observation.recorded',
        id: `obs/capture:1/${number}`,
        payload: { ...origin, batch: number, facts },
      }),
    flows: (flows: readonly FlowSummary[], number = ++batch) =>
      bus.publish({
        subject: 'flow.summarized',
        id: `flow/capture:1/${number}`,
        payload: { ...origin, batch: number, flows },
      }),
    report: (lastFrame: number) =>
      bus.publish({
        subject: 'sensor.reported',
        id: `sensor/capture:1/${++batch}`,
        payload: {
          sensor: 'capture:1',
          kind: 'capture',
          name: 'test.pcap',
          state: 'finished',
          frames: 1,
          flows: 1,
          observations: 1,
          firstFrame: START,
          lastFrame,
          counters: {},
        },
      }),
  }
}

/** When the devices of this model were last seen. */
async function seenOf(model: string): Promise<readonly number[]> {
  const rows = await database.current.db
    .selectFrom('assets')
    .innerJoin('asset_sights', 'asset_id', 'id')
    .select('seen')
    .where('model', '=', model)
    .execute()
  return rows.map(({ seen }) => seen)
}

const arp = (end: typeof PUMP, time: number) => fact(end, 'arp.ip', end.ip, time)

test('from an observation to a verified work order', async () => {
  const { db } = database.current
  const line = await openLine()
  await db.transaction().execute((trx) =>
    declare(trx, 'main', `mac:${PUMP.mac}`, {
      owner: 'Ward 7',
      room: '7.12',
      maintenance: [{ date: '2026-05-01', by: 'Ann', what: 'Yearly check' }],
    }),
  )
  await line.observe([
    fact(PUMP, 'dhcp.vendor-class', 'Acme Drip 9 v2.1', START),
    arp(PUMP, START),
    arp(SERVER, START),
    fact(PUMP, 'http.user-agent', 'nul\0and half a pair \ud800', START),
  ])
  await line.bus.drain()
  expect(line.failures).toEqual([])
  const pump = await db
    .selectFrom('assets')
    .selectAll()
    .where('manufacturer', '=', 'Acme')
    .where('model', 'is not', null)
    .executeTakeFirstOrThrow()
  expect(await seenOf('Drip 9')).toEqual([START])
  expect(pump).toMatchObject({
    model: 'Drip 9',
    firmware: '2.1',
    type: 'infusion-pump',
    category: 'infusion',
    owner: 'Ward 7',
    room: '7.12',
    macs: [PUMP.mac],
    ips: [PUMP.ip],
  })
  // The advisory affects versions before 3.0, and its CVE is exploited.
  const finding = await db.selectFrom('findings').selectAll().executeTakeFirstOrThrow()
  expect(finding).toMatchObject({
    asset_id: pump.id,
    subject: 'TEST-26-001',
    verdict: 'affected',
    state: 'open',
    severity: 'critical',
    is_known_exploited: true,
  })
  expect(pump.findings_critical).toBe(1)

  // Some days of talking to its server, then somebody new knocks on many ports.
  for (let day = 0; day < 4; day++) {
    for (const hour of [0, 3, 6]) {
      await line.flows([flow(PUMP, SERVER, 443, START + day * DAY + hour * 3_600_000)])
    }
  }
  await line.bus.drain()
  expect(await db.selectFrom('detections').selectAll().execute()).toEqual([])
  const attack = START + 4 * DAY
  await line.observe([arp(ATTACKER, attack)])
  const probes = Array.from({ length: 40 }, (_, n) =>
    flow(ATTACKER, PUMP, 1 + n, attack + n, { packets: [1, 1], bytes: [60, 60] }),
  )
  await line.flows(probes)
  await line.report(attack)
  await line.bus.drain()
  expect(line.failures).toEqual([])
  const [incident, ...more] = await db.selectFrom('incidents').selectAll().execute()
  expect(more).toEqual([])
  expect(incident?.asset_ids).toContain(pump.id)
  expect(incident?.dossiers).toMatchObject([
    {
      label: pump.label,
      owner: 'Ward 7',
      room: '7.12',
      lastMaintenance: { what: 'Yearly check' },
      openFindings: 1,
    },
    { label: expect.stringContaining('Acme') },
  ])
  const detections = await db.selectFrom('detections').selectAll().execute()
  expect(detections.length).toBeGreaterThan(0)
  expect(new Set(detections.map((row) => `${row.state} ${row.incident_id}`))).toEqual(
    new Set([`in-incident ${incident?.id}`]),
  )
  const order = await db.selectFrom('work_orders').selectAll().executeTakeFirstOrThrow()
  expect(order).toMatchObject({ incident_id: incident?.id, state: 'ready', number: 1 })

  // The technician says that it is done; the capture of the day after shows the pump and no attacker.
  const done = (state: 'done') =>
    db.transaction().execute(async (trx) => {
      const row = await lockWorkOrder(trx, order.id)
      const changed = { ...workOrderOf(row!), state, done: Date.now(), resolution: 'Cut off' }
      await saveWorkOrder(trx, changed)
      await markSeenUntil(trx, changed)
    })
  await done('done')
  const later = attack + 2 * DAY
  await line.observe([fact(PUMP, 'http.server', 'drip', later)])
  await line.flows([flow(PUMP, SERVER, 443, later)])
  await line.report(later + 1000)
  await line.flows([flow(PUMP, SERVER, 443, later + 500)])
  await line.bus.drain()
  expect(await db.selectFrom('work_orders').selectAll().executeTakeFirst()).toMatchObject({
    state: 'verified',
    verification: { reason: expect.stringContaining('no contact') },
  })
  expect((await verifyAudit(db)).broken).toBeUndefined()

  // The firmware is updated: the finding closes, it does not vanish.
  await line.observe([fact(PUMP, 'dhcp.vendor-class', 'Acme Drip 9 v3.1', later + 5000)])
  await line.bus.drain()
  expect(
    await db
      .selectFrom('assets')
      .select(['firmware', 'findings_critical'])
      .where('id', '=', pump.id)
      .execute(),
  ).toEqual([{ firmware: '3.1', findings_critical: 0 }])
  expect(await db.selectFrom('findings').select(['state']).execute()).toEqual([
    { state: 'resolved' },
  ])
  await line.bus.stop()
})

test('the same messages a second time, also after a restart, change nothing', async () => {
  const { db } = database.current
  const before = await summarize(db)
  const counts = () =>
    db
      .selectFrom('observations')
      .select(['field', 'count'])
      .orderBy('field')
      .orderBy('value')
      .execute()
  const seen = await counts()
  const line = await openLine()
  await line.observe([fact(PUMP, 'dhcp.vendor-class', 'Acme Drip 9 v2.1', START)], 1)
  await line.flows([flow(PUMP, SERVER, 443, START)], 2)
  await line.bus.drain()
  expect(await summarize(db)).toEqual(before)
  expect(await counts()).toEqual(seen)
  await line.bus.stop()
})

test('a heartbeat counts up and moves the last sight, and nothing is worked out again', async () => {
  const { db } = database.current
  const line = await openLine()
  const later = START + 30 * DAY
  const changes = await db
    .selectFrom('inbox')
    .selectAll()
    .where('stage', '=', 'match-advisories')
    .execute()
  await line.observe([fact(PUMP, 'dhcp.vendor-class', 'Acme Drip 9 v3.1', later)])
  await line.bus.drain()
  const row = await db
    .selectFrom('observations')
    .select(['count', 'last_seen'])
    .where('value', '=', 'Acme Drip 9 v3.1')
    .executeTakeFirst()
  expect(row).toEqual({ count: 2, last_seen: later })
  expect(await seenOf('Drip 9')).toEqual([later])
  const after = await db
    .selectFrom('inbox')
    .selectAll()
    .where('stage', '=', 'match-advisories')
    .execute()
  expect(after.length).toBe(changes.length)
  await line.bus.stop()
})

test('a message that cannot be decoded is set aside and the line goes on', async () => {
  const line = await openLine()
  await line.bus.publish({
    subject: 'observation.recorded',
    id: 'obs/bad',
    payload: { facts: 'none' },
  })
  await line.observe([arp({ mac: '00:1b:44:00:00:55', ip: '10.0.0.55' }, START)])
  await line.bus.drain()
  const parked = await line.bus.parked()
  expect(parked).toMatchObject([{ subscription: 'resolve-asset', id: 'obs/bad', attempts: 3 }])
  const rows = await database.current.db
    .selectFrom('assets')
    .select('ips')
    .innerJoin('asset_search', 'asset_search.asset_id', 'assets.id')
    .where('text', 'like', '%00:1b:44:00:00:55%')
    .execute()
  expect(rows).toEqual([{ ips: ['10.0.0.55'] }])
  await line.bus.stop()
})
