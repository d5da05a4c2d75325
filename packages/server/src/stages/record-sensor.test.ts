import type { SensorCoverage } from '@wardkeeper/core'
import { expect, test } from 'vitest'
import { blindnessOf, listHealth } from '../store/sensor-health.ts'
import { useDatabase } from '../testing/database.ts'
import { recordSensor } from './record-sensor.ts'

const database = useDatabase()
const MINUTE = 60_000

async function report(sensor: string, changes: object = {}): Promise<void> {
  const stage = recordSensor('main')
  const told = {
    sensor,
    kind: 'interface',
    name: sensor,
    state: 'running',
    frames: 100_000,
    flows: 1000,
    observations: 10,
    lastFrame: 100 * MINUTE,
    counters: {},
    ...changes,
  }
  const payload = stage.payload.parse(told)
  await database.current.db
    .transaction()
    .execute((trx) => stage.handle(trx, payload, { id: 'x', subject: 'sensor.reported', payload }))
}

const heard = (last: number): SensorCoverage => ({
  vlans: [
    { vlan: 20, packets: 5000, conversations: 50, oneSided: 0, first: 0, last: 100 * MINUTE },
    { vlan: 30, packets: 5000, conversations: 50, oneSided: 0, first: 0, last },
  ],
  networks: [],
})

const codesOf = async (sensor: string) =>
  (await listHealth(database.current.db, ['main'], 0))
    .filter((row) => row.sensor === sensor)
    .map(({ code, scope, until }) => `${code} ${scope}${until === null ? '' : ' ended'}`)
    .toSorted()

test('an issue opens, goes on, ends, and opens anew; none is deleted', async () => {
  const lossy = { counters: { kernelDrops: 5000 } }
  await report('s1', lossy)
  await report('s1', lossy)
  expect(await codesOf('s1')).toEqual(['kernel-drops '])
  await report('s1')
  expect(await codesOf('s1')).toEqual(['kernel-drops  ended'])
  await report('s1', lossy)
  expect(await codesOf('s1')).toEqual(['kernel-drops ', 'kernel-drops  ended'])
})

test('a VLAN that falls silent is told by its number', async () => {
  await report('s2', { coverage: heard(100 * MINUTE) })
  expect(await codesOf('s2')).toEqual([])
  await report('s2', { coverage: heard(80 * MINUTE) })
  expect(await codesOf('s2')).toEqual(['silent-vlan vlan 30'])
  const { isBlind, silentScopes } = await blindnessOf(database.current.db, 'main', Date.now())
  expect({ isBlind, silentScopes }).toEqual({ isBlind: false, silentScopes: ['vlan 30'] })
})

test('a site is blind without a sensor, with one that hears nothing, and with one that is not heard of', async () => {
  const { db } = database.current
  expect(await blindnessOf(db, 'other', Date.now())).toMatchObject({
    isBlind: true,
    because: 'no sensor listens on this site',
  })
  await report('s3', { siteId: 'north', state: 'silent' })
  expect(await blindnessOf(db, 'north', Date.now())).toMatchObject({ isBlind: true })
  await report('s3', { siteId: 'north' })
  expect(await blindnessOf(db, 'north', Date.now())).toMatchObject({ isBlind: false })
  expect(await blindnessOf(db, 'north', Date.now() + 10 * MINUTE)).toMatchObject({
    isBlind: true,
    because: 'no sensor of this site is heard',
  })
})

test('a capture is judged when it was read to its end', async () => {
  const cut = { kind: 'capture', counters: { truncatedFrames: 90_000 } }
  await report('s4', cut)
  expect(await codesOf('s4')).toEqual([])
  await report('s4', { ...cut, state: 'finished' })
  expect(await codesOf('s4')).toEqual(['truncated '])
})
