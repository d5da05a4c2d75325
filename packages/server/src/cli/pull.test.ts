import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'

const database = useDatabase()
const MAIN = resolve(import.meta.dirname, '../main.mjs')
const folder = mkdtempSync(join(tmpdir(), 'wk-pull-'))
const asked: IncomingMessage[] = []

/** A CMMS whose table has three pumps, two on a page, each with the name of a patient that nobody may read. */
const server = createServer((request, response) => {
  asked.push(request)
  if (request.headers.authorization !== 'Bearer right') return response.writeHead(401).end()
  const from = Number(new URL(request.url ?? '', 'http://x').searchParams.get('sysparm_offset'))
  const rows = [1, 2, 3].slice(from, from + 2).map((at) => ({
    sys_id: `id-${at}`,
    asset_tag: `BME-${at}`,
    serial_number: `SN100${at}`,
    manufacturer: { display_value: 'B. Braun', value: '9' },
    model_id: { display_value: 'Infusomat Space', value: '8' },
    u_patient_name: 'PLANTED',
    ...(at === 3 ? { serial_number: '', asset_tag: '', sys_id: '' } : {}),
  }))
  return response.end(JSON.stringify({ result: rows }))
})
let settings = ''

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  settings = join(folder, 'cmms.yaml')
  const { port } = server.address() as AddressInfo
  writeFileSync(
    settings,
    `name: Maintenance system
url: http://127.0.0.1:${port}/api/now/table/cmdb_ci
headers: { Authorization: 'Bearer \${CMMS_TOKEN}' }
rows: /result
page: { by: offset, parameter: sysparm_offset }
template: servicenow
`,
  )
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Not `spawnSync`: the server that it asks is in this process. */
function pull(token: string, ...args: readonly string[]): Promise<Outcome> {
  const { host, user } = inject('postgres')
  const name = String(database.current.connection.database)
  const url = `postgres:///${name}?host=${encodeURIComponent(host)}&user=${user}`
  const child = spawn(process.execPath, [MAIN, 'pull', settings, '--json', ...args], {
    env: { ...process.env, NO_COLOR: '1', DATABASE_URL: url, CMMS_TOKEN: token },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  return new Promise((done) => child.once('close', (status) => done({ status, stdout, stderr })))
}

const countAssets = async () => {
  const { rows } = await database.current.pool.query('select count(*)::int as count from assets')
  return (rows[0] as { count: number }).count
}

test('a pull is rehearsed, run, and finds nothing new the second time', async () => {
  const rehearsed = await pull('right', '--dry-run')
  expect(rehearsed.stderr).toBe('')
  expect(JSON.parse(rehearsed.stdout)).toMatchObject({ isDryRun: true, rows: 3 })
  expect(await countAssets()).toBe(0)

  const first = await pull('right')
  expect(first.status).toBe(0)
  const { counts, rows, findings } = JSON.parse(first.stdout) as {
    readonly counts: Readonly<Record<string, number>>
    readonly rows: number
    readonly findings: readonly string[]
  }
  expect(rows).toBe(3)
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(3)
  expect(counts['created']).toBe(2)
  expect(findings.join()).toContain('3 rows of 3 pages from 127.0.0.1')
  expect(await countAssets()).toBe(2)

  const again = await pull('right')
  expect(JSON.parse(again.stdout)).toMatchObject({ counts: { unchanged: 2 } })
  expect(await countAssets()).toBe(2)
  const { rows: kept } = await database.current.pool.query(
    `select coalesce(string_agg(r::text, ''), '') || coalesce((select string_agg(i::text, '') from imports i), '') as text
     from import_rows r`,
  )
  expect((kept[0] as { text: string }).text).toContain('SN1001')
  expect((kept[0] as { text: string }).text).not.toContain('PLANTED')
}, 120_000)

test('a wrong key is told without the key, and nothing is taken in', async () => {
  const before = await countAssets()
  const { status, stderr } = await pull('wrong-key-7')
  expect(status).toBe(3)
  expect(stderr).toMatch(/Maintenance system: .*answers 401\. Look at its key/)
  expect(stderr).not.toContain('wrong-key-7')
  expect(await countAssets()).toBe(before)
}, 60_000)

test('a column that may name a patient is not read, whoever maps it', async () => {
  const file = settings
  settings = join(folder, 'patient.yaml')
  writeFileSync(settings, `${readFileSync(file, 'utf8')}columns: { owner: u_patient_name }\n`)
  const { status, stderr } = await pull('right')
  settings = file
  expect(status).toBe(3)
  expect(stderr).toMatch(/u_patient_name, which may name a patient/)
  const { rows } = await database.current.pool.query(
    'select to_jsonb(imports)::text as text from imports union all select to_jsonb(import_rows)::text from import_rows',
  )
  expect(JSON.stringify(rows)).not.toContain('PLANTED')
}, 60_000)

test('settings that are wrong are told by their word', async () => {
  const file = settings
  settings = join(folder, 'wrong.yaml')
  writeFileSync(settings, 'name: x\nurl: https://x.example\npage: { by: guess }\n')
  const { status, stderr } = await pull('right')
  settings = file
  expect(status).toBe(2)
  expect(stderr).toMatch(/wrong\.yaml: .*page/s)
}, 60_000)
