import type { ObservedFact } from '@wardkeeper/core'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { attachStages } from '../stages/stages.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { saveObservations } from './observations.ts'
import { findMerge, listMerges, mergeByHand, splitByHand, undoMerge } from './regroup.ts'

const database = useDatabase()
const START = Date.UTC(2026, 5, 1, 8)
const decision = { by: 'manager', reason: 'label at the device' }
let batch = 0

function fact(number: number, field: string, value: string, more = {}): ObservedFact {
  return {
    subject: { mac: `00:1b:44:00:00:0${number}`, ip: `10.0.0.${number}` },
    field,
    value,
    sensor: 'capture:1',
    first: START,
    last: START,
    count: 1,
    evidence: { frame: 1 },
    ...more,
  }
}

async function observe(...facts: readonly ObservedFact[]): Promise<void> {
  const bus = new InlineBus(database.current.db, { backOff: [1] })
  await attachStages({ db: database.current.db, bus, log: () => undefined }, settings)
  const payload = { sensor: 'capture:1', siteId: 'main', batch: ++batch, facts }
  await bus.publish({ subject: 'observation.recorded', id: `obs/1/${batch}`, payload })
  await bus.drain()
  expect(await bus.parked()).toEqual([])
  await bus.stop()
}

const settings = { content: await testContent(), siteId: 'main' }

async function idOf(mac: string): Promise<string> {
  const { rows } = await database.current.pool.query<{ asset_id: string }>(
    'select asset_id from key_links where key = $1 and until is null',
    [`mac:${mac}`],
  )
  return rows[0]?.asset_id ?? ''
}

const LOGS = [
  'asset_changes',
  'audit_entries',
  'inbox',
  'merge_observations',
  'merge_rows',
  'merges',
  'outbox',
  'separations',
  'subscriptions',
  'asset_counts',
  'finding_counts',
  'risk_queue',
]

/** Every row of every table that is not a log, without the times at which rows were written. */
async function everything(): Promise<Record<string, readonly string[]>> {
  const { pool } = database.current
  const tables = await pool.query<{ table_name: string }>(
    `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
     and table_name <> all($1) order by 1`,
    [LOGS],
  )
  const all: Record<string, readonly string[]> = {}
  for (const { table_name: table } of tables.rows) {
    const { rows } = await pool.query<{ row: string }>(
      `select (to_jsonb(t) - 'updated_at')::text as row from ${table} t order by 1`,
    )
    all[table] = rows.map(({ row }) => row)
  }
  return all
}

/** Something of everything that can hang on a device. */
async function hangOn(asset: string, other: string): Promise<void> {
  await database.current.pool.query(
    `insert into findings (id, site_id, asset_id, kind, subject, verdict, severity, state, cves, because, evidence, remedy, opened)
       select gen_random_uuid(), 'main', a, 'weakness', s, 'affected', 'high', 'open', '{}', 'x', '[]', 'x', now()
       from (values ('${asset}'::uuid, 'telnet'), ('${other}'::uuid, 'telnet'), ('${asset}'::uuid, 'smb1')) v (a, s);
     insert into detections (id, site_id, detector, severity, state, actor_id, target_id, time, last_time, count, expected, seen, techniques, evidence, remedy)
       values (gen_random_uuid(), 'main', 'scan', 'high', 'raised', '${asset}', '${other}', now(), now(), 1, 'x', 'x', '{}', '[]', 'block:${asset}');
     insert into incidents (id, site_id, title, severity, state, remedy, actor_id, asset_ids, detection_ids, finding_ids, dossiers, opened)
       values (gen_random_uuid(), 'main', 'x', 'high', 'new', 'block:${asset}', '${asset}', array['${asset}', '${other}']::uuid[], '{}', '{}', '[]', now());
     insert into work_orders (id, site_id, kind, title, state, severity, asset_ids, finding_ids, expectation, opened)
       values (gen_random_uuid(), 'main', 'patch', 'x', 'ready', 'high', array['${asset}']::uuid[], '{}', '{"kind":"no-contact","actorId":"${asset}"}', now());
     insert into flow_summaries (key, site_id, sensor, hour, client_asset_id, client_ip, server_asset_id, server_ip, transport, port, first_seen, last_seen, sessions, packets_to_server, packets_to_client, bytes_to_server, bytes_to_client)
       values (gen_random_uuid(), 'main', 's', now(), '${asset}', '10.0.0.1', '${other}', '10.0.0.2', 'tcp', 104, now(), now(), 1, 1, 1, 1, 1);
     insert into declarations (id, site_id, key, asset_id, body) values (gen_random_uuid(), 'main', 'serial:' || gen_random_uuid(), '${asset}', '{}');
     insert into maintenance_records (id, site_id, asset_id, date, by_name, what)
       values (gen_random_uuid(), 'main', '${asset}', '2026-01-01', 'x', 'x'), (gen_random_uuid(), 'main', '${other}', '2026-01-01', 'x', 'x');
     insert into baselines (asset_id, site_id, stage, completeness, started, learned_until, days, known)
       values ('${asset}', 'main', 'learning', 0, now(), now(), '[]', '{}'), ('${other}', 'main', 'learning', 0, now(), now(), '[]', '{"out tcp/104 dicom asset:${asset}": {}}');
     update assets set unit = 'icu' where id = '${asset}'; update assets set room = '7' where id = '${other}'`,
  )
}

