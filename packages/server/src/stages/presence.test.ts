import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { listPresence } from '../store/presence.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { lookForSilent, watchPresence } from './presence.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()
const SENSOR = 'live:span0'
const settings = { default: { quietAfterMinutes: 0.05, missingAfterHours: 0.01 }, byCategory: {} }
let batch = 0

async function openLine() {
  const { db } = database.current
  const bus = new InlineBus(db, { backOff: [1] })
  const content = await testContent()
  await attachStages({ db, bus, log: () => undefined }, { content, siteId: 'main' })
  return bus
}

async function see(
  bus: InlineBus,
  number: number,
  ip: string,
  time: number,
  { field, value } = { field: 'arp.address', value: ip },
): Promise<void> {
  const fact = {
    subject: { mac: `00:1b:44:00:00:0${number}`, ip },
    field,
    value,
    sensor: SENSOR,
    first: time,
    last: time,
    count: 1,
    evidence: {},
  }
  const payload = { sensor: SENSOR, siteId: 'main', batch: ++batch, facts: [fact] }
  await bus.publish({ subject: 'observation.recorded', id: `obs/${batch}`, payload })
}

async function report(bus: InlineBus, lastFrame: number, more = {}): Promise<void> {
  const counts = { frames: 1, flows: 0, observations: 0, counters: {} }
  const payload = {
    sensor: SENSOR,
    kind: 'interface',
    name: 'span0',
    state: 'running',
    ...counts,
    lastFrame,
    ...more,
  }
  await bus.publish({ subject: 'sensor.reported', id: `sensor/${++batch}`, payload })
  await bus.drain()
}

/** Kinds of event with how long after their frame they were noticed, oldest first. */
async function events() {
  const rows = await listPresence(database.current.db, { limit: 100 })
  return rows
    .toReversed()
    .map(({ kind, detail, time, created_at: noticed }) => ({ kind, detail, late: noticed - time }))
}

async function until(kind: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await events()).some((event) => event.kind === kind)) return
    await wait(100)
  }
  throw new Error(`Nobody ${kind}`)
}

test(
  'joined, moved, changed, left and returned are told within five seconds',
  { timeout: 60_000 },
  async () => {
    const bus = await openLine()
    const watch = watchPresence(database.current.db, settings, (error) => {
      throw error
    })
    await see(bus, 1, '10.0.0.1', Date.now())
    await until('joined')
    await see(bus, 1, '10.0.0.7', Date.now())
    await until('address-changed')
    await see(bus, 1, '10.0.9.7', Date.now())
    await until('moved')
    const last = Date.now()
    await report(bus, last + 60_000)
    await until('left')
    await see(bus, 1, '10.0.9.7', Date.now())
    await until('returned')
    await watch.stop()
    await bus.stop()
    const all = await events()
    expect(all.map(({ kind }) => kind)).toEqual([
      'joined',
      'address-changed',
      'moved',
      'left',
      'returned',
    ])
    expect(all[2]?.detail).toBe('10.0.0.7 > 10.0.9.7')
    // Three seconds are those of the quiet time itself.
    for (const { kind, late } of all)
      expect(late).toBeLessThan(kind === 'left' ? 3000 + 5000 : 5000)
  },
)

test('nobody left while the sensor is blind, and the reason is said until it sees again', async () => {
  const { db } = database.current
  const bus = await openLine()
  const start = Date.now()
  await see(bus, 2, '10.0.0.2', start)
  await report(bus, start + 60_000, { state: 'silent' })
  const before = (await events()).length
  const stateOf = () =>
    db
      .selectFrom('assets')
      .select(['state', 'presence_reason as reason'])
      .where(sql<boolean>`'00:1b:44:00:00:02' = any(macs)`)
      .executeTakeFirst()
  await lookForSilent(db, settings, start + 20_000)
  expect(await stateOf()).toEqual({
    state: 'active',
    reason: expect.stringContaining('nobody looks: no sensor is running'),
  })
  // Who was only excused has not been away.
  await see(bus, 2, '10.0.0.2', start + 1)
  await bus.drain()
  expect(await stateOf()).toEqual({ state: 'active', reason: null })
  // A sensor that runs but reported long ago is blind too.
  await report(bus, start + 60_000)
  await lookForSilent(db, settings, start + 120_000)
  expect(await stateOf()).toMatchObject({ state: 'active' })
  expect((await events()).length).toBe(before)
  // One that loses frames, or of which a VLAN fell silent, sees nobody leave either.
  const lost = { counters: { kernelDrops: 5 } }
  const vlan = { packets: 500, conversations: 0, oneSided: 0, first: 0, last: start - 3_600_000 }
  const deaf = { coverage: { vlans: [{ vlan: 20, ...vlan }], networks: [] } }
  for (const hindered of [lost, deaf]) {
    await report(bus, start + 60_000, hindered)
    await lookForSilent(db, settings, Date.now() + 20_000)
    expect(await stateOf()).toMatchObject({ state: 'active', reason: expect.stringContaining('') })
    await see(bus, 2, '10.0.0.2', start + 2)
    await bus.drain()
  }
  await report(bus, start + 60_000)
  await lookForSilent(db, settings, Date.now() + 20_000)
  expect(await stateOf()).toEqual({ state: 'quiet', reason: null })
  await report(bus, start + 300_000)
  await lookForSilent(db, settings, Date.now() + 25_000)
  expect((await events()).at(-1)).toMatchObject({ kind: 'left' })
  await bus.stop()
})

test('something older of a device that is missing does not bring it back', async () => {
  const { db } = database.current
  const bus = await openLine()
  const last = Date.now()
  await see(bus, 6, '10.0.0.66', last)
  await bus.drain()
  await sql`update assets set state = 'missing' where '10.0.0.66' = any(ips)`.execute(db)
  const returns = async () => (await events()).filter(({ kind }) => kind === 'returned').length
  const before = await returns()
  const stateOf = async () =>
    (
      await sql<{ state: string }>`select state from assets where '10.0.0.66' = any(ips)`.execute(
        db,
      )
    ).rows
  // News of it, and nothing new.
  await see(bus, 6, '10.0.0.66', last - 60_000, { field: 'dhcp.hostname', value: 'late-news' })
  await see(bus, 6, '10.0.0.66', last - 30_000)
  await bus.drain()
  expect([await stateOf(), await returns()]).toEqual([[{ state: 'missing' }], before])
  await see(bus, 6, '10.0.0.66', last + 1)
  await bus.drain()
  expect([await stateOf(), await returns()]).toEqual([[{ state: 'active' }], before + 1])
  await bus.stop()
})

test('who becomes another kind of device is an event of its own', async () => {
  const bus = await openLine()
  const say = async (value: string) => {
    await see(bus, 7, '10.0.0.77', Date.now(), { field: 'dhcp.vendor-class', value })
    await bus.drain()
  }
  const ofIt = async () =>
    (await events()).filter(({ kind }) => kind === 'class-changed').map(({ detail }) => detail)
  await say('Acme Drip 9 v2.1')
  expect(await ofIt()).toEqual([])
  // As if it had been taken for something else.
  await sql`update assets set type = 'workstation', category = 'computing' where '10.0.0.77' = any(ips)`.execute(
    database.current.db,
  )
  await say('Acme Drip 9 v2.2')
  expect(await ofIt()).toEqual([
    'category computing, now infusion; type workstation, now infusion-pump',
  ])
  await say('Acme Drip 9 v2.3')
  expect(await ofIt()).toHaveLength(1)
  await bus.stop()
})
