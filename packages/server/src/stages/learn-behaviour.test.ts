import type { FlowSummary, ObservedFact } from '@wardkeeper/core'
import { beforeAll, expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { loadClaims } from '../store/claims.ts'
import { ensureSite } from '../store/sites.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { learnSite, learnSites } from './learn-behaviour.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()
const START = Date.UTC(2026, 5, 1, 8)
const NOW = START + 3_600_000
let bus: InlineBus

const macOf = (n: number) => `00:1b:44:00:07:${String(n).padStart(2, '0')}`
const ipOf = (n: number) => `10.7.0.${n}`

/** Devices 1 to 6 behave like pumps, 11 to 16 like scales; 7 and 17 too, and nobody said what they are; 20 like neither. */
const PUMPS = [1, 2, 3, 4, 5, 6, 7]
const SCALES = [11, 12, 13, 14, 15, 16, 17]
const ODD = 20

beforeAll(async () => {
  const { db } = database.current
  await ensureSite(db, { id: 'main', name: 'Hospital' })
  bus = new InlineBus(db, { backOff: [1] })
  const content = await testContent()
  await attachStages({ db, bus, log: () => undefined }, { content, siteId: 'main' })
  const origin = { sensor: 'capture:1', siteId: 'main', batch: 1 }
  const facts = [...PUMPS, ...SCALES, ODD, 99].map((n): ObservedFact => ({
    subject: { mac: macOf(n), ip: ipOf(n) },
    field: 'arp.ip',
    value: ipOf(n),
    sensor: 'capture:1',
    first: START,
    last: START,
    count: 1,
    evidence: { frame: n },
  }))
  await bus.publish({
    subject: 'observation.recorded',
    id: 'obs/1/1',
    payload: { ...origin, facts },
  })
  const flow = (n: number, port: number, bytes: [number, number], protocol?: string) => ({
    siteId: 'main',
    sensor: 'capture:1',
    hour: START,
    client: { mac: macOf(n), ip: ipOf(n) },
    server: { mac: macOf(99), ip: ipOf(99) },
    transport: 'tcp',
    port,
    ...(protocol === undefined ? {} : { protocol }),
    first: START,
    last: START,
    sessions: 20,
    packets: [40, 40],
    bytes,
    evidence: {},
  })
  const flows = [
    ...PUMPS.flatMap((n) => [flow(n, 3001, [9000 + n, 900]), flow(n, 443, [2000, 9000], 'tls')]),
    ...SCALES.flatMap((n) => [flow(n, 2575, [90_000, 900 + n], 'hl7'), flow(n, 123, [800, 800])]),
    flow(ODD, 25, [90_000, 900], 'smtp'),
  ] as unknown as FlowSummary[]
  await bus.publish({ subject: 'flow.summarized', id: 'flow/1/1', payload: { ...origin, flows } })
  await bus.drain()
  expect(await bus.parked()).toEqual([])
})

async function idOf(n: number): Promise<string> {
  const { rows } = await database.current.pool.query<{ asset_id: string }>(
    'select asset_id from key_links where key = $1 and until is null',
    [`mac:${macOf(n)}`],
  )
  return rows[0]?.asset_id ?? ''
}

async function typeOf(n: number) {
  const id = await idOf(n)
  const claims = (await loadClaims(database.current.db, [id])).get(id) ?? []
  return claims.find(({ attribute }) => attribute === 'type')
}

async function lockType(n: number, type: string, isLocked = false): Promise<void> {
  await database.current.pool.query(
    `insert into accepted_values (id, site_id, asset_id, attribute, value, is_locked, by_name, reason, since)
     values (gen_random_uuid(), 'main', $1, 'type', $2, $3, 'm', 'r', now())
     on conflict (asset_id, attribute) where until is null do update set value = excluded.value, is_locked = excluded.is_locked`,
    [await idOf(n), type, isLocked],
  )
}

async function learn(now = NOW): Promise<void> {
  await learnSite(database.current.db, 'main', now)
  bus.wake()
  await bus.drain()
  expect(await bus.parked()).toEqual([])
}

test('nothing is said before people said something', async () => {
  await learn()
  expect(await typeOf(7)).toBeUndefined()
})

test('unknown devices are named by what confirmed ones of the site do, with the reasons', async () => {
  for (const n of PUMPS.slice(0, 6)) await lockType(n, 'infusion-pump')
  for (const n of SCALES.slice(0, 6)) await lockType(n, 'bed-scale')
  await learn()
  const claim = await typeOf(7)
  expect(claim).toMatchObject({ value: 'infusion-pump', rule: 'behaviour' })
  expect(claim?.confidence).toBeGreaterThan(0.6)
  // Below what one fingerprint that is likely right would give.
  expect(claim?.confidence).toBeLessThan(0.85)
  expect(claim?.evidence[0]?.value).toMatch(
    /^behaves like 6 confirmed devices of the type: .*calls tcp\/3001.*Of 6 such votes on confirmed devices 6 were right\.$/,
  )
  expect(await typeOf(17)).toMatchObject({ value: 'bed-scale', rule: 'behaviour' })
  expect(await typeOf(ODD)).toBeUndefined()
  expect(await typeOf(99)).toBeUndefined()
})

test('a word of a person stands over it, and what is no longer confirmed is no longer taught', async () => {
  await lockType(7, 'bed-scale', true)
  await learn()
  const { pool } = database.current
  await bus.publish({
    subject: 'asset.declared',
    id: 'declared/7',
    payload: { siteId: 'main', assetIds: [await idOf(7)] },
  })
  await bus.drain()
  expect(await typeOf(7)).toMatchObject({ value: 'bed-scale', rule: 'locked' })
  await pool.query(`update accepted_values set until = now() where value = 'bed-scale'`)
  await learn()
  expect(await typeOf(17)).toBeUndefined()
})

test('the clock learns once an hour', async () => {
  const { db, pool } = database.current
  const trained = async () => {
    const { rows } = await pool.query<{ at: number }>(
      'select trained_at as at from behaviour_models',
    )
    return rows[0]?.at
  }
  await learnSites(db, NOW + 60_000)
  expect(await trained()).toBe(NOW)
  await learnSites(db, NOW + 3_700_000)
  expect(await trained()).toBe(NOW + 3_700_000)
})
