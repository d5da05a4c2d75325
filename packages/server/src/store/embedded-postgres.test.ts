import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts'

const areas: string[] = []
const servers: EmbeddedPostgres[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
  for (const area of areas.splice(0)) rmSync(area, { recursive: true, force: true })
})

function newArea(name = 'pg'): string {
  const root = mkdtempSync(path.join(tmpdir(), 'wk-test-'))
  areas.push(root)
  // As root the database runs as another user, who must be able to enter.
  rmSync(root, { recursive: true })
  mkdirSync(root, { mode: 0o755 })
  return path.join(root, name)
}

async function start(area: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ area, isDurable: false })
  servers.push(server)
  return server
}

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client({ host: server.host, user: server.user, database: 'postgres' })
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

test('starts fast, keeps its data over a stop, and listens on no network', async () => {
  const area = newArea()
  const before = performance.now()
  const first = await start(area)
  expect(performance.now() - before).toBeLessThan(10_000)
  expect(await ask(first, 'show server_version_num')).toMatch(/^18/)
  expect(await ask(first, 'show listen_addresses')).toBe('')
  await ask(first, 'create table kept as select 42 as answer')
  await first.stop()
  const second = await start(area)
  expect(second.isAdopted).toBe(false)
  expect(await ask(second, 'select answer from kept')).toBe(42)
})

test('takes over a server that an earlier run left behind', async () => {
  const area = newArea()
  const first = await start(area)
  const second = await startEmbeddedPostgres({ area, isDurable: false })
  expect(second).toMatchObject({ isAdopted: true, pid: first.pid, host: first.host })
  expect(await ask(second, 'select 1')).toBe(1)
  await second.stop()
  await expect.poll(() => existsSync(`/proc/${first.pid}`)).toBe(false)
  await expect(ask(second, 'select 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/)
})

test('starts over the pid file of a dead server, even if its number now belongs to another program', async () => {
  const area = newArea()
  const first = await start(area)
  const file = path.join(area, 'cluster', 'postmaster.pid')
  const left = readFileSync(file, 'utf8').split('\n')
  process.kill(first.pid, 'SIGKILL')
  const other = spawn('sleep', ['30'])
  writeFileSync(file, [String(other.pid), ...left.slice(1)].join('\n'))
  try {
    // The children of a killed server need a moment before their shared memory is free.
    await expect.poll(() => existsSync(`/proc/${first.pid}`)).toBe(false)
    const second = await start(area)
    expect(second.isAdopted).toBe(false)
    expect(await ask(second, 'select 1')).toBe(1)
  } finally {
    other.kill()
  }
})

test('a long data path gets a short socket folder', async () => {
  const server = await start(newArea(`${'x'.repeat(100)}`))
  expect(server.host.length).toBeLessThan(90)
  expect(await ask(server, 'select 1')).toBe(1)
  await server.stop()
  expect(existsSync(server.host)).toBe(false)
})

test('says what to do when the data folder cannot be made', async () => {
  const area = newArea()
  writeFileSync(area, 'a file, not a folder')
  await expect(startEmbeddedPostgres({ area })).rejects.toThrow(/cannot be written.*--data/)
})
