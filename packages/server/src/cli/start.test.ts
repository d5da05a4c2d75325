import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, inject, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'

const database = useDatabase()
const MAIN = resolve(import.meta.dirname, '../main.mjs')

/** A pcap with one frame: an ARP reply of 10.0.0.5. */
const CAPTURE = Buffer.from(
  'd4c3b2a1020004000000000000000000ffff000001000000' +
    '00f15365000000002a0000002a000000' +
    '00091a000001001b44000005080600010800060400020' +
    '01b440000050a00000500091a0000010a000001',
  'hex',
)

test('a capture that was handed in and not read before the program stopped is read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardkeeper-start-'))
  const hash = createHash('sha256').update(CAPTURE).digest('hex').slice(0, 16)
  mkdirSync(join(folder, 'captures'))
  writeFileSync(join(folder, 'captures', `${hash}.pcap`), CAPTURE)
  const { host, user } = inject('postgres')
  const name = String(database.current.connection.database)
  const url = `postgres:///${name}?host=${encodeURIComponent(host)}&user=${user}`
  const start = () => {
    const args = ['start', '--no-sample', '--once', '--json', '--data', folder, '--port', '0']
    const env = { ...process.env, DATABASE_URL: url }
    const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      encoding: 'utf8',
      env,
    })
    expect(stderr).toBe('')
    return JSON.parse(stdout) as { assets: number; observations: number }
  }
  const first = start()
  expect(first.assets).toBe(1)
  expect(start().observations).toBe(first.observations)
  rmSync(folder, { recursive: true, force: true })
}, 60_000)