const empty = async () => {
  const { rows } = await database.current.pool.query<{ tables: string }>(
    `select string_agg(quote_ident(tablename), ', ') as tables from pg_tables
     where schemaname = 'public' and tablename not in ('migrations', 'asset_changes', 'audit_entries', 'inbox')`,
  )
  await database.current.pool.query(`truncate ${rows[0]?.tables} cascade`)
}
afterEach(empty)

test('merge then undo is the identity on every table', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.integer({ min: 1, max: 3 }),
          fc.constantFrom('http.server', 'dhcp.hostname', 'tls.sni'),
          fc.constantFrom('a1', 'b2', 'c3'),
        ),
        { minLength: 1, maxLength: 12 },
      ),
      fc.boolean(),
      async (drawn, isShared) => {
        const { db } = database.current
        await empty()
        await observe(
          fact(1, 'ip.address', '10.0.0.1'),
          fact(2, 'ip.address', '10.0.0.2'),
          fact(1, 'dhcp.vendor-class', 'Acme Drip 9 v2.1'),
          ...drawn.map(([number, field, value]) => fact(number, field, value)),
        )
        const [from, into] = [await idOf('00:1b:44:00:00:01'), await idOf('00:1b:44:00:00:02')]
        await hangOn(from, into)
        // The same fact of both, which a merge adds up.
        if (isShared)
          await db.transaction().execute((trx) =>
            saveObservations(trx, 'main', [
              { fact: fact(3, 'tls.sni', 'both', { last: START + 5, count: 2 }), assetId: from },
              { fact: fact(3, 'tls.sni', 'both', { first: START - 5, count: 3 }), assetId: into },
            ]),
          )
        const before = await everything()
        const id = await db
          .transaction()
          .execute((trx) => mergeByHand(trx, 'main', { from, into }, decision, START))
        const merged = await everything()
        expect(merged['observations']).not.toEqual(before['observations'])
        expect(JSON.stringify(merged['findings'])).toContain('superseded')
        const merge = await findMerge(db, id)
        await db.transaction().execute((trx) => undoMerge(trx, merge!, decision, START))
        expect(await everything()).toEqual(before)
        await expect(
          db.transaction().execute((trx) => undoMerge(trx, merge!, decision, START)),
        ).rejects.toThrow('undone')
      },
    ),
    { numRuns: 6 },
  )
})

test('what a merged device shows before the undo goes back with it', async () => {
  const { db, pool } = database.current
  await observe(fact(1, 'ip.address', '10.0.0.1'), fact(2, 'ip.address', '10.0.0.2'))
  const [from, into] = [await idOf('00:1b:44:00:00:01'), await idOf('00:1b:44:00:00:02')]
  const id = await db
    .transaction()
    .execute((trx) => mergeByHand(trx, 'main', { from, into }, decision, START))
  await observe(fact(1, 'dhcp.hostname', 'pump-1'), fact(2, 'dhcp.hostname', 'viewer-2'))
  expect(await idOf('00:1b:44:00:00:01')).toBe(into)
  const merge = await findMerge(db, id)
  await db.transaction().execute((trx) => undoMerge(trx, merge!, decision, START))
  const { rows } = await pool.query<{ id: string; value: string }>(
    `select a.id, o.value from observations o join assets a on a.number = o.asset where value like '%-_' order by value`,
  )
  expect(rows).toEqual([
    { id: from, value: 'pump-1' },
    { id: into, value: 'viewer-2' },
  ])
  // And they stay two, although nothing of what they show has changed.
  await observe(fact(1, 'http.server', 'x'), fact(2, 'http.server', 'x'))
  expect(await idOf('00:1b:44:00:00:01')).toBe(from)
})

test('what a person splits stays apart although both state one serial number, until it is undone', async () => {
  const { db } = database.current
  const serial = [fact(1, 'snmp.serial', 'AB12345'), fact(2, 'snmp.serial', 'AB12345')]
  const maker = [fact(1, 'snmp.ups-manufacturer', 'Acme'), fact(2, 'snmp.ups-manufacturer', 'Acme')]
  await observe(
    fact(1, 'ip.address', '10.0.0.1'),
    fact(2, 'ip.address', '10.0.0.2'),
    ...maker,
    ...serial,
  )
  const one = await idOf('00:1b:44:00:00:01')
  expect(await idOf('00:1b:44:00:00:02')).toBe(one)
  const made = await db
    .transaction()
    .execute((trx) =>
      splitByHand(trx, 'main', { from: one, keys: ['mac:00:1b:44:00:00:02'] }, decision, START),
    )
  expect(await idOf('00:1b:44:00:00:02')).toBe(made)
  await observe(...maker, ...serial)
  expect([await idOf('00:1b:44:00:00:01'), await idOf('00:1b:44:00:00:02')]).toEqual([one, made])
  const [split] = await listMerges(db, one)
  expect(split).toMatchObject({ kind: 'split', by_name: 'manager', into_id: one, from_id: made })
  await db.transaction().execute((trx) => undoMerge(trx, split!, decision, START))
  expect(await idOf('00:1b:44:00:00:02')).toBe(one)
  await observe(...serial)
  expect(await idOf('00:1b:44:00:00:02')).toBe(one)
})

test('a split needs something that goes and something that stays', async () => {
  const { db } = database.current
  await observe(fact(1, 'ip.address', '10.0.0.1'))
  const from = await idOf('00:1b:44:00:00:01')
  const split = (keys: readonly string[]) =>
    db.transaction().execute((trx) => splitByHand(trx, 'main', { from, keys }, decision, START))
  await expect(split(['mac:00:1b:44:00:00:01'])).rejects.toThrow('must stay')
  await expect(split(['mac:00:1b:44:00:00:09'])).rejects.toThrow('does not hold')
})
