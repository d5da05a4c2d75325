import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { SESSION_COOKIE } from '../api/session-cookie.ts'
import { loadContent } from '../content/load.ts'
import { openSession } from '../store/sessions.ts'
import { startSystem } from '../system.ts'
import { testContent } from './content.ts'

/**
 * Hands a table in and runs it, over the API, until it is through or killed; looks meanwhile for half of anything. With
 * the start of a statement and a number the power fails with that statement, on its way. Run by the crash test alone,
 * again and again over one data folder.
 */
const [dataDir = '', tableFile = '', seenFile = '', fatal = '', times = '1'] = process.argv.slice(2)
const { rows: fileRows, seen } = JSON.parse(readFileSync(seenFile, 'utf8')) as {
  readonly rows: number
  readonly seen: readonly { readonly mac: string; readonly ip: string }[]
}

let left = Number(times)
const sendQuery = pg.Client.prototype.query as (...given: unknown[]) => unknown
pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
  const [query] = given
  const text = typeof query === 'string' ? query : (query as { readonly text?: string }).text
  const answer = sendQuery.apply(this, given)
  if (fatal !== '' && text?.trimStart().startsWith(fatal) === true && --left === 0)
    setImmediate(() => process.kill(process.pid, 'SIGKILL'))
  return answer
} as typeof pg.Client.prototype.query

const { inventory, knowledge } = await loadContent(
  path.join(import.meta.dirname, '../../../../content'),
)
const system = await startSystem({
  dataDir,
  host: '127.0.0.1',
  port: 0,
  webFolder: '/nowhere',
  content: { ...(await testContent()), inventory, knowledge },
  onCapture: () => undefined,
  onLoss: (error) => {
    throw error
  },
  log: (text) => process.stderr.write(`${text}\n`),
})
const { db, pool } = system.database
const say = (text: string) => process.stdout.write(`${text}\n`)

/** What would be true of half a preview or half a chunk; one statement, so that it sees one moment. */
const HALVES = `
  with one as (select * from imports), done as (select r.* from import_rows r where is_done),
  known as (select r.* from done r where outcome in ('created', 'matched'))
  select
    (select count(*)::int from one i where (select count(*) from import_rows r where r.import_id = i.id) <> ${fileRows}) as "previewsHalf",
    (select count(*)::int from import_rows r join one i on i.id = r.import_id where r.is_done <> (r.row < i.position and r.outcome <> 'refused')) as "rowsAstray",
    (select count(*)::int from known r join one i on i.id = r.import_id where not exists (select from declared_records d
      where d.source = i.source and d.native_key = r.native_key and d.asset_id = r.asset_id and d.until is null)) as "rowsWithoutRecord",
    (select count(*)::int from declared_records d where d.until is null and not exists (select from known r
      where r.import_id = d.import_id and r.native_key = d.native_key and r.asset_id = d.asset_id)) as "recordsWithoutRow",
    (select count(*)::int from assets a where a.state = 'expected' and not exists (select from declared_records d
      where d.asset_id = a.id and d.until is null)) as "devicesWithoutRecord",
    (select count(*)::int from known r join assets a on a.id = r.asset_id where a.label = '') as "devicesWithoutName",
    (select count(*)::int from reconciliation_items q where not exists (select from done r
      where r.import_id = q.import_id and r.row = q.import_row and r.outcome = 'queued')) as "questionsWithoutRow",
    (select count(*)::int from one i where i.state = 'finished' and exists (select from import_rows r
      where r.import_id = i.id and not r.is_done and r.outcome <> 'refused')) as "finishedTooEarly"`

async function lookForHalves(): Promise<void> {
  const { rows } = await pool.query<Record<string, number>>(HALVES)
  const half = Object.entries(rows[0] ?? {}).filter(([, count]) => count !== 0)
  if (half.length > 0) throw new Error(`Half done: ${JSON.stringify(half)}`)
}

async function observe(): Promise<void> {
  const time = 1_780_000_000_000
  const facts = seen.map((subject) => ({
    subject,
    field: 'ip.address',
    value: subject.ip,
    sensor: 'capture:1',
    first: time,
    last: time,
    count: 1,
    evidence: {},
  }))
  const payload = { sensor: 'capture:1', siteId: 'main', batch: 1, facts }
  await system.bus.publish({ subject: 'observation.recorded', id: 'obs/capture:1/1', payload })
  await system.idle()
}

async function signIn(): Promise<
  (path: string, body: string | FormData) => Promise<{ id: string }>
