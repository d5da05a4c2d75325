import { scoreRisk as scoreAgain, type RiskInputs, type RiskMethod } from '@wardkeeper/core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Content } from '../content/load.ts'
import type { Db } from '../store/database.ts'
import { saveRecords } from '../store/declared-records.ts'
import { saveFindings } from '../store/findings.ts'
import { queueRisk } from '../store/risk-scores.ts'
import { judgeControls } from '../store/risk-controls.ts'
import { toDatabaseTime } from '../store/time.ts'
import { newId } from '../store/uuid.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { addAssets } from '../testing/hospital.ts'
import { refreshRisk, scoringOf, watchReach } from './score-risk.ts'

const database = useDatabase()
const HOUR = 3_600_000
let content: Content
let pump = ''
let printer = ''
let stranger = ''
let clock = Date.now()

beforeAll(async () => {
  content = await testContent()
  const ids = await addAssets(db(), [
    { name: 'pump', manufacturer: 'Acme', model: 'Drip 9', type: 'infusion-pump', ip: '10.1.1.5' },
    { name: 'central', type: 'infusion-pump', ip: '10.2.0.9' },
    { name: 'stranger', ip: '10.3.0.3' },
  ])
  ;[pump = '', printer = '', stranger = ''] = ids
})

const db = (): Db => database.current.db
const refresh = () => refreshRisk(db(), scoringOf(content), clock)
const scoreOf = (id: string) =>
  db().selectFrom('risk_scores').selectAll().where('asset_id', '=', id).executeTakeFirstOrThrow()

async function addFinding(assetId: string, change: object = {}): Promise<string> {
  const id = newId()
  await db()
    .transaction()
    .execute((trx) =>
      saveFindings(
        trx,
        'main',
        [
          {
            id,
            assetId,
            kind: 'advisory',
            subject: 'TEST-26-001',
            verdict: 'affected',
            severity: 'high',
            state: 'open',
            cves: ['CVE-2026-0001'],
            because: 'test',
            evidence: [],
            remedy: 'patch:TEST-26-001',
            opened: clock,
            closed: undefined,
            ...change,
          } as never,
        ],
        () => false,
      ),
    )
  return id
}

async function see(client: string, server: string, time: number, port = 445): Promise<void> {
  const stage = watchReach(content)
  const flow = {
    siteId: 'main',
    sensor: 's1',
    hour: Math.floor(time / HOUR) * HOUR,
    client: { ip: client },
    server: { ip: server },
    transport: 'tcp',
    port,
    protocol: undefined,
    first: time,
    last: time,
    sessions: 1,
    packets: [1, 1],
    bytes: [100, 100],
    evidence: {},
  }
  const payload = { siteId: 'main', flows: [flow] } as never
  const message = { subject: 'flow.summarized', id: newId(), payload }
  await db()
    .transaction()
    .execute((trx) => stage.handle(trx, payload, message))
}

test('every device has a score with its inputs, and the same number comes out of them again', async () => {
  await refresh()
  const rows = await db()
    .selectFrom('risk_scores')
    .innerJoin('risk_methods', 'risk_methods.id', 'risk_scores.method_id')
    .selectAll()
    .execute()
  expect(rows).toHaveLength(3)
  for (const row of rows) {
    const again = scoreAgain(row.inputs as RiskInputs, row.body as RiskMethod)
    const { number, low, high, band, likelihood, impact } = row
    expect({ number, low, high, band, likelihood, impact }).toEqual(again)
  }
  const inputs = (await scoreOf(stranger)).inputs as RiskInputs
  expect(inputs).toMatchObject({ isMatched: false, device: {}, inUse: 'unknown' })
})

test('a finding, a known exploit and its end move the score and leave a history', async () => {
  const before = (await scoreOf(pump)).number
  const finding = await addFinding(pump)
  await refresh()
  const found = (await scoreOf(pump)).number
  expect(found).toBeGreaterThan(before)
  await db()
    .insertInto('exploit_signals')
    .values({ cve: 'CVE-2026-0001', kev_added: '2026-02-03', updated: toDatabaseTime(clock) })
    .execute()
  await refresh()
  const exploited = await scoreOf(pump)
  expect(exploited.number).toBeGreaterThan(found)
  expect((exploited.inputs as RiskInputs).findings[0]).toMatchObject({ isKnownExploited: true })
  await db().updateTable('findings').set({ state: 'accepted' }).where('id', '=', finding).execute()
  await refresh()
  expect((await scoreOf(pump)).number).toBe(exploited.number)
  await db().updateTable('findings').set({ state: 'resolved' }).where('id', '=', finding).execute()
  await refresh()
  expect((await scoreOf(pump)).number).toBe(before)
  const history = await db()
    .selectFrom('risk_history')
    .select('number')
    .where('asset_id', '=', pump)
    .orderBy('id')
    .execute()
  expect(history.map(({ number }) => number)).toEqual([before, found, exploited.number, before])
  const asset = await db()
    .selectFrom('assets')
    .select(['risk', 'risk_band'])
    .where('id', '=', pump)
    .executeTakeFirstOrThrow()
  expect(asset).toEqual({ risk: before, risk_band: (await scoreOf(pump)).band })
})

test('what did not change is not scored again', async () => {
  const before = await scoreOf(pump)
  await refresh()
  expect((await scoreOf(pump)).computed_at).toBe(before.computed_at)
})

