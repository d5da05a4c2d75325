import type { ObservedFact } from '@wardkeeper/core'
import { expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { lockAssets } from '../store/assets.ts'
import type { Database, Trx } from '../store/database.ts'
import { lockRegrouping, shareRegrouping } from '../store/merge.ts'
import { forgetExcuses } from '../store/presence.ts'
import { queueRisk, scoreWaiting } from '../store/risk-scores.ts'
import { replaceRules } from '../store/rules.ts'
import { testContent } from '../testing/content.ts'
import { cloneDatabase, useDatabase } from '../testing/database.ts'
import { toldOnce } from '../testing/facts.ts'
import { addAssets } from '../testing/hospital.ts'
import { applyInventoryRules } from './apply-rules.ts'
import { refreshRisk, scoringOf } from './score-risk.ts'
import { attachStages } from './stages.ts'

/** What messages of observations leave when they are in flight together is what they leave one after the other. */

const database = useDatabase()
const START = Date.UTC(2026, 5, 1, 8)
const DEVICES = 12
const MESSAGES = 24

function fact(
  device: number,
  field: string,
  value: string,
  time: number,
  about: 'both' | 'mac' | 'ip' = 'both',
): ObservedFact {
  const mac = `00:1b:44:00:01:${device.toString(16).padStart(2, '0')}`
  const ip = `10.0.1.${device}`
  const subject = { ...(about === 'ip' ? {} : { mac }), ...(about === 'mac' ? {} : { ip }) }
  return toldOnce(subject, field, value, time, time - START)
}

/** Each message says something of every device that bears on what it is, and some turn out to be one. */
function factsOf(message: number): readonly ObservedFact[] {
  return Array.from({ length: DEVICES }, (_, device) => {
    const time = START + message * 30_000 + device
    // Known by address and by MAC apart, until both are seen together.
    const about = message >= 12 || device > 3 ? 'both' : message % 2 === 0 ? 'mac' : 'ip'
    if (message === 12 && device < 4)
      return fact(device, 'arp.address', `10.0.1.${device}`, time, about)
    const sayings = [
      ['dhcp.hostname', `pump-${device}-${message >> 3}`],
      ['dhcp.vendor-class', `Acme Drip ${device % 10} v${5 - (message >> 2)}.1`],
      ['http.server', `thing ${message}`],
    ] as const
    const [field, value] = sayings[message % sayings.length]!
    return fact(device, field, value, time, about)
  })
}

const QUESTIONS = {
  assets: `select macs, ips, label, names, hostname, manufacturer, model, type, category, firmware, serial, state, medical,
      medical_rule, accountable, risk, risk_band, findings_critical, findings_high, findings_medium, findings_low,
      first_seen, seen
    from assets join asset_sights on asset_id = id where merged_into is null order by macs, ips, label`,
  // What is gone stays as it was when it went; taken back, it is worked out again.
  gone: `select b.macs, count(*) from assets a join assets b on b.id = a.merged_into group by b.id order by 1`,
  claims: `select a.macs, attribute, value, confidence, rule, evidence, against from claims c
    join assets a on a.id = c.asset_id where valid_to is null order by a.macs, attribute`,
  // Of what was so for a moment only, who looked at each message alone has findings that are closed again.
  findings: `select a.macs, kind, subject, verdict, f.state, severity from findings f
    join assets a on a.id = f.asset_id and a.merged_into is null
    where f.state = 'open' order by a.macs, kind, subject, f.state`,
  risk: `select a.macs, r.number, r.low, r.high, r.band from risk_scores r join assets a on a.id = r.asset_id
    where a.merged_into is null order by a.macs`,
  observations: `select a.macs, f.name, o.value, o.count, o.first_seen, o.last_seen, o.bears from observations o
    join assets a on a.number = o.asset join observation_names f on f.id = o.field order by a.macs, f.name, o.value, o.first_seen`,
  links: `select key, a.macs from key_links k join assets a on a.id = k.asset_id where k.until is null order by key`,
} as const

async function stateOf({ pool }: Database) {
  const state: Record<string, unknown> = {}
  for (const [name, question] of Object.entries(QUESTIONS))
    state[name] = (await pool.query(question)).rows
  return state
}

type FactsOf = (message: number) => readonly ObservedFact[]

/** Whom messages are about, and how many there are: all, every second one, so that two in a row have nothing in common, or some. */
const COMPANIES: Readonly<Record<string, { readonly of: FactsOf; readonly count: number }>> = {
  'the same devices': { of: factsOf, count: MESSAGES },
  'different devices': {
    of: (message) => factsOf(message >> 1).filter((_, device) => device % 2 === message % 2),
    count: MESSAGES * 2,
  },
  'some of the same devices': {
    of: (message) => factsOf(message).filter((_, device) => (device + message * 9) % DEVICES < 5),
    count: MESSAGES,
  },
}

async function run(
  { repeated: db }: Database,
  { isOneByOne, of }: { readonly isOneByOne: boolean; readonly of: FactsOf },
  messages: readonly number[],
) {
  const failures: string[] = []
  const bus = new InlineBus(db, {
    onFailure: (name, { id }, error) => failures.push(`${name} ${id}: ${String(error)}`),
  })
  const settings = { content: await testContent(), siteId: 'main' }
  await attachStages({ db, bus, log: () => undefined }, settings)
  for (const batch of messages) {
    const payload = { sensor: 'capture:1', siteId: 'main', batch, facts: of(batch) }
    await bus.publish({ subject: 'observation.recorded', id: `obs/1/${batch}`, payload })
    if (isOneByOne) await bus.drain()
  }
  await bus.drain()
  expect(await bus.parked()).toEqual([])
  await bus.stop()
  return failures
}

test.each(Object.entries(COMPANIES))(
  'messages on %s in flight together end as one after the other',
  async (_, { of, count }) => {
    const [other, together] = [await cloneDatabase(), await cloneDatabase()]
    try {
      const all = Array.from({ length: count }, (_, n) => n)
      expect(await run(other, { isOneByOne: true, of }, all)).toEqual([])
      // Two transactions that waited for each other in a circle would be told of here.
      expect(await run(together, { isOneByOne: false, of }, all)).toEqual([])
      const ordered = await stateOf(other)
      expect(ordered['gone']).not.toEqual([])
      expect(ordered['findings']).not.toEqual([])
      expect(await stateOf(together)).toEqual(ordered)
      // Delivered once more, as after a crash that lost the positions: nothing is double.
      await together.pool.query('update subscriptions set position = 0')
      expect(await run(together, { isOneByOne: false, of }, all)).toEqual([])
      expect(await stateOf(together)).toEqual(ordered)
    } finally {
      await other.close()
      await together.close()
    }
  },
)

/** Somebody has something in hand until it is let go; then what waits for it may end. */
async function whileHeld<Result>(
  hold: (trx: Trx) => Promise<unknown>,
  wait: () => Promise<Result>,
): Promise<Result> {
  const gate = Promise.withResolvers<void>()
  const isHeld = Promise.withResolvers<void>()
  const holding = database.current.db.transaction().execute(async (trx) => {
    await hold(trx)
    isHeld.resolve()
    await gate.promise
  })
  await isHeld.promise
  let isDone = false
  const waiting = wait().finally(() => (isDone = true))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const wasDone = isDone
  gate.resolve()
  await holding
  const result = await waiting
  expect(wasDone).toBe(false)
  return result
}

test('a score is made of what the one who had the device in hand has left', async () => {
  const { db } = database.current
  const scoring = scoringOf(await testContent())
  const [id = ''] = await addAssets(db, [{ name: 'printer', type: 'printer' }])
  await refreshRisk(db, scoring, Date.now())
  await queueRisk(db, 'main', [id])
  await whileHeld(
    (trx) =>
      trx.updateTable('assets').set({ type: 'infusion-pump' }).where('id', '=', id).execute(),
    () => db.transaction().execute((trx) => scoreWaiting(trx, scoring, Date.now())),
  )
  const { inputs } = await db
    .selectFrom('risk_scores')
    .select('inputs')
    .where('asset_id', '=', id)
    .executeTakeFirstOrThrow()
  expect(inputs).toMatchObject({ device: { type: 'infusion-pump' } })
})

test('a device is judged by the rules that were put into force while it was waited for', async () => {
  const { db } = database.current
  const content = await testContent()
  const [id = ''] = await addAssets(db, [{ name: 'fridge' }])
  const rule = { name: 'all', when: [], outcome: { accountable: 'Pharmacy' } }
  const author = { by: 'ann', reason: 'test' }
  await whileHeld(
    async (trx) => {
      await lockAssets(trx, [id])
      await replaceRules(trx, 'main', 'ownership', [rule], author, Date.now())
    },
    () =>
      db.transaction().execute((trx) => {
        const payload = { siteId: 'main', assetIds: [id] }
        const message = { subject: 'asset.changed', id: 'rules/1', payload }
        return applyInventoryRules(content).handle(trx, payload, message)
      }),
  )
  const { accountable } = await db
    .selectFrom('assets')
    .select('accountable')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(accountable).toBe('Pharmacy')
})

test('no excuse is left on a device that somebody has in hand when a sensor sees again', async () => {
  const { db } = database.current
  const ids = await addAssets(db, [{ name: 'one' }, { name: 'two' }, { name: 'three' }])
  await db
    .updateTable('assets')
    .set({ presence_reason: 'nobody looks' })
    .where('id', 'in', ids)
    .execute()
  await whileHeld(
    (trx) => lockAssets(trx, ids.slice(1, 2)),
    () => forgetExcuses(db),
  )
  const left = await db
    .selectFrom('assets')
    .select('label')
    .where('presence_reason', 'is not', null)
    .execute()
  expect(left).toEqual([])
})

test('work on what hangs on devices waits for who merges, and a merge waits for it', async () => {
  const { db } = database.current
  const run = (lock: typeof lockRegrouping, siteId = 'main') =>
    db.transaction().execute(async (trx) => {
      await lock(trx, siteId)
      return 'done'
    })
  const both = [lockRegrouping, shareRegrouping]
  for (const [one, other] of [both, both.toReversed()])
    expect(
      await whileHeld(
        (trx) => one!(trx, 'main'),
        () => run(other!),
      ),
    ).toBe('done')
  // Those who only work do not wait for each other, and another site concerns nobody.
  await db.transaction().execute(async (trx) => {
    await shareRegrouping(trx, 'main')
    expect(await run(shareRegrouping)).toBe('done')
    expect(await run(lockRegrouping, 'other')).toBe('done')
  })
})