> {
  const user = await pool.query<{ id: string }>(
    `select id from users where username = 'admin' limit 1`,
  )
  const id = user.rows[0]?.id ?? ''
  await pool.query('update users set must_change_password = false where id = $1', [id])
  const token = await openSession(db, id, Date.now())
  return async (path, body) => {
    const reply = await fetch(system.address + path, {
      method: 'POST',
      body,
      headers: {
        cookie: `${SESSION_COOKIE}=${token}`,
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      },
    })
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
    return (await reply.json()) as { id: string }
  }
}

function tableForm(): FormData {
  const form = new FormData()
  form.set('file', new Blob([readFileSync(tableFile)]), 'cmms.csv')
  return form
}

async function stateOf(id: string): Promise<{ state: string; position: number }> {
  const { rows } = await pool.query<{ state: string; position: number }>(
    'select state, position from imports where id = $1',
    [id],
  )
  return rows[0] ?? { state: 'lost', position: 0 }
}

async function finish(id: string): Promise<void> {
  let before = -1
  for (;;) {
    const { state, position } = await stateOf(id)
    await lookForHalves()
    if (position !== before) say(`position ${position}`)
    before = position
    if (state !== 'running') break
    await wait(30)
  }
  await system.idle()
}

/** Everything that an import leaves, without ids and times, to be held against another run. */
async function leavings(importId: string): Promise<unknown> {
  const list = async (query: string) =>
    (
      await pool.query<{ digest: string; count: number }>(
        `select md5(coalesce(string_agg(line, '|' order by line), '')) as digest, count(*)::int as count from (${query}) t (line)`,
      )
    ).rows[0]
  return {
    rows: await list(
      `select concat_ws(' ', r.row, r.native_key, r.outcome, r.change, r.score, r.reasons, r.notes, a.serial, a.macs) from import_rows r left join assets a on a.id = r.asset_id where r.import_id = '${importId}'`,
    ),
    devices: await list(
      `select concat_ws(' ', label, state, manufacturer, model, type, category, firmware, serial, unit, room, owner, contract, warranty_until, macs, ips) from assets where merged_into is null`,
    ),
    records: await list(
      `select concat_ws(' ', d.source, d.native_key, d.digest, a.label) from declared_records d join assets a on a.id = d.asset_id where d.until is null`,
    ),
    ended: await list(`select native_key from declared_records where until is not null`),
    keys: await list(
      `select concat_ws(' ', k.key, a.label) from key_links k join assets a on a.id = k.asset_id where k.until is null`,
    ),
    claims: await list(
      `select concat_ws(' ', a.label, c.attribute, c.value, c.confidence) from claims c join assets a on a.id = c.asset_id where c.valid_to is null`,
    ),
    questions: await list(`select concat_ws(' ', kind, state, title) from reconciliation_items`),
    history: await list(
      `select concat_ws(' ', a.label, h.by_name, h.cause, h.changes - 'id') from asset_changes h join assets a on a.id = h.asset_id where h.cause = 'imported'`,
    ),
    audit: await list(`select action from audit_entries where action like 'import.finished%'`),
    waiting: await list(`select subject from outbox union all select subject from parked_messages`),
  }
}

await lookForHalves()
const made = await pool.query<{ id: string; state: string }>('select id, state from imports')
if (made.rows.length > 1) throw new Error('A killed preview left more than one import')
let { id, state } = made.rows[0] ?? { id: '', state: 'none' }
// Waiting until every message is handled would wait for an import that goes on.
if (state === 'none') await observe()
const post = await signIn()
if (state === 'none') {
  say('handing in')
  id = (await post('/api/imports?template=generic', tableForm())).id
  state = 'ready'
  say('ready')
}
// One that was killed goes on by itself; asking again does it no harm.
state = (await stateOf(id)).state
if (state === 'ready' || state === 'running') {
  await post(`/api/imports/${id}/run`, '{}').catch(async (error: unknown) => {
    if ((await stateOf(id)).state !== 'finished') throw error
  })
  say('running')
}
await finish(id)
if (fatal !== '') throw new Error(`It was through before ${times} x ${fatal}`)
const first = await leavings(id)
const again = (await post('/api/imports?template=generic', tableForm())).id
await post(`/api/imports/${again}/run`, '{}')
await finish(again)
const { rows: counts } = await pool.query(
  `select counts ->> 'created' as created, counts ->> 'updated' as updated from imports where id = $1`,
  [again],
)
say(`result ${JSON.stringify({ first, again: counts[0] })}`)
await system.stop()