test('contact that is seen widens the reach and is named with it', async () => {
  await see('10.1.1.9', '10.1.1.5', clock - HOUR)
  const near = await scoreOf(pump)
  expect((near.inputs as RiskInputs).reach).toMatchObject({
    level: 'same-segment',
    peer: '10.1.1.9',
  })
  await see('10.2.0.9', '10.1.1.5', clock - HOUR)
  const wide = await scoreOf(pump)
  expect((wide.inputs as RiskInputs).reach).toMatchObject({
    level: 'other-zones',
    peer: printer,
    service: 'tcp/445',
  })
  expect((wide.inputs as RiskInputs).dependants).toBe(2)
  expect(wide.high).toBeGreaterThanOrEqual(near.high)
})

describe('a compensating control', () => {
  let control = ''
  const stateOf = async () =>
    (
      await db()
        .selectFrom('control_sights')
        .select('state')
        .where('control_id', '=', control)
        .where('until', 'is', null)
        .executeTakeFirst()
    )?.state

  beforeAll(async () => {
    const one = newId()
    const two = newId()
    const users = [one, two].map((id) => ({
      id,
      username: id,
      name: id,
      password_hash: 'none',
      must_change_password: false,
      roles: ['manager'],
      sites: ['*'],
    }))
    await db().insertInto('users').values(users).execute()
    control = newId()
    await addFinding(pump)
    await db()
      .insertInto('compensating_controls')
      .values({
        id: control,
        site_id: 'main',
        kind: 'segmentation',
        name: 'Pumps alone',
        reason: 'test',
        asset_ids: [pump],
        proposed_by: one,
        proposed_at: toDatabaseTime(clock),
        approved_by: two,
        approved_at: toDatabaseTime(clock),
        confirmed_at: toDatabaseTime(clock),
      })
      .execute()
  })

  test('lowers nothing until it was watched, then lowers, and stops by itself', async () => {
    await refresh()
    const before = (await scoreOf(pump)).number
    expect(await stateOf()).toBe('blind')
    const approved = clock
    await see('10.1.1.9', '10.1.1.5', approved + HOUR)
    clock = approved + 2 * HOUR
    await refresh()
    expect(await stateOf()).toBe('watching')
    // No sensor for three days: that nothing forbidden was seen in them proves nothing.
    await see('10.1.1.9', '10.1.1.5', approved + 80 * HOUR)
    clock = approved + 81 * HOUR
    await refresh()
    expect(await stateOf()).toBe('watching')
    for (let hour = 81; hour < 152; hour++) {
      await see('10.1.1.9', '10.1.1.5', approved + hour * HOUR)
    }
    clock = approved + 152 * HOUR
    await refresh()
    expect(await stateOf()).toBe('working')
    const controlled = (await scoreOf(pump)).number
    expect(controlled).toBeLessThan(before)
    clock = approved + 190 * HOUR
    await refresh()
    expect(await stateOf()).toBe('blind')
    expect((await scoreOf(pump)).number).toBe(before)
  })

  test('is broken by one flow that it should have stopped, and says which', async () => {
    await see('10.2.0.9', '10.1.1.5', clock - HOUR)
    await db()
      .transaction()
      .execute((trx) => judgeControls(trx, 'main', content.risk.method, clock))
    expect(await stateOf()).toBe('violated')
    const rows = await db()
      .selectFrom('control_sights')
      .selectAll()
      .where('control_id', '=', control)
      .orderBy('id')
      .execute()
    expect(rows.map(({ state }) => state)).toEqual([
      'blind',
      'watching',
      'working',
      'blind',
      'violated',
    ])
    expect(rows.at(-1)?.because).toMatch(/^Contact with 10\.2\.0\.9 \(tcp\/445\) was seen on/)
    expect(rows.slice(0, -1).every(({ until }) => until !== null)).toBe(true)
  })
})

test('a supported system says nothing of the maker of the device', async () => {
  await db().updateTable('assets').set({ os: 'Windows 11' }).where('id', '=', printer).execute()
  const legacy = async () => {
    await db()
      .transaction()
      .execute((trx) => queueRisk(trx, 'main', [printer]))
    await refresh()
    return ((await scoreOf(printer)).inputs as RiskInputs).legacy
  }
  expect(await legacy()).toBeUndefined()
  const body = { endOfSupport: '2099-12-31' }
  const to = { siteId: 'main', source: 'cmms', importId: undefined, now: clock }
  await db()
    .transaction()
    .execute((trx) => saveRecords(trx, to, [{ nativeKey: 'p', assetId: printer, body }]))
  expect(await legacy()).toMatchObject({ state: 'supported' })
  await db().updateTable('assets').set({ os: 'Windows XP' }).where('id', '=', printer).execute()
  expect((await legacy())?.state).toMatch(/ended/)
})

test('the day is counted by site, unit, model and owner', async () => {
  await db().updateTable('assets').set({ unit: 'Ward 4B' }).where('id', '=', pump).execute()
  await addFinding(pump, { subject: 'X', remedy: 'patch:X' })
  await refresh()
  const rows = await db()
    .selectFrom('risk_days')
    .selectAll()
    .orderBy('scope')
    .orderBy('key')
    .execute()
  expect(rows.map(({ scope, key }) => `${scope} ${key}`.trim())).toEqual([
    'model',
    'model Acme Drip 9',
    'owner',
    'site',
    'unit',
    'unit Ward 4B',
  ])
  const total = (row: (typeof rows)[number] | undefined) =>
    row && row.very_low + row.low + row.moderate + row.high + row.very_high
  expect(total(rows.find(({ scope }) => scope === 'site'))).toBe(3)
  expect(total(rows.find(({ key }) => key === 'Ward 4B'))).toBe(1)
})
