import { findMerge, mergeByHand, splitByHand, undoMerge } from '../store/regroup.ts'
import { startSystem } from '../system.ts'
import { testContent } from './content.ts'

/** Merges, splits and undoes until it is killed, or says whether anything is half done; run by the crash test alone. */
const [dataDir = '', mode = 'work'] = process.argv.slice(2)
const DEVICES = 6

const system = await startSystem({
  dataDir,
  host: '127.0.0.1',
  port: 0,
  webFolder: '/nowhere',
  content: await testContent(),
  onCapture: () => undefined,
  onLoss: (error) => {
    throw error
  },
  log: (text) => process.stderr.write(`${text}\n`),
})
const { db, pool } = system.database
const decision = { by: 'manager', reason: 'crash test' }

async function observe(): Promise<void> {
  const facts = Array.from({ length: DEVICES * 40 }, (_, index) => ({
    subject: { mac: `00:1b:44:00:00:0${index % DEVICES}`, ip: `10.0.0.${index % DEVICES}` },
    field: index < DEVICES ? 'ip.address' : 'http.user-agent',
    value: index < DEVICES ? `10.0.0.${index}` : `agent ${index}`,
    sensor: 'capture:1',
    first: 1_780_000_000_000,
    last: 1_780_000_000_000,
    count: 1,
    evidence: {},
  }))
  const payload = { sensor: 'capture:1', siteId: 'main', batch: 1, facts }
  await system.bus.publish({ subject: 'observation.recorded', id: 'obs/capture:1/1', payload })
  await system.idle()
}

async function wholeAssets(): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from assets where merged_into is null order by id',
  )
  return rows.map(({ id }) => id)
}

async function work(): Promise<void> {
  for (let step = 1; ; step++) {
    const [into, from] = await wholeAssets()
    if (into === undefined || from === undefined) throw new Error('There is nothing left to merge')
    const id = await db
      .transaction()
      .execute((trx) => mergeByHand(trx, 'main', { from, into }, decision, Date.now()))
    process.stdout.write(`step ${step}\n`)
    if (step % 2 === 0) {
      const merge = await findMerge(db, id)
      await db.transaction().execute((trx) => undoMerge(trx, merge!, decision, Date.now()))
      continue
    }
    const { rows } = await pool.query<{ key: string }>(
      `select key from key_links where asset_id = $1 and kind = 'mac' and until is null order by key desc limit 1`,
      [into],
    )
    const keys = rows.map(({ key }) => key)
    await db
      .transaction()
      .execute((trx) => splitByHand(trx, 'main', { from: into, keys }, decision, Date.now()))
  }
}

/** What would be true of half a merge, half a split or half an undo; all must be 0. */
async function check(): Promise<void> {
  const { rows } = await pool.query(`select
    ${DEVICES * 40} - (select count(*) from observations) as "factsLost",
    (select count(*) from observations o join assets a on a.number = o.asset where a.merged_into is not null) as "factsOfMerged",
    (select count(*) from key_links k join assets a on a.id = k.asset_id where k.until is null and a.merged_into is not null) as "keysOfMerged",
    ${DEVICES} - (select count(*) from key_links where kind = 'mac' and until is null) as "interfacesLost",
    (select count(*) from observations o join observation_subjects u on u.id = o.subject join assets a on a.number = o.asset
      where not exists (select from key_links k where k.asset_id = a.id and k.key = 'mac:' || u.mac and k.until is null)) as "factsAstray",
    (select count(*) from merges m join assets a on a.id = m.from_id where m.kind = 'merge' and m.undone_at is null
      and a.merged_into is null) as "mergesNotDone",
    (select count(*) from merges m join assets a on a.id = m.from_id where m.kind = 'merge' and m.undone_at is not null
      and a.merged_into = m.into_id and not exists (select from merges n where n.from_id = m.from_id and n.id > m.id)) as "undosNotDone",
    (select count(*) from merge_rows where after is null and table_name <> 'observations') as "recordsNotClosed"`)
  process.stdout.write(`result ${JSON.stringify(rows[0])}\n`)
}

if (mode === 'work') {
  await observe()
  await work()
} else await check()
await system.stop()
