import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startSystem, type System } from './system.ts'
import { testContent } from './testing/content.ts'

const started: System[] = []
const folders: string[] = []

afterEach(async () => {
  for (const system of started.splice(0)) await system.stop()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'wk-system-'))
  folders.push(folder)
  return folder
}

async function start(dataDir: string, port = 0): Promise<System> {
  const system = await startSystem({
    dataDir,
    host: '127.0.0.1',
    port,
    webFolder: '/nowhere',
    content: await testContent(),
    onCapture: () => undefined,
    log: () => undefined,
    onLoss: (error) => {
      throw error
    },
  })
  started.push(system)
  return system
}

const SENSOR = { sensor: 'capture:1', siteId: 'main' }
const fact = {
  subject: { mac: '00:1b:44:00:00:01', ip: '10.0.0.1' },
  field: 'dhcp.vendor-class',
  value: 'Acme Drip 9 v2.1',
  sensor: 'capture:1',
  first: 1,
  last: 1,
  count: 1,
  evidence: {},
}

const SLOW = { timeout: 90_000 }

/** Statements that connections of this program have prepared. */
async function preparedBy({ database: { pool } }: System): Promise<readonly string[]> {
  const clients = await Promise.all(Array.from({ length: 6 }, () => pool.connect()))
  try {
    const answers = await Promise.all(
      clients.map((client) =>
        client.query<{ statement: string }>('select statement from pg_prepared_statements'),
      ),
    )
    return answers.flatMap(({ rows }) => rows.map(({ statement }) => statement))
  } finally {
    for (const client of clients) client.release()
  }
}

test('starts, works, stops, and goes on where it stood', SLOW, async () => {
  const folder = newFolder()
  const first = await start(folder)
  const { publish } = first.bus
  await publish({
    subject: 'observation.recorded',
    id: 'obs/1',
    payload: { ...SENSOR, batch: 1, facts: [fact] },
  })
  await publish({
    subject: 'sensor.reported',
    id: 'sensor/1',
    payload: {
      ...SENSOR,
      kind: 'capture',
      name: 'a',
      state: 'finished',
      frames: 1,
      flows: 0,
      observations: 1,
      counters: {},
    },
  })
  // Enough of them that what stages say again and again is prepared.
  for (let batch = 2; batch <= 12; batch++) {
    const payload = { ...SENSOR, batch, facts: [] }
    await publish({ subject: 'observation.recorded', id: `obs/${batch}`, payload })
  }
  await first.idle()
  expect(await first.summary()).toMatchObject({
    assets: 1,
    identified: 1,
    observations: 1,
    findings: 1,
  })
  expect(await first.isFinished('capture:1')).toBe(true)
  expect(await preparedBy(first)).toContainEqual(expect.stringContaining('insert into inbox'))
  expect(await first.isFinished('capture:2')).toBe(false)
  expect(await (await fetch(`${first.address}/api/health`)).json()).toEqual({ status: 'ok' })
  // Everything is inside the folder, and others of this machine cannot read what was handed in or asked for.
  expect(statSync(path.join(folder, 'postgres/cluster')).isDirectory()).toBe(true)
  expect(statSync(path.join(folder, 'captures')).mode & 0o077).toBe(0)
  expect(statSync(path.join(folder, 'requests.log')).mode & 0o077).toBe(0)
  await first.stop()
  await expect(fetch(`${first.address}/api/health`)).rejects.toThrow('fetch failed')

  const second = await start(folder)
  expect(await second.summary()).toEqual({
    assets: 1,
    identified: 1,
    observations: 1,
    flows: 0,
    findings: 1,
    detections: 0,
    incidents: 0,
    workOrders: 0,
  })
  expect(second.firstAdmin?.oneTimePassword).toMatch(/^\w{4}-\w{4}-\w{4}-\w{4}$/)
  expect(second.firstAdmin?.oneTimePassword).not.toBe(first.firstAdmin?.oneTimePassword)
})

test('a database that is killed is started again, and nothing is lost', SLOW, async () => {
  const folder = newFolder()
  const system = await start(folder)
  const publish = (n: number) =>
    system.bus.publish({
      subject: 'observation.recorded',
      id: `obs/${n}`,
      payload: { ...SENSOR, batch: n, facts: [{ ...fact, value: `Acme Drip 9 v2.${n}` }] },
    })
  await publish(1)
  const file = path.join(folder, 'postgres/cluster/postmaster.pid')
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  process.kill(pid, 'SIGKILL')
  for (let n = 2; n < 6; n++) await publish(n)
  await system.idle()
  expect(await system.summary()).toMatchObject({ assets: 1, observations: 5 })
  expect((await fetch(`${system.address}/api/health`)).status).toBe(200)
  // The lock that keeps a second program away was taken again.
  await expect.poll(() => start(folder).then(String, String), SLOW).toContain('Another Wardkeeper')
})

test('a second program on the same data says so and leaves the first alone', SLOW, async () => {
  const folder = newFolder()
  const first = await start(folder)
  await expect(start(folder)).rejects.toThrow('Another Wardkeeper')
  expect((await fetch(`${first.address}/api/health`)).status).toBe(200)
})

test('a taken port is named, and what was started is stopped', SLOW, async () => {
  const folder = newFolder()
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  await expect(start(folder, port)).rejects.toThrow(`Port ${port} is taken`)
  server.close()
  const system = await start(folder)
  expect(system.address).toContain('127.0.0.1')
})
