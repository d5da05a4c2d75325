import { compileFingerprints, type ObservedFact } from '@wardkeeper/core'
import { expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { saveObservations } from '../store/observations.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { markObservations } from './mark-observations.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()
const START = Date.UTC(2026, 5, 1, 8)

function fact(mac: string, field: string, value: string, time: number): ObservedFact {
  const subject = { mac, ip: `10.0.0.${Number.parseInt(mac.slice(-2), 16)}` }
  const evidence = { frame: 1 }
  return { subject, field, value, sensor: 'capture:1', first: time, last: time, count: 1, evidence }
}

function fail(error: unknown): void {
  throw error
}

async function marksOf(values: readonly string[]) {
  const { rows } = await database.current.pool.query<{ value: string; bears: boolean }>(
    'select value, bears from observations where value = any($1) order by value',
    [values],
  )
  return Object.fromEntries(rows.map(({ value, bears }) => [value, bears]))
}

test('an asset is the same, worked out from marked facts alone or from all of them', async () => {
  const { db, pool } = database.current
  const content = await testContent()
  const { marks, done } = await markObservations(db, content.knowledge, fail)
  await done
  expect(marks.isComplete).toBe(true)
  const bus = new InlineBus(db)
  await attachStages({ db, bus, log: () => undefined }, { content, siteId: 'main', marks })
  const mac = '00:1b:44:00:00:21'
  const batches = [
    [
      fact(mac, 'tls.ja3', 'nothing known', START + 5000),
      fact(mac, 'ip.address', '10.0.0.33', START + 5000),
    ],
    [
      fact(mac, 'dhcp.hostname', 'pump-21', START + 6000),
      fact(mac, 'http.server', 'Acme Drip 9 v2.1', START + 7000),
    ],
    // Older and newer than all before, and of no weight: the times of the asset must still follow.
    [fact(mac, 'tls.ja3', 'other', START)],
    [fact(mac, 'tls.ja3', 'third', START + 90_000)],
    [fact(mac, 'dhcp.vendor-class', 'whatever', START + 1000)],
  ]
  for (const [batch, facts] of batches.entries()) {
    const payload = { sensor: 'capture:1', siteId: 'main', batch, facts }
    await bus.publish({ subject: 'observation.recorded', id: `marks/${batch}`, payload })
  }
  await bus.drain()
  expect(await bus.parked()).toEqual([])
  const read = async () => {
    const { rows } = await pool.query(
      `select label, names, manufacturer, model, type, category, firmware, first_seen, seen, ips from assets join asset_sights on asset_id = id where macs[1] = $1`,
      [mac],
    )
    return rows
  }
  const marked = await read()
  expect(marked).toMatchObject([{ first_seen: START, seen: START + 90_000, ips: ['10.0.0.33'] }])
  expect(await marksOf(['other', 'third', 'pump-21'])).toEqual({
    other: false,
    third: false,
    'pump-21': true,
  })
  const { rows } = await pool.query<{ id: string }>('select id from assets where macs[1] = $1', [
    mac,
  ])
  const payload = { siteId: 'main', assetIds: rows.map(({ id }) => id) }
  await bus.publish({ subject: 'asset.regrouped', id: 'marks/again', payload })
  await bus.drain()
  await bus.stop()
  expect(await read()).toEqual(marked)
})

test('new knowledge marks what is stored anew, a program that ends in between goes on where it was', async () => {
  const { db, pool } = database.current
  const { knowledge } = await testContent()
  const facts = ['zorb 7', 'plain'].map((value) => ({
    fact: fact('00:1b:44:00:00:22', 'probe.banner', value, START),
    assetId: undefined,
    bears: value === 'plain',
  }))
  await db.transaction().execute((trx) => saveObservations(trx, 'main', facts))
  const fingerprints = compileFingerprints({
    'probe.banner': [
      { id: 'zorb', pattern: '^zorb', claims: { model: 'Zorb' }, examples: ['zorb 7'] },
    ],
  })
  // As an update of the content leaves it, and the end of the program after the first page.
  const first = await markObservations(db, { ...knowledge, fingerprints }, fail)
  await first.done
  expect(first.marks.isComplete).toBe(true)
  expect(await marksOf(['zorb 7', 'plain'])).toEqual({ 'zorb 7': true, plain: false })

  await pool.query(`update observations set bears = not bears where value in ('zorb 7', 'plain')`)
  const same = await markObservations(db, { ...knowledge, fingerprints }, fail)
  expect(same.marks.isComplete).toBe(true)
  expect(await marksOf(['zorb 7', 'plain'])).toEqual({ 'zorb 7': false, plain: true })
  await pool.query('update observation_marks set is_done = false, page = 0')
  const resumed = await markObservations(db, { ...knowledge, fingerprints }, fail)
  await resumed.done
  expect(await marksOf(['zorb 7', 'plain'])).toEqual({ 'zorb 7': true, plain: false })
})
